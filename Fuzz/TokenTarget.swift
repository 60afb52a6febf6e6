/// Takes bytes for a token; see `TokenOracle`.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    do {
        if let broken = try TokenOracle.shared().broken(bytes) { stop(broken) }
    } catch { stop("no issuer: \(error)") }
    return 0
}

/// Takes bytes for the target of a request; see `TargetOracle`.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    do {
        if let broken = try TargetOracle.shared().broken(bytes) { stop(broken) }
    } catch { stop("no policy: \(error)") }
    return 0
}

/// Reads bytes as a JWK set.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    if let broken = KeySetOracle.broken(bytes) { stop(broken) }
    return 0
}

/// Reads bytes as a policy and as a configuration; see `LanguageOracle`.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    if let broken = LanguageOracle.broken(bytes) { stop(broken) }
    return 0
}

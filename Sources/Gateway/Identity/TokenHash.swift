/// A keyed hash of a token's last 64 bytes, of all of it when it is shorter: SipHash-1-3.
///
/// The end of a signed token is signature, and nobody can choose how two signatures end, so the rest
/// adds nothing: whoever finds an entry compares the whole token.
struct TokenHash: Sendable {
    private let key = SipState.Key()

    /// The most bytes that are looked at.
    private static let bytesMax = 64

    /// The hash of a token of one tenant.
    @inline(__always)
    func hash(_ token: Span<UInt8>, tenant: Int) -> UInt64 {
        var state = SipState(key)
        state.take(UInt64(truncatingIfNeeded: tenant) << 32 ^ UInt64(token.count))
        let bytes = unsafe token.bytes
        var offset = max(0, token.count - Self.bytesMax)
        while offset &+ 8 <= token.count {
            state.take(unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset &+= 8
        }
        var rest: UInt64 = 0
        while offset < token.count {
            rest = rest << 8 | UInt64(token[offset])
            offset &+= 1
        }
        state.take(rest)
        return state.finish()
    }
}

extension SipState {
    @inline(__always)
    fileprivate mutating func take(_ word: UInt64) {
        d ^= word
        round()
        a ^= word
    }

    @inline(__always)
    fileprivate mutating func finish() -> UInt64 {
        c ^= 0xFF
        round()
        round()
        round()
        return folded
    }
}

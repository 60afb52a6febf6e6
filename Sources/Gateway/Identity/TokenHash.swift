import COpenSSL

/// A keyed hash of a token's last 64 bytes, of all of it when it is shorter: SipHash-1-3.
///
/// The end of a signed token is signature, and nobody can choose how two signatures end, so the rest
/// adds nothing: whoever finds an entry compares the whole token.
struct TokenHash: Sendable {
    private let key: (UInt64, UInt64)

    /// The most bytes that are looked at.
    private static let bytesMax = 64

    /// Makes a hash with a random key.
    init() {
        var random = [UInt8](repeating: 0, count: 16)
        let isRandom = unsafe RAND_bytes(&random, 16)
        precondition(isRandom == 1, "no random bytes")
        key = (
            random.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
            random.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
        )
    }

    /// The hash of a token of one tenant.
    @inline(__always)
    func hash(_ token: Span<UInt8>, tenant: Int) -> UInt64 {
        var state = State(
            a: key.0 ^ 0x736F_6D65_7073_6575,
            b: key.1 ^ 0x646F_7261_6E64_6F6D,
            c: key.0 ^ 0x6C79_6765_6E65_7261,
            d: key.1 ^ 0x7465_6462_7974_6573
        )
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

    private struct State {
        var a: UInt64
        var b: UInt64
        var c: UInt64
        var d: UInt64

        @inline(__always)
        mutating func take(_ word: UInt64) {
            d ^= word
            round()
            a ^= word
        }

        mutating func finish() -> UInt64 {
            c ^= 0xFF
            round()
            round()
            round()
            return a ^ b ^ c ^ d
        }

        @inline(__always)
        private mutating func round() {
            a &+= b
            b = b << 13 | b >> 51
            b ^= a
            a = a << 32 | a >> 32
            c &+= d
            d = d << 16 | d >> 48
            d ^= c
            a &+= d
            d = d << 21 | d >> 43
            d ^= a
            c &+= b
            b = b << 17 | b >> 47
            b ^= c
            c = c << 32 | c >> 32
        }
    }
}

import COpenSSL

/// The four words that SipHash mixes (Aumasson and Bernstein, 2012).
struct SipState {
    var a: UInt64
    var b: UInt64
    var c: UInt64
    var d: UInt64

    /// Who does not know the key can neither find two texts with one hash nor foresee a hash.
    struct Key: Sendable {
        let first: UInt64
        let second: UInt64

        init(_ first: UInt64, _ second: UInt64) {
            self.first = first
            self.second = second
        }

        /// A random key.
        init() {
            var random = [UInt8](repeating: 0, count: 16)
            let isRandom = unsafe RAND_bytes(&random, 16)
            precondition(isRandom == 1, "no random bytes")
            first = random.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
            second = random.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    @inline(__always)
    init(_ key: Key) {
        a = key.first ^ 0x736F_6D65_7073_6575
        b = key.second ^ 0x646F_7261_6E64_6F6D
        c = key.first ^ 0x6C79_6765_6E65_7261
        d = key.second ^ 0x7465_6462_7974_6573
    }

    /// What is given away of the words.
    @inline(__always)
    var folded: UInt64 { a ^ b ^ c ^ d }

    /// Mixes once.
    @inline(__always)
    mutating func round() {
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

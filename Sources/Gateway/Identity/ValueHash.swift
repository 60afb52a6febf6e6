/// A keyed hash of 128 bits: SipHash-2-4 with the long output.
///
/// Whoever holds a digest may take it for the value: among a million values any two have the same
/// one with a chance of 1 in 10^26, and without the key nobody can make two that do.
struct ValueHash: Sendable {
    private let key: SipState.Key

    /// Makes a hash with a random key, or with one of a test.
    init(key: SipState.Key = SipState.Key()) { self.key = key }

    struct Digest: Hashable, Sendable {
        var low: UInt64 = 0
        var high: UInt64 = 0
    }

    func digest(of value: Span<UInt8>) -> Digest {
        var state = SipState(key)
        state.b ^= 0xEE
        let bytes = unsafe value.bytes
        var offset = 0
        while offset &+ 8 <= value.count {
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            state.take(UInt64(littleEndian: word))
            offset &+= 8
        }
        var rest = UInt64(truncatingIfNeeded: value.count) << 56
        var shift: UInt64 = 0
        while offset < value.count {
            rest |= UInt64(value[offset]) << shift
            shift &+= 8
            offset &+= 1
        }
        state.take(rest)
        state.c ^= 0xEE
        let low = state.finish()
        state.b ^= 0xDD
        return Digest(low: low, high: state.finish())
    }
}

extension SipState {
    fileprivate mutating func take(_ word: UInt64) {
        d ^= word
        round()
        round()
        a ^= word
    }

    fileprivate mutating func finish() -> UInt64 {
        for _ in 0..<4 { round() }
        return folded
    }
}

/// A hash of 64 bits that is the same in every process, for what is kept in files.
///
/// It is no secret: whoever chooses the bytes can choose the hash. What relies on it may only become
/// slower by that.
enum StableHash {
    private static let first: UInt64 = 0xA076_1D64_78BD_642F
    private static let second: UInt64 = 0xE703_7ED1_A0B4_28DB

    /// The hash of bytes; hashes of two seeds have nothing to do with each other.
    @inline(__always)
    static func of(_ bytes: Span<UInt8>, seed: UInt64) -> UInt64 {
        let raw = unsafe bytes.bytes
        var hash = mix(seed ^ first, UInt64(truncatingIfNeeded: bytes.count) ^ second)
        var offset = 0
        while offset &+ 8 <= bytes.count {
            let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            hash = mix(hash ^ word.littleEndian, second)
            offset &+= 8
        }
        var rest: UInt64 = 0
        while offset < bytes.count {
            rest = rest &<< 8 | UInt64(bytes[offset])
            offset &+= 1
        }
        return mix(hash ^ rest, first)
    }

    @inline(__always)
    private static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = (left | 1 &<< 63).multipliedFullWidth(by: right)
        return product.high ^ product.low ^ left
    }
}

/// Which values occur in a segment: a Bloom filter in blocks, of which a look-up reads one.
///
/// It may say of a value that is not there that it is, never the other way round. A block carries
/// its own check sum, so that a damaged one is noticed.
enum KeyFilter {
    /// A member of events whose values are in the filter.
    enum Member: UInt64 {
        case request = 1
        case tenant
        case type
        case category
        case client
    }

    static let blockBytes = 4_096

    /// The most blocks of one filter: 256 MB, more than any segment has lines for.
    static let blocksMax = 65_536

    /// Of a block, 8 bytes are its check sum.
    private static let blockBits = UInt64((blockBytes - 8) * 8)

    /// A request stands in two lines and so has 24 bits: of its 8 probes all hit by chance in
    /// (1 - e^(-8/24))^8 = 0.00004 of the cases.
    private static let bitsPerEntry = 12
    private static let probes = 8

    static func hash(_ value: Span<UInt8>, _ member: Member) -> UInt64 {
        StableHash.of(value, seed: member.rawValue)
    }

    /// The number of blocks for so many entries.
    static func blockCount(entries: Int) -> Int {
        min(blocksMax, max(1, (entries * bitsPerEntry + Int(blockBits) - 1) / Int(blockBits)))
    }

    /// Which block a hash belongs to.
    static func block(of hash: UInt64, blockCount: Int) -> Int {
        Int(((hash >> 32) * UInt64(blockCount)) >> 32)
    }

    /// The filter of all `hashes`: blocks one after the other.
    static func bytes(of hashes: [UInt64]) -> [UInt8] {
        let count = blockCount(entries: hashes.count)
        var bytes = [UInt8](repeating: 0, count: count * blockBytes)
        for hash in hashes {
            let start = block(of: hash, blockCount: count) * blockBytes + 8
            for probe in 0..<probes {
                let bit = bit(of: hash, probe)
                bytes[start + bit / 8] |= 1 << UInt8(bit % 8)
            }
        }
        for block in 0..<count {
            let range = block * blockBytes + 8..<(block + 1) * blockBytes
            var sum = LittleEndianWriter()
            sum.put(StableHash.of(bytes.span.extracting(range), seed: UInt64(block)))
            bytes.replaceSubrange(range.lowerBound - 8..<range.lowerBound, with: sum.bytes)
        }
        return bytes
    }

    /// Whether a block is as it was written.
    static func isWhole(_ block: Span<UInt8>, number: Int) -> Bool {
        guard block.count == blockBytes else { return false }
        var sum = LittleEndianReader(block.extracting(0..<8).copied)
        let wanted = StableHash.of(block.extracting(8..<blockBytes), seed: UInt64(number))
        return sum.take(UInt64.self) == wanted
    }

    /// Whether a whole block may hold a hash that belongs to it.
    static func mayHold(_ hash: UInt64, block: Span<UInt8>) -> Bool {
        for probe in 0..<probes {
            let bit = bit(of: hash, probe)
            if block[8 + bit / 8] & 1 << UInt8(bit % 8) == 0 { return false }
        }
        return true
    }

    @inline(__always)
    private static func bit(of hash: UInt64, _ probe: Int) -> Int {
        let step = (hash &* 0x9E37_79B9_7F4A_7C15) >> 32 | 1
        let place = (hash & 0xFFFF_FFFF) &+ UInt64(probe) &* step
        return Int(((place & 0xFFFF_FFFF) &* blockBits) >> 32)
    }
}

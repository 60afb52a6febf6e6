import Policy
import Synchronization

/// The records of attempts in mapped memory: what is stored is with the kernel at once, and a file
/// keeps it when the process is killed.
///
/// A page of title comes first, then records of 64 bytes, each within one sector: four words of
/// digest and a word of state, which is stored last and is zero for a free record. It holds the count
/// (8 bits), the second until which the record lives (40 bits), and 16 bits that check it against the
/// digest.
@safe struct AttemptTable: ~Copyable {
    /// The most codes, 16 MB, and the fewest, 256 KB; always a power of two.
    static let recordsMax = 1 << 18
    static let recordsMin = 1 << 12

    /// A new table takes at most one part in so many of the free space.
    static let spaceShare = 16

    /// How many places a code has.
    static let window = 16

    /// How long a code's attempts are remembered after the last one; codes expire sooner.
    static let secondsMax: Int64 = 86_400

    static let titleBytes = 4_096
    static let recordBytes = 64

    /// How many codes this table has places for.
    private let records: Int

    /// A file that was not made here, or was changed.
    struct Damage: Error {}

    private let file: MappedFile

    /// Takes over a mapping with a title.
    init(_ file: consuming MappedFile) throws(Damage) {
        records = Self.records(ofBytes: file.byteCount) ?? 0
        self.file = file
        guard records > 0, isTitled else { throw Damage() }
        for index in 0..<records {
            let state = state(at: index).load()
            guard state == 0 || Self.isWhole(state, digest(at: index)) else { throw Damage() }
        }
    }

    /// Makes the first page of a mapping of zero bytes.
    static func writeTitle(_ file: borrowing MappedFile) {
        let title = title(records: records(ofBytes: file.byteCount) ?? 0)
        for (index, byte) in title.enumerated() { unsafe file.baseAddress[index] = byte }
    }

    /// The size of a table for `records` codes.
    static func byteCount(records: Int) -> Int { titleBytes + records * recordBytes }

    /// How many codes a new table has places for, on a disk with `freeBytes`.
    static func records(freeBytes: Int) -> Int {
        var records = recordsMax
        while records > recordsMin, byteCount(records: records) > freeBytes / spaceShare {
            records /= 2
        }
        return records
    }

    /// How many codes a file of this size has places for; `nil` when none is made so.
    static func records(ofBytes byteCount: Int) -> Int? {
        var records = recordsMin
        while records < recordsMax, self.byteCount(records: records) < byteCount { records *= 2 }
        return self.byteCount(records: records) == byteCount ? records : nil
    }

    /// The title tells the size too, so that a file that was cut off is told from a small one.
    private static func title(records: Int) -> [UInt8] {
        Array("postern attempts 1 \(records)\n".utf8)
    }

    private var isTitled: Bool {
        let title = Self.title(records: records)
        return (0..<Self.titleBytes).allSatisfy { index in
            unsafe file.baseAddress[index] == (index < title.count ? title[index] : 0)
        }
    }
}

extension AttemptTable {
    /// How often `code` was counted, and where it is or could be; no place when there is none.
    func find(_ code: Thumbprint, now: Int64) -> (count: Int, place: Int?) {
        let wanted = Digest(code)
        let windows = UInt64(records / Self.window)
        let first = Int(wanted.words[3] % windows) * Self.window
        var free: Int?
        for index in first..<first + Self.window {
            let state = state(at: index).load()
            let isLive = state != 0 && Self.end(of: state) > now
            if isLive, digest(at: index) == wanted { return (Self.count(of: state), index) }
            if !isLive, free == nil { free = index }
        }
        return (0, free)
    }

    /// Stores the count of a code at its place.
    mutating func put(_ code: Thumbprint, count: Int, at place: Int, now: Int64) {
        let digest = Digest(code)
        if self.digest(at: place) != digest {
            state(at: place).store(0)
            for word in 0..<4 {
                self.word(word, at: place).store(digest.words[word])
            }
        }
        let state = Self.state(count: count, end: now + Self.secondsMax, digest)
        self.state(at: place).store(state)
    }

    /// Makes a record free.
    mutating func free(_ place: Int) { state(at: place).store(0) }
}

extension AttemptTable {
    /// The digest of a code, as words.
    private struct Digest: Equatable {
        var words: InlineArray<4, UInt64> = .init(repeating: 0)

        init() {}

        init(_ code: Thumbprint) {
            for (index, byte) in code.bytes.enumerated() {
                words[index / 8] = words[index / 8] << 8 | UInt64(byte)
            }
        }

        static func == (left: Digest, right: Digest) -> Bool {
            (0..<4).allSatisfy { left.words[$0] == right.words[$0] }
        }

        /// 16 bits of it, not zero for a digest of zero bytes.
        var check: UInt64 {
            let folded = words[0] ^ words[1] ^ words[2] ^ words[3]
            return (folded ^ folded >> 16 ^ folded >> 32 ^ folded >> 48 ^ 0x5A5A) & 0xFFFF
        }
    }

    private static func state(count: Int, end: Int64, _ digest: Digest) -> UInt64 {
        digest.check << 48 | UInt64(count) << 40 | UInt64(max(1, end)) & 0xFF_FFFF_FFFF
    }

    private static func count(of state: UInt64) -> Int { Int(state >> 40 & 0xFF) }

    private static func end(of state: UInt64) -> Int64 { Int64(state & 0xFF_FFFF_FFFF) }

    private static func isWhole(_ state: UInt64, _ digest: Digest) -> Bool {
        state >> 48 == digest.check && AttemptGuard.attemptsRange.contains(count(of: state))
            && end(of: state) > 0
    }

    private func digest(at place: Int) -> Digest {
        var digest = Digest()
        for index in 0..<4 { digest.words[index] = word(index, at: place).load() }
        return digest
    }

    private func state(at place: Int) -> StoredWord { word(4, at: place) }

    private func word(_ index: Int, at place: Int) -> StoredWord {
        precondition(place >= 0 && place < records)
        let offset = Self.titleBytes + place * Self.recordBytes + index * 8
        return unsafe StoredWord(file.baseAddress + offset)
    }

    /// A word of the mapping, stored whole and in order.
    @safe private struct StoredWord {
        private let address: UnsafeMutablePointer<Atomic<UInt64>>

        init(_ bytes: UnsafeMutablePointer<UInt8>) {
            unsafe address = UnsafeMutableRawPointer(bytes)
                .assumingMemoryBound(to: Atomic<UInt64>.self)
        }

        func load() -> UInt64 {
            unsafe address.pointee.load(ordering: .relaxed)
        }

        func store(_ value: UInt64) {
            unsafe address.pointee.store(value, ordering: .sequentiallyConsistent)
        }
    }
}

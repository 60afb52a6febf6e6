/// A value inside a `JSONDocument`; it means something only together with the document it is from.
public struct JSONNode: Hashable, Sendable {
    let index: Int

    init(_ index: Int) { self.index = index }
}

/// What a JSON value is, RFC 8259 section 3.
public enum JSONKind: UInt8, Hashable, Sendable {
    case null = 0
    case `false` = 1
    case `true` = 2
    case number = 3
    case string = 4
    case array = 5
    case object = 6
}

/// One value on the tape of a document: 12 bytes.
///
/// A container is followed by everything in it; an object by a name and a value in turn.
struct JSONEntry: Sendable {
    /// The kind in bits 28...30, whether a string has escapes in bit 31, the start below.
    private var packed: UInt32

    /// The offset after the value; a string's quotes are outside of its range.
    private(set) var end: UInt32

    /// The index after this value and everything in it.
    private(set) var next: UInt32

    /// The largest offset that fits.
    static let offsetMax = 1 << 28 - 1

    init(_ kind: JSONKind, start: Int, end: Int, next: Int) {
        packed = UInt32(kind.rawValue) << 28 | UInt32(truncatingIfNeeded: start)
        self.end = UInt32(truncatingIfNeeded: end)
        self.next = UInt32(truncatingIfNeeded: next)
    }

    mutating func markEscapes() { packed |= 1 << 31 }

    mutating func close(end: Int, next: Int) {
        self.end = UInt32(truncatingIfNeeded: end)
        self.next = UInt32(truncatingIfNeeded: next)
    }

    var kind: JSONKind { JSONKind(rawValue: UInt8(packed >> 28 & 7)) ?? .null }
    var hasEscapes: Bool { packed >> 31 != 0 }
    var range: Range<Int> { Int(packed & 0xFFF_FFFF)..<Int(end) }
}

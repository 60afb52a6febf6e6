/// The field lines of one head, in the order they came.
///
/// Its memory is allocated once and used for every head; it holds ranges, not bytes.
public struct FieldList: ~Copyable, Sendable {
    private var storage: [Field]

    /// How many field lines there are.
    public private(set) var count = 0

    /// How often each known field occurs in its canonical spelling.
    private var counts = InlineArray<34, UInt16>(repeating: 0)

    /// Where each known field occurs first; means something only where its count is not 0.
    private var firsts = InlineArray<34, UInt16>(repeating: 0)

    /// One bit for each known field that occurs in a variant spelling.
    private var variants: UInt64 = 0

    /// Creates an empty list with room for `capacity` field lines.
    init(capacity: Int) {
        storage = Array(repeating: Field(), count: capacity)
    }

    /// The field line at a position from 0 up to `count`.
    public subscript(index: Int) -> Field {
        @inline(__always)
        get {
            precondition(index >= 0 && index < count)
            return storage[index]
        }
    }

    /// How many lines have the name `known`, which is not counted in variant spellings.
    @inline(__always)
    public func count(of known: KnownField) -> Int {
        Int(counts[Int(known.rawValue)])
    }

    /// The position of the first line with the name `known` in its canonical spelling.
    @inline(__always)
    public func firstIndex(of known: KnownField) -> Int? {
        let slot = Int(known.rawValue)
        return counts[slot] == 0 ? nil : Int(firsts[slot])
    }

    /// Whether the name `known` occurs with `_` or `.` where a `-` belongs.
    @inline(__always)
    public func hasVariant(of known: KnownField) -> Bool {
        variants >> UInt64(known.rawValue) & 1 == 1
    }
}

extension FieldList {
    /// Forgets the lines of the last head.
    mutating func removeAll() {
        count = 0
        variants = 0
        counts = .init(repeating: 0)
    }

    /// Reads the field lines from `start` and the empty line, which must end the head.
    ///
    /// - Throws: `headerMalformed`, or `headersTooLarge` when there are more lines than room.
    mutating func read(
        _ head: Span<UInt8>,
        from start: Int,
        kind: MessageKind
    ) throws(HeadFailure) {
        removeAll()
        var offset = start
        while offset < head.count, head[offset] != ASCII.carriageReturn {
            guard count < storage.count else { throw .headersTooLarge }
            append(try Field(reading: head, at: &offset, kind: kind))
        }
        guard head.count - offset == 2, head[offset + 1] == ASCII.lineFeed else {
            throw .headerMalformed
        }
    }

    @inline(__always)
    private mutating func append(_ field: Field) {
        let slot = Int(field.known.rawValue)
        if field.isVariantSpelling {
            variants |= 1 << UInt64(slot)
        } else {
            if counts[slot] == 0 { firsts[slot] = UInt16(truncatingIfNeeded: count) }
            counts[slot] &+= 1
        }
        storage[count] = field
        count &+= 1
    }

    /// Marks the lines whose name is the token in `option`, in any case.
    mutating func markNamed(by option: Range<Int>, in head: Span<UInt8>) {
        for index in 0..<count where storage[index].name.count == option.count {
            if head.equalsIgnoringCase(storage[index].name, option) {
                storage[index].isNamedByConnection = true
            }
        }
    }
}

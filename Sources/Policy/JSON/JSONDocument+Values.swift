extension JSONDocument {
    /// Whether `node` is a string that says exactly `wanted`, escapes undone.
    public func equals(_ node: JSONNode, _ wanted: Span<UInt8>) -> Bool {
        let entry = tape[node.index]
        guard entry.kind == .string else { return false }
        let range = entry.range
        if entry.hasEscapes { return equalsUnescaped(range, wanted) }
        guard range.count == wanted.count else { return false }
        let start = range.lowerBound
        for offset in wanted.indices where bytes[start &+ offset] != wanted[offset] {
            return false
        }
        return true
    }

    /// Whether `node` is a string that says exactly `wanted`, escapes undone.
    public func equals(_ node: JSONNode, _ wanted: [UInt8]) -> Bool { equals(node, wanted.span) }

    /// Whether `node` is a string that says exactly `wanted`, escapes undone.
    func equals(_ node: JSONNode, _ wanted: StaticString) -> Bool {
        precondition(wanted.hasPointerRepresentation)
        return equals(
            node,
            unsafe Span(_unsafeStart: wanted.utf8Start, count: wanted.utf8CodeUnitCount)
        )
    }

    /// The three bytes of a string as one number, the first highest; 0 for any other node.
    ///
    /// Most member names that tokens have a meaning for are of three letters.
    @inline(__always)
    func threeLetters(_ node: JSONNode) -> UInt32 {
        let entry = tape[node.index]
        let range = entry.range
        guard entry.kind == .string, !entry.hasEscapes, range.count == 3 else {
            return entry.hasEscapes ? unescapedThreeLetters(range) : 0
        }
        let start = range.lowerBound
        return UInt32(bytes[start]) &<< 16 | UInt32(bytes[start &+ 1]) &<< 8
            | UInt32(bytes[start &+ 2])
    }

    /// The number that `threeLetters` gives for `name`.
    @inline(__always)
    static func letters(_ name: StaticString) -> UInt32 {
        precondition(name.utf8CodeUnitCount == 3)
        let letters = unsafe name.utf8Start
        return unsafe UInt32(letters[0]) << 16 | UInt32(letters[1]) << 8 | UInt32(letters[2])
    }

    private func unescapedThreeLetters(_ range: Range<Int>) -> UInt32 {
        var cursor = JSONUnescaper(range)
        var letters: UInt32 = 0
        for _ in 0..<3 {
            guard let byte = cursor.next(in: bytes.span) else { return 0 }
            letters = letters << 8 | UInt32(byte)
        }
        return cursor.next(in: bytes.span) == nil ? letters : 0
    }

    /// Whether `node` is a string that says `wanted`, or a number or boolean spelled like that.
    public func says(_ node: JSONNode, _ wanted: [UInt8]) -> Bool {
        switch kind(of: node) {
        case .string: equals(node, wanted.span)
        case .number, .true, .false: bytes[tape[node.index].range].elementsEqual(wanted)
        case .null, .array, .object: false
        }
    }

    /// What a string says, escapes undone; `nil` for another kind of value.
    public func string(of node: JSONNode) -> [UInt8]? {
        let entry = tape[node.index]
        guard entry.kind == .string else { return nil }
        guard entry.hasEscapes else { return Array(bytes[entry.range]) }
        var cursor = JSONUnescaper(entry.range)
        var result: [UInt8] = []
        result.reserveCapacity(entry.range.count)
        while let byte = cursor.next(in: bytes.span) { result.append(byte) }
        return result
    }

    /// Where the text of a string stands that says what its bytes say; `nil` for one with escapes
    /// and for another kind of value.
    func plainString(_ node: JSONNode) -> Range<Int>? {
        let entry = tape[node.index]
        return entry.kind == .string && !entry.hasEscapes ? entry.range : nil
    }

    /// What a string says, or a number or boolean as written; `nil` for null and containers.
    public func scalar(of node: JSONNode) -> [UInt8]? {
        switch kind(of: node) {
        case .string: string(of: node)
        case .number, .true, .false: text(of: node)
        case .null, .array, .object: nil
        }
    }

    /// A number read as seconds since 1970, RFC 7519 section 2; `nil` for another kind of value.
    public func date(of node: JSONNode) -> NumericDate? {
        guard kind(of: node) == .number else { return nil }
        return NumericDate(number: bytes, in: tape[node.index].range)
    }

    private func equalsUnescaped(_ range: Range<Int>, _ wanted: Span<UInt8>) -> Bool {
        var cursor = JSONUnescaper(range)
        for offset in wanted.indices {
            guard cursor.next(in: bytes.span) == wanted[offset] else { return false }
        }
        return cursor.next(in: bytes.span) == nil
    }

    /// Whether `node` is a string with the word `wanted`, words being parted by spaces, or an array
    /// with that string.
    func lists(_ node: JSONNode, _ wanted: [UInt8]) -> Bool {
        let entry = tape[node.index]
        guard entry.kind == .string else {
            for element in elements(of: node) where equals(element, wanted.span) { return true }
            return false
        }
        if entry.hasEscapes {
            return string(of: node)?.split(separator: 0x20).contains { $0.elementsEqual(wanted) }
                ?? false
        }
        for word in bytes[entry.range].split(separator: 0x20) where word.elementsEqual(wanted) {
            return true
        }
        return false
    }
}

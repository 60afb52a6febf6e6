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
        while let byte = cursor.next(in: bytes) { result.append(byte) }
        return result
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
            guard cursor.next(in: bytes) == wanted[offset] else { return false }
        }
        return cursor.next(in: bytes) == nil
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

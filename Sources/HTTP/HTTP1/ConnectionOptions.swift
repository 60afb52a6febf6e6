/// What the `Connection` fields of a head say about the connection (RFC 9110 section 7.6.1).
struct ConnectionOptions: Equatable {
    /// The most options of one head.
    ///
    /// Each is compared with every field name, so an endless list would cost the square of its
    /// length.
    static let optionsMax = 32

    /// Whether `close` is among them.
    var closes = false

    /// Whether `keep-alive` is among them.
    var keepsAlive = false
}

extension FieldList {
    /// Reads all `Connection` fields and marks the fields they name.
    ///
    /// - Throws: `headerMalformed` for an option that is no token, `headersTooLarge` for more than
    ///   `ConnectionOptions.optionsMax` options.
    mutating func readConnectionOptions(
        _ head: Span<UInt8>
    ) throws(HeadFailure) -> ConnectionOptions {
        var options = ConnectionOptions()
        guard let first = firstIndex(of: .connection) else { return options }
        var optionCount = 0
        for index in first..<count where self[index].known == .connection {
            let value = self[index].value
            var offset = value.lowerBound
            while let option = try Self.nextOption(head, from: &offset, to: value.upperBound) {
                optionCount += 1
                guard optionCount <= ConnectionOptions.optionsMax else { throw .headersTooLarge }
                if head.equalsIgnoringCase("close", in: option) {
                    options.closes = true
                } else if head.equalsIgnoringCase("keep-alive", in: option) {
                    options.keepsAlive = true
                } else {
                    markNamed(by: option, in: head)
                }
            }
        }
        return options
    }

    /// Takes the next token of a comma-separated list; empty elements are skipped.
    private static func nextOption(
        _ head: Span<UInt8>,
        from offset: inout Int,
        to end: Int
    ) throws(HeadFailure) -> Range<Int>? {
        while offset < end {
            guard head[offset] == UInt8(ascii: ",") || ASCII.isWhitespace(head[offset]) else {
                break
            }
            offset += 1
        }
        guard offset < end else { return nil }
        let option = offset..<head.endOfToken(from: offset)
        offset = option.upperBound
        while offset < end, ASCII.isWhitespace(head[offset]) { offset += 1 }
        guard !option.isEmpty, offset == end || head[offset] == UInt8(ascii: ",") else {
            throw .headerMalformed
        }
        return option
    }
}

/// Walks the `name=value` pairs of a query or a form without copying them.
///
/// Pairs are separated by `&`; empty ones are skipped; a pair without `=` has an empty value. Names
/// and values stay as they were sent: `FormEncoding` compares and decodes them.
public struct QueryParameters: Equatable, Sendable {
    /// One pair, as ranges of the bytes it was found in.
    public struct Parameter: Equatable, Sendable {
        /// The name as it was sent; may be empty.
        public let name: Range<Int>

        /// The value as it was sent; may be empty.
        public let value: Range<Int>
    }

    private var offset: Int
    private let end: Int

    /// Starts before the first pair of the query that fills `range`.
    public init(_ range: Range<Int>) {
        offset = range.lowerBound
        end = range.upperBound
    }

    /// Moves to the next pair.
    ///
    /// - Parameter bytes: The bytes that the range given at creation belongs to.
    /// - Returns: The pair, or `nil` behind the last.
    public mutating func next(in bytes: Span<UInt8>) -> Parameter? {
        while offset < end {
            let start = offset
            let stop = bytes.firstOffset(of: UInt8(ascii: "&"), from: start, to: end)
            offset = min(stop + 1, end)
            guard start < stop else { continue }
            let equals = bytes.firstOffset(of: UInt8(ascii: "="), from: start, to: stop)
            return Parameter(name: start..<equals, value: min(equals + 1, stop)..<stop)
        }
        return nil
    }
}

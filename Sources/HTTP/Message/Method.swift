/// What a request asks to be done (RFC 9110 section 9, RFC 5789).
///
/// Names are case-sensitive.
public enum Method: UInt8, Equatable, Sendable, CaseIterable {
    case get
    case head
    case post
    case put
    case delete
    case patch
    case options

    /// Refused by the gateway: it would echo what the gateway adds.
    case trace

    /// Refused by the gateway: it is no tunnel.
    case connect

    /// Any other token; `RequestHead.methodRange` has its spelling.
    case other

    /// Reads the method that stands in `range`, which holds a token.
    @inline(__always)
    init(_ bytes: Span<UInt8>, in range: Range<Int>) {
        guard !range.isEmpty else {
            self = .other
            return
        }
        let candidate = Self.candidate(first: bytes[range.lowerBound], length: range.count)
        self = bytes.equals(candidate.name, in: range) ? candidate : .other
    }

    /// The only method that a token of this length and first letter can be.
    @inline(__always)
    private static func candidate(first: UInt8, length: Int) -> Self {
        switch (first, length) {
        case (UInt8(ascii: "G"), _): .get
        case (UInt8(ascii: "H"), _): .head
        case (UInt8(ascii: "P"), 3): .put
        case (UInt8(ascii: "P"), 4): .post
        case (UInt8(ascii: "P"), _): .patch
        case (UInt8(ascii: "D"), _): .delete
        case (UInt8(ascii: "O"), _): .options
        case (UInt8(ascii: "T"), _): .trace
        default: .connect
        }
    }

    /// The method as it stands in a request line; empty for `other`.
    public var name: StaticString {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .delete: "DELETE"
        case .patch: "PATCH"
        case .options: "OPTIONS"
        case .trace: "TRACE"
        case .connect: "CONNECT"
        case .other: ""
        }
    }
}

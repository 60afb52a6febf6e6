/// The head of an upstream's answer, taken apart without copying a byte of it.
///
/// One value serves every answer of an event loop, as `RequestHead` does for requests. After a
/// failure its contents mean nothing.
public struct ResponseHead: ~Copyable, Sendable {
    private let limits: HeadLimits

    /// The framing fields, before the request and the status are considered.
    private var declaredFraming: BodyFraming?

    /// The status, 100...999.
    public private(set) var status = 0

    /// The version of the status line.
    public private(set) var version: HTTPVersion = .http11

    /// The reason phrase; may be empty.
    public private(set) var reason: Range<Int> = 0..<0

    /// Whether the upstream keeps the connection open after this answer.
    ///
    /// Not so after all when the body is `untilClose`.
    public private(set) var keepAlive = false

    /// The field lines.
    public private(set) var fields: FieldList

    /// Allocates room for heads within `limits`; there is no target to limit.
    public init(limits: HeadLimits) {
        self.limits = limits
        fields = FieldList(capacity: limits.fieldsMax)
    }

    /// Whether the status announces another head for the same request (RFC 9110 section 15.2).
    public var isInterim: Bool { status < 200 }

    /// Takes a complete head apart.
    ///
    /// - Parameter head: The bytes from the status line to the empty line.
    /// - Throws: The first failure met, in the order status line, field lines, framing,
    ///   `Connection`.
    public mutating func parse(_ head: Span<UInt8>) throws(HeadFailure) {
        guard head.count <= limits.headBytesMax else { throw .headersTooLarge }
        let endOfLine = try readStatusLine(head)
        try fields.read(head, from: endOfLine, kind: .response)
        declaredFraming = try fields.declaredFraming(head, version: version)
        let options = try fields.readConnectionOptions(head)
        keepAlive = !options.closes && (version == .http11 || options.keepsAlive)
    }

    /// How the end of the body is found (RFC 9112 section 6.3).
    ///
    /// - Parameter method: The method of the request that this answers.
    /// - Returns: The framing; `.untilClose` when nothing else is said.
    /// - Throws: `framingInvalid` when an answer that cannot have a body announces one: 1xx with
    ///   either framing field, 204 with `Transfer-Encoding` or a length other than 0.
    public func framing(forRequestMethod method: Method) throws(HeadFailure) -> BodyFraming {
        switch (status, declaredFraming) {
        case (100..<200, nil), (204, nil), (204, .length(0)), (304, _): return .none
        case (100..<200, _), (204, _): throw .framingInvalid
        default: return method == .head ? .none : declaredFraming ?? .untilClose
        }
    }

    /// Reads version, status and reason (RFC 9112 section 4) and answers where the line ends.
    ///
    /// An empty reason may lack the space before it, as some servers send it.
    private mutating func readStatusLine(_ head: Span<UInt8>) throws(HeadFailure) -> Int {
        version = try HTTPVersion(head, at: 0, otherwise: .responseMalformed)
        guard head.count >= 14, head[8] == ASCII.space else { throw .responseMalformed }
        status = 0
        for offset in 9..<12 {
            guard ASCII.isDigit(head[offset]) else { throw .responseMalformed }
            status = status * 10 + Int(head[offset] & 0x0F)
        }
        guard status >= 100 else { throw .responseMalformed }
        let end = head.endOfText(from: 12, in: .response)
        guard
            end + 1 < head.count,
            head[end] == ASCII.carriageReturn,
            head[end + 1] == ASCII.lineFeed,
            end == 12 || head[12] == ASCII.space
        else { throw .responseMalformed }
        reason = min(13, end)..<end
        return end + 2
    }
}

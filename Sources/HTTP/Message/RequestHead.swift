/// The head of a request, taken apart without copying a byte of it.
///
/// One value serves every request of an event loop: `parse` fills it anew and allocates nothing.
/// Everything is a range of the bytes that were parsed, which the caller keeps. After a failure its
/// contents mean nothing.
///
/// It answers for the message grammar, the framing and the host; not for the path, which
/// `PathCanonicality` judges, nor for whether the method may be forwarded.
public struct RequestHead: ~Copyable, Sendable {
    private let limits: HeadLimits

    /// What is asked for.
    public internal(set) var method: Method = .other

    /// The method as it was sent.
    public internal(set) var methodRange: Range<Int> = 0..<0

    /// The target as it was sent.
    public internal(set) var target: Range<Int> = 0..<0

    /// Which of the four forms the target has.
    public internal(set) var targetForm: TargetForm = .origin

    /// The path of the target, up to but not including `?`.
    ///
    /// Empty for `CONNECT`, for `*` and for an absolute target without a path.
    public internal(set) var pathRange: Range<Int> = 0..<0

    /// What follows the first `?` of the target; `nil` when there is none.
    public internal(set) var queryRange: Range<Int>?

    /// The version of the request line.
    public internal(set) var version: HTTPVersion = .http11

    /// The host asked for, without the port and in the case it was sent.
    ///
    /// Empty only for an HTTP/1.0 request that names no host.
    public internal(set) var host: Range<Int> = 0..<0

    /// The host asked for, with the port if one was sent.
    public internal(set) var authority: Range<Int> = 0..<0

    /// How the end of the body is found; never `untilClose`.
    public internal(set) var framing: BodyFraming = .none

    /// Whether the client wants the connection closed after the answer.
    public internal(set) var wantsClose = false

    /// Whether the client waits for `100 Continue` before it sends the body.
    public internal(set) var expectsContinue = false

    /// Whether the client wants to leave HTTP/1.1 on this connection.
    public internal(set) var hasUpgrade = false

    /// The field lines.
    public internal(set) var fields: FieldList

    /// Allocates room for heads within `limits`.
    public init(limits: HeadLimits) {
        self.limits = limits
        fields = FieldList(capacity: limits.fieldsMax)
    }

    /// Whether the request is of a kind that a gateway passes on.
    ///
    /// Not `CONNECT`, `TRACE`, `OPTIONS *` or an upgrade.
    public var isForwardable: Bool {
        switch targetForm {
        case .origin, .absolute: method != .trace && method != .connect && !hasUpgrade
        case .authority, .asterisk: false
        }
    }

    /// How many `Authorization` fields there are.
    public var authorizationCount: Int { fields.count(of: .authorization) }

    /// The position of the first `Authorization` field.
    public var authorizationIndex: Int? { fields.firstIndex(of: .authorization) }

    /// Takes a complete head apart.
    ///
    /// - Parameter head: The bytes from the first line to the empty line, as `HeadScanner`
    ///   delimited them; an empty line in front is skipped.
    /// - Throws: The first failure met, in the order request line, field lines, `Host`, framing,
    ///   `Connection`, `Expect`.
    public mutating func parse(_ head: Span<UInt8>) throws(HeadFailure) {
        guard head.count <= limits.headBytesMax else { throw .headersTooLarge }
        let endOfLine = try readRequestLine(head, targetBytesMax: limits.targetBytesMax)
        try fields.read(head, from: endOfLine, kind: .request)
        try readTarget(head)
        try readHost(head)
        framing = try fields.declaredFraming(head, version: version) ?? .none
        let options = try fields.readConnectionOptions(head)
        wantsClose = options.closes || version == .http10 && !options.keepsAlive
        hasUpgrade = fields.count(of: .upgrade) > 0
        try readExpectation(head)
    }

    /// Reads `Expect`, of which only `100-continue` is known (RFC 9110 section 10.1.1).
    ///
    /// An HTTP/1.0 client cannot wait for a `100`, and nobody waits who sends no body.
    private mutating func readExpectation(_ head: Span<UInt8>) throws(HeadFailure) {
        expectsContinue = false
        guard let index = fields.firstIndex(of: .expect) else { return }
        guard
            fields.count(of: .expect) == 1,
            head.equalsIgnoringCase("100-continue", in: fields[index].value)
        else { throw .expectationFailed }
        expectsContinue = version == .http11 && framing != .none && framing != .length(0)
    }
}

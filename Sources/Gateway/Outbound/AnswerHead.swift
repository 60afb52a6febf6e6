import HTTP

/// What counts of the head of an answer.
struct AnswerHead: Sendable {
    private(set) var status = 0

    /// How the end of the body is found.
    private(set) var framing = BodyFraming.none

    /// Whether the server goes on to serve this connection.
    private(set) var keepsAlive = false

    /// Whether the body has a content coding.
    private(set) var isEncoded = false

    /// The `Location`; `nil` without exactly one that is text.
    private(set) var location: String?

    /// The `Retry-After`; `nil` without exactly one that is text.
    private(set) var retryAfter: String?

    /// For how long the answer may be kept, in seconds; `nil` when that is not said.
    private(set) var maxAgeSeconds: Int64?

    /// Whether another head follows.
    var isInterim: Bool { status < 200 }

    init() {}

    /// Takes a complete head apart.
    ///
    /// - Parameters:
    ///   - bytes: From the status line to the empty line.
    ///   - method: The method of the request.
    /// - Throws: Why it cannot be understood.
    init(_ bytes: Span<UInt8>, to method: Method) throws(HeadFailure) {
        var head = ResponseHead(limits: AnswerReader.headLimits)
        try head.parse(bytes)
        status = head.status
        framing = try head.framing(forRequestMethod: method)
        keepsAlive = head.keepAlive && framing != .untilClose
        var freshness = Freshness()
        var locations: [[UInt8]] = []
        var retries: [[UInt8]] = []
        for index in 0..<head.fields.count {
            let field = head.fields[index]
            let value = bytes.extracting(field.value)
            let copy = value.indices.map { value[$0] }
            switch Self.name(bytes.extracting(field.name)) {
            case "cache-control": freshness.take(cacheControl: copy)
            case "age": freshness.take(age: copy)
            case "location": locations.append(copy)
            case "retry-after": retries.append(copy)
            case "content-encoding": if copy != Self.identity { isEncoded = true }
            default: break
            }
        }
        maxAgeSeconds = freshness.maxAgeSeconds
        if locations.count == 1 { location = String(validating: locations[0], as: UTF8.self) }
        if retries.count == 1 { retryAfter = String(validating: retries[0], as: UTF8.self) }
    }

    private static let identity = Array("identity".utf8)

    private static func name(_ bytes: Span<UInt8>) -> String {
        String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self).lowercased()
    }
}

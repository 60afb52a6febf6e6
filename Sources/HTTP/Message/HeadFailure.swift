/// Why the head of a message was refused.
///
/// Where the next message begins is unknown after any of these, so the connection is closed.
public enum HeadFailure: Error, Equatable, Sendable, CaseIterable {
    /// The first line is no request line, or not HTTP at all.
    case requestMalformed

    /// The first line of an upstream's answer is no status line.
    case responseMalformed

    /// A field line breaks the grammar of RFC 9112 section 5 or holds a byte that is not allowed.
    case headerMalformed

    /// `Host` is missing, repeated, malformed, or not what the target says.
    case hostInvalid

    /// The body's length is not given by exactly one well-formed `Content-Length` or `chunked`.
    case framingInvalid

    /// The request target is longer than `HeadLimits.targetBytesMax`.
    case targetTooLong

    /// The head is longer than `HeadLimits.headBytesMax` or has too many field lines.
    case headersTooLarge

    /// A well-formed version other than HTTP/1.0 and HTTP/1.1.
    case versionNotSupported

    /// `Expect` asks for something other than `100-continue`.
    case expectationFailed

    /// The status of the answer that refuses the message.
    public var status: Int {
        switch self {
        case .requestMalformed, .headerMalformed, .hostInvalid, .framingInvalid: 400
        case .targetTooLong: 414
        case .expectationFailed: 417
        case .headersTooLarge: 431
        case .responseMalformed: 502
        case .versionNotSupported: 505
        }
    }

    /// The stable name of this failure in answers, events and metrics.
    public var code: StaticString {
        switch self {
        case .requestMalformed: "request-malformed"
        case .responseMalformed: "response-malformed"
        case .headerMalformed: "header-malformed"
        case .hostInvalid: "host-invalid"
        case .framingInvalid: "framing-invalid"
        case .targetTooLong: "target-too-long"
        case .headersTooLarge: "headers-too-large"
        case .versionNotSupported: "version-not-supported"
        case .expectationFailed: "expectation-failed"
        }
    }
}

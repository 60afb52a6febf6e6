import HTTP
import Testing

@Suite("Response heads")
struct ResponseHeadTests {
    static let refused: [RefusedHead] = [
        .init("no version", .responseMalformed, "200 OK\r\n\r\n"),
        .init("a request", .responseMalformed, "GET / HTTP/1.1\r\n\r\n"),
        .init("HTTP/2.0", .versionNotSupported, "HTTP/2.0 200 OK\r\n\r\n"),
        .init("small letters", .responseMalformed, "http/1.1 200 OK\r\n\r\n"),
        .init("two spaces", .responseMalformed, "HTTP/1.1  200 OK\r\n\r\n"),
        .init("a tab", .responseMalformed, "HTTP/1.1\t200 OK\r\n\r\n"),
        .init("two digits", .responseMalformed, "HTTP/1.1 20 OK\r\n\r\n"),
        .init("four digits", .responseMalformed, "HTTP/1.1 2000 OK\r\n\r\n"),
        .init("status 099", .responseMalformed, "HTTP/1.1 099 OK\r\n\r\n"),
        .init("a sign", .responseMalformed, "HTTP/1.1 +20 OK\r\n\r\n"),
        .init("no status", .responseMalformed, "HTTP/1.1\r\n\r\n"),
        .init("control in the reason", .responseMalformed, "HTTP/1.1 200 O\u{01}K\r\n\r\n"),
        .init("bare LF", .responseMalformed, "HTTP/1.1 200 OK\nX: 1\r\n\r\n"),
        .init("bare CR", .responseMalformed, "HTTP/1.1 200 OK\rX: 1\r\n\r\n"),
        .init("empty line first", .responseMalformed, "\r\nHTTP/1.1 200 OK\r\n\r\n"),
        .init("fold", .headerMalformed, "HTTP/1.1 200 OK\r\nX: 1\r\n 2\r\n\r\n"),
        .init("space before the colon", .headerMalformed, "HTTP/1.1 200 OK\r\nX : 1\r\n\r\n"),
        .init("bare LF in a field", .headerMalformed, "HTTP/1.1 200 OK\r\nX: 1\nY: 2\r\n\r\n"),
        .init("NUL in a field", .headerMalformed, "HTTP/1.1 200 OK\r\nX: \0\r\n\r\n"),
        .init("obs-text in a name", .headerMalformed, "HTTP/1.1 200 OK\r\n\u{E9}: 1\r\n\r\n"),
    ]

    @Test("a bad head is refused however it arrives", arguments: refused)
    func refusals(_ example: RefusedHead) {
        let bytes = Array(latin1: example.head)
        let (outcome, differing) = scanEverySplit(bytes, kind: .response)
        #expect(outcome == .refused(example.failure))
        #expect(differing.isEmpty)
        #expect(failure(ofResponse: bytes) == example.failure)
    }

    static let framingRefused = [
        "Content-Length: 5\r\nTransfer-Encoding: chunked", "Content-Length: 5\r\nContent-Length: 5",
        "Content-Length: 5, 5", "Content-Length: +5", "Content-Length:", "Content_Length: 5",
        "Transfer-Encoding: gzip", "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    ]

    @Test("framing that can be read in two ways is refused", arguments: framingRefused)
    func framingRefusals(_ fields: String) {
        let bytes = Array("HTTP/1.1 200 OK\r\n\(fields)\r\n\r\n".utf8)
        #expect(failure(ofResponse: bytes) == .framingInvalid)
    }

    @Test func `chunked in HTTP 1 0 is refused`() {
        let bytes = Array("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
        #expect(failure(ofResponse: bytes) == .framingInvalid)
    }

    static let accepted = [
        ("HTTP/1.1 200 OK\r\n", 200, "OK"), ("HTTP/1.1 204 \r\n", 204, ""),
        ("HTTP/1.1 404\r\n", 404, ""), ("HTTP/1.0 999 a b\tc\r\n", 999, "a b\tc"),
        ("HTTP/1.1 100 Continue\r\n", 100, "Continue"),
    ]

    @Test("a status line is understood at every split", arguments: accepted)
    func statusLine(_ example: (line: String, status: Int, reason: String)) throws {
        let bytes = Array((example.line + "X: caf\u{E9}\r\n\r\n").utf8)
        let (outcome, differing) = scanEverySplit(bytes + [0x78], kind: .response)
        #expect(outcome == .complete(length: bytes.count))
        #expect(differing.isEmpty)
        var head = ResponseHead(limits: HeadLimits())
        try head.parse(bytes.span)
        let (status, reason) = (head.status, head.reason)
        #expect(status == example.status)
        #expect(text(bytes, reason) == example.reason)
    }

    static let framings: [(head: String, method: Method, framing: BodyFraming?)] = [
        ("200 OK\r\nContent-Length: 5", .get, .length(5)),
        ("200 OK\r\nContent-Length: 0", .get, .length(0)),
        ("200 OK\r\nTransfer-Encoding: Chunked", .post, .chunked),
        ("200 OK\r\nX: 1", .get, .untilClose),
        ("200 OK\r\nContent-Length: 5", .head, BodyFraming.none),
        ("200 OK\r\nTransfer-Encoding: chunked", .head, BodyFraming.none),
        ("200 OK\r\nX: 1", .head, BodyFraming.none),
        ("204 No Content\r\nX: 1", .get, BodyFraming.none),
        ("204 No Content\r\nContent-Length: 0", .get, BodyFraming.none),
        ("204 No Content\r\nContent-Length: 5", .get, nil),
        ("204 No Content\r\nTransfer-Encoding: chunked", .delete, nil),
        ("304 Not Modified\r\nContent-Length: 5", .get, BodyFraming.none),
        ("304 Not Modified\r\nX: 1", .get, BodyFraming.none),
        ("100 Continue\r\nX: 1", .post, BodyFraming.none),
        ("103 Early Hints\r\nX: 1", .head, BodyFraming.none),
        ("100 Continue\r\nContent-Length: 0", .post, nil),
        ("103 Early Hints\r\nTransfer-Encoding: chunked", .head, nil),
        ("404 Not Found\r\nContent-Length: 5", .delete, .length(5)),
    ]

    @Test("the body ends where RFC 9112 section 6.3 says", arguments: framings)
    func framing(_ example: (head: String, method: Method, framing: BodyFraming?)) throws {
        var head = ResponseHead(limits: HeadLimits())
        try head.parse(Array("HTTP/1.1 \(example.head)\r\n\r\n".utf8).span)
        let found = try? head.framing(forRequestMethod: example.method)
        #expect(found == example.framing)
    }

    static let persistence = [
        ("HTTP/1.1 200 OK\r\nX: 1", true), ("HTTP/1.1 200 OK\r\nConnection: close", false),
        ("HTTP/1.0 200 OK\r\nX: 1", false), ("HTTP/1.0 200 OK\r\nConnection: keep-alive", true),
    ]

    @Test("the connection is kept when version and options allow it", arguments: persistence)
    func keepAlive(_ example: (head: String, keepAlive: Bool)) throws {
        var head = ResponseHead(limits: HeadLimits())
        try head.parse(Array("\(example.head)\r\n\r\n".utf8).span)
        let keepAlive = head.keepAlive
        #expect(keepAlive == example.keepAlive)
    }
}

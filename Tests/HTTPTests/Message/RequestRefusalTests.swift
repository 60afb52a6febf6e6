import HTTP
import Testing

/// Request heads that must be refused, each named for the rule it breaks.
struct RefusedHead: Sendable, CustomTestStringConvertible {
    var rule: String
    var failure: HeadFailure
    var head: String
    var testDescription: String { rule }

    init(_ rule: String, _ failure: HeadFailure, _ head: String) {
        self.rule = rule
        self.failure = failure
        self.head = head
    }

    /// A request that is right but for its field lines.
    init(_ rule: String, _ failure: HeadFailure, fields: String, version: String = "1.1") {
        let host = failure == .hostInvalid ? "" : "Host: a.example\r\n"
        self.init(rule, failure, "POST /x HTTP/\(version)\r\n\(host)\(fields)\r\n\r\n")
    }
}

@Suite("Requests that are refused")
struct RequestRefusalTests {
    static let requestLines: [RefusedHead] = [
        .init("HTTP/0.9", .requestMalformed, "GET /\r\n\r\n"),
        .init("no method", .requestMalformed, " / HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("no target", .requestMalformed, "GET  HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("no target at all", .requestMalformed, "GET HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("two spaces", .requestMalformed, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("a tab", .requestMalformed, "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("a tab after the target", .requestMalformed, "GET /\tHTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("four words", .requestMalformed, "GET / x HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("space at the end", .requestMalformed, "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
        .init("small letters", .requestMalformed, "GET / http/1.1\r\nHost: a\r\n\r\n"),
        .init("another protocol", .requestMalformed, "GET / RTSP/1.0\r\nHost: a\r\n\r\n"),
        .init("two digits", .requestMalformed, "GET / HTTP/1.10\r\nHost: a\r\n\r\n"),
        .init("no minor version", .requestMalformed, "GET / HTTP/1\r\nHost: a\r\n\r\n"),
        .init("letters for digits", .requestMalformed, "GET / HTTP/x.y\r\nHost: a\r\n\r\n"),
        .init("HTTP/1.2", .versionNotSupported, "GET / HTTP/1.2\r\nHost: a\r\n\r\n"),
        .init("HTTP/0.9 spelt out", .versionNotSupported, "GET / HTTP/0.9\r\nHost: a\r\n\r\n"),
        .init("HTTP/2 preface", .versionNotSupported, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        .init("TLS", .requestMalformed, "\u{16}\u{03}\u{01}\u{00}\u{F8}\u{01}\u{00}\u{00}"),
        .init("a method of 33 bytes", .requestMalformed, String(repeating: "A", count: 33)),
        .init("a colon in the method", .requestMalformed, "GE:T / HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("bare LF", .requestMalformed, "GET / HTTP/1.1\nHost: a\r\n\r\n"),
        .init("bare CR", .requestMalformed, "GET / HTTP/1.1\rHost: a\r\n\r\n"),
        .init("NUL in the target", .requestMalformed, "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("DEL in the target", .requestMalformed, "GET /\u{7F} HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("raw non-ASCII target", .requestMalformed, "GET /\u{E9} HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("two empty lines first", .requestMalformed, "\r\n\r\nGET / HTTP/1.1\r\n\r\n"),
        .init("LF first", .requestMalformed, "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("CR first", .requestMalformed, "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    ]

    static let targets: [RefusedHead] = [
        .init("neither path nor URI", .requestMalformed, "GET x HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("asterisk with GET", .requestMalformed, "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("a query only", .requestMalformed, "GET ?x HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("another scheme", .requestMalformed, "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("one slash", .requestMalformed, "GET http:/a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("authority with GET", .requestMalformed, "GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("no port", .requestMalformed, "CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("path with CONNECT", .requestMalformed, "CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("another host", .hostInvalid, "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("another port", .hostInvalid, "GET http://a:81/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("a longer host", .hostInvalid, "GET http://ab/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("user information", .hostInvalid, "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init(
            "user information twice",
            .hostInvalid,
            "GET http://u@a HTTP/1.1\r\nHost: u@a\r\n\r\n"
        ),
        .init("empty authority", .hostInvalid, "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("empty authority, 1.0", .hostInvalid, "GET http:///x HTTP/1.0\r\n\r\n"),
        .init("bad authority, 1.0", .hostInvalid, "GET http://u@a/x HTTP/1.0\r\n\r\n"),
    ]

    static let hosts: [RefusedHead] = [
        .init("missing", .hostInvalid, "GET / HTTP/1.1\r\n\r\n"),
        .init("repeated", .hostInvalid, fields: "Host: a\r\nHost: b"),
        .init("repeated alike", .hostInvalid, fields: "Host: a\r\nhost: a"),
        .init("repeated in 1.0", .hostInvalid, fields: "Host: a\r\nHost: a", version: "1.0"),
        .init("empty", .hostInvalid, fields: "Host:"),
        .init("blank", .hostInvalid, fields: "Host: \t "),
        .init("empty in 1.0", .hostInvalid, fields: "Host:", version: "1.0"),
        .init("list", .hostInvalid, fields: "Host: a, b"),
        .init("two words", .hostInvalid, fields: "Host: a b"),
        .init("user information", .hostInvalid, fields: "Host: u@a"),
        .init("path", .hostInvalid, fields: "Host: a/b"),
        .init("scheme", .hostInvalid, fields: "Host: http://a"),
        .init("query", .hostInvalid, fields: "Host: a?b"),
        .init("fragment", .hostInvalid, fields: "Host: a#b"),
        .init("backslash", .hostInvalid, fields: "Host: a\\b"),
        .init("percent encoding", .hostInvalid, fields: "Host: a%2eexample"),
        .init("quotes", .hostInvalid, fields: "Host: \"a\""),
        .init("asterisk", .hostInvalid, fields: "Host: *.example"),
        .init("dot first", .hostInvalid, fields: "Host: .a"),
        .init("dot only", .hostInvalid, fields: "Host: ."),
        .init("empty label", .hostInvalid, fields: "Host: a..b"),
        .init("two dots last", .hostInvalid, fields: "Host: a.."),
        .init("empty port", .hostInvalid, fields: "Host: a:"),
        .init("port only", .hostInvalid, fields: "Host: :80"),
        .init("port 0", .hostInvalid, fields: "Host: a:0"),
        .init("port 65536", .hostInvalid, fields: "Host: a:65536"),
        .init("port of six digits", .hostInvalid, fields: "Host: a:000080"),
        .init("port with a zero first", .hostInvalid, fields: "Host: a:080"),
        .init("port in letters", .hostInvalid, fields: "Host: a:http"),
        .init("port with a sign", .hostInvalid, fields: "Host: a:+80"),
        .init("two ports", .hostInvalid, fields: "Host: a:80:80"),
        .init("IPv6 without brackets", .hostInvalid, fields: "Host: ::1"),
        .init("IPv6 without end", .hostInvalid, fields: "Host: [::1"),
        .init("IPv6 with a zone", .hostInvalid, fields: "Host: [fe80::1%25eth0]"),
        .init("empty brackets", .hostInvalid, fields: "Host: []"),
        .init("a name in brackets", .hostInvalid, fields: "Host: [abc]"),
        .init("text behind brackets", .hostInvalid, fields: "Host: [::1]a"),
        .init("255 bytes", .hostInvalid, fields: "Host: " + String(repeating: "a", count: 255)),
    ]

    static let fieldLines: [RefusedHead] = [
        .init("space before the colon", .headerMalformed, fields: "X : 1"),
        .init("tab before the colon", .headerMalformed, fields: "X\t: 1"),
        .init("empty name", .headerMalformed, fields: ": 1"),
        .init("no colon", .headerMalformed, fields: "X"),
        .init("obs-fold with a space", .headerMalformed, fields: "X: 1\r\n 2"),
        .init("obs-fold with a tab", .headerMalformed, fields: "X: 1\r\n\t2"),
        .init("whitespace line", .headerMalformed, fields: "X: 1\r\n "),
        .init("bare LF in a value", .headerMalformed, fields: "X: 1\n2"),
        .init("bare LF ends a line", .headerMalformed, fields: "X: 1\nY: 2"),
        .init("bare CR in a value", .headerMalformed, fields: "X: 1\r2"),
        .init("CR twice", .headerMalformed, fields: "X: 1\r\r\nY: 2"),
        .init("NUL in a value", .headerMalformed, fields: "X: a\0b"),
        .init("NUL in a name", .headerMalformed, fields: "X\0: a"),
        .init("control in a value", .headerMalformed, fields: "X: a\u{01}b"),
        .init("escape in a value", .headerMalformed, fields: "X: 12345678\u{1B}"),
        .init("DEL in a value", .headerMalformed, fields: "X: a\u{7F}b"),
        .init("obs-text in a value", .headerMalformed, fields: "X: caf\u{E9}"),
        .init("obs-text after a tab", .headerMalformed, fields: "X: a\tbcdefghi\u{80}"),
        .init("obs-text in a name", .headerMalformed, fields: "X\u{E9}: 1"),
        .init("slash in a name", .headerMalformed, fields: "X/Y: 1"),
        .init("brackets in a name", .headerMalformed, fields: "X[]: 1"),
        .init("quotes in a name", .headerMalformed, fields: "\"X\": 1"),
        .init("at in a name", .headerMalformed, fields: "X@Y: 1"),
        .init("empty line with bare LF", .headerMalformed, fields: "X: 1\r\n\n"),
        .init("option that is no token", .headerMalformed, fields: "Connection: a b"),
        .init("option in quotes", .headerMalformed, fields: "Connection: \"close\""),
        .init("option with semicolon", .headerMalformed, fields: "Connection: close;x"),
        .init(
            "33 options",
            .headersTooLarge,
            fields: "Connection: a" + String(repeating: ",a", count: 32)
        ),
        .init("unknown expectation", .expectationFailed, fields: "Expect: 200-ok"),
        .init("empty expectation", .expectationFailed, fields: "Expect:"),
        .init("two expectations", .expectationFailed, fields: "Expect: 100-continue, x"),
        .init(
            "repeated expectation",
            .expectationFailed,
            fields: "Expect: 100-continue\r\nExpect: 100-continue"
        ),
    ]

    @Test("a bad request line is refused however it arrives", arguments: requestLines)
    func requestLine(_ example: RefusedHead) {
        refusesEverywhere(example)
    }

    @Test("a bad target is refused", arguments: targets)
    func target(_ example: RefusedHead) {
        #expect(failure(ofRequest: Array(latin1: example.head)) == example.failure)
    }

    @Test("a bad host is refused", arguments: hosts)
    func host(_ example: RefusedHead) {
        #expect(failure(ofRequest: Array(latin1: example.head)) == example.failure)
    }

    @Test("a bad field line is refused", arguments: fieldLines)
    func fieldLine(_ example: RefusedHead) {
        let bytes = Array(latin1: example.head)
        #expect(failure(ofRequest: bytes) == example.failure)
        let (outcome, differing) = scanEverySplit(bytes)
        #expect(differing.isEmpty)
        if example.failure == .headerMalformed, !example.rule.hasPrefix("option") {
            #expect(outcome == .refused(.headerMalformed))
        }
    }

    private func refusesEverywhere(_ example: RefusedHead) {
        let bytes = Array(latin1: example.head)
        let (outcome, differing) = scanEverySplit(bytes)
        #expect(outcome == .refused(example.failure))
        #expect(differing.isEmpty)
        #expect(failure(ofRequest: bytes) == example.failure)
    }
}

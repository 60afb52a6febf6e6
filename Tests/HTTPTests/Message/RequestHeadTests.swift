import HTTP
import Testing

@Suite("Request heads")
struct RequestHeadTests {
    /// The parts of a parsed request that a test compares, as text.
    struct Parts: Equatable {
        var method = Method.get
        var form = TargetForm.origin
        var path = ""
        var query: String?
        var host = ""
        var authority = ""
        var version = HTTPVersion.http11
    }

    private func parts(_ text: String) throws -> Parts {
        let bytes = Array(text.utf8)
        var head = RequestHead(limits: HeadLimits())
        try head.parse(bytes.span)
        return Parts(
            method: head.method,
            form: head.targetForm,
            path: HTTPTests.text(bytes, head.pathRange),
            query: head.queryRange.map { HTTPTests.text(bytes, $0) },
            host: HTTPTests.text(bytes, head.host),
            authority: HTTPTests.text(bytes, head.authority),
            version: head.version
        )
    }

    @Test func `a path and a query are told apart at the first question mark`() throws {
        let found = try parts("GET /v1/events?a=1?b HTTP/1.1\r\nHost: Acme.example:8443\r\n\r\n")
        #expect(
            found
                == Parts(
                    path: "/v1/events",
                    query: "a=1?b",
                    host: "Acme.example",
                    authority: "Acme.example:8443"
                )
        )
    }

    @Test func `an empty query is not the same as none`() throws {
        #expect(try parts("GET /? HTTP/1.1\r\nHost: a\r\n\r\n").query == "")
        #expect(try parts("GET / HTTP/1.1\r\nHost: a\r\n\r\n").query == nil)
    }

    @Test func `an absolute target gives its path, and its authority equals Host in any case`()
        throws
    {
        let found = try parts(
            "GET HTTPS://ACME.example:1/x?y HTTP/1.1\r\nHost: acme.example:1\r\n\r\n"
        )
        #expect(
            found
                == Parts(
                    form: .absolute,
                    path: "/x",
                    query: "y",
                    host: "acme.example",
                    authority: "acme.example:1"
                )
        )
    }

    @Test func `an absolute target without a path has an empty one`() throws {
        #expect(try parts("GET http://a HTTP/1.1\r\nHost: a\r\n\r\n").path == "")
        #expect(try parts("GET http://a?q HTTP/1.1\r\nHost: a\r\n\r\n").query == "q")
    }

    @Test func `HTTP 1 0 may lack a host, or name it in the target`() throws {
        #expect(
            try parts("GET / HTTP/1.0\r\n\r\n") == Parts(path: "/", version: .http10)
        )
        let named = try parts("GET http://a:1/ HTTP/1.0\r\n\r\n")
        #expect(named.host == "a" && named.authority == "a:1")
    }

    @Test func `CONNECT, TRACE, an asterisk and an upgrade are understood but not forwardable`()
        throws
    {
        let heads = [
            "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n",
            "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
        ]
        var head = RequestHead(limits: HeadLimits())
        for text in heads {
            try head.parse(Array(text.utf8).span)
            let isForwardable = head.isForwardable
            #expect(!isForwardable, "\(text)")
        }
        try head.parse(Array("OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n".utf8).span)
        let isForwardable = head.isForwardable
        #expect(isForwardable)
    }

    static let hosts = [
        ("a", "a"), ("acme.vii.example", "acme.vii.example"), ("ACME.example:443", "ACME.example"),
        ("acme.example.", "acme.example."), ("acme.example.:80", "acme.example."),
        ("127.0.0.1:8080", "127.0.0.1"), ("[::1]", "[::1]"),
        ("[2001:db8::7]:8443", "[2001:db8::7]"),
        ("[::ffff:192.0.2.1]", "[::ffff:192.0.2.1]"), ("my_service:65535", "my_service"),
        ("xn--mnchen-3ya.example:1", "xn--mnchen-3ya.example"),
    ]

    @Test("a host is found without its port", arguments: hosts)
    func hostName(_ example: (authority: String, host: String)) throws {
        let found = try parts("GET / HTTP/1.1\r\nHost: \(example.authority)\r\n\r\n")
        #expect(found.host == example.host)
        #expect(found.authority == example.authority)
    }

    @Test("every method is known by its exact name", arguments: Method.allCases)
    func methods(_ method: Method) throws {
        guard method != .other, method != .connect else { return }
        let name = "\(method.name)"
        #expect(try parts("\(name) / HTTP/1.1\r\nHost: a\r\n\r\n").method == method)
        let small = try parts("\(name.lowercased()) / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(small.method == .other)
        #expect(try parts("\(name)X / HTTP/1.1\r\nHost: a\r\n\r\n").method == .other)
        #expect(try parts("\(name.dropLast()) / HTTP/1.1\r\nHost: a\r\n\r\n").method == .other)
    }

    static let persistence = [
        ("1.1", "X: 1", false), ("1.1", "Connection: close", true),
        ("1.1", "Connection: keep-alive, CLOSE", true), ("1.1", "Connection: ,, close ,", true),
        ("1.1", "Connection: closed", false), ("1.1", "Connection: te\r\nconnection: close", true),
        ("1.0", "X: 1", true), ("1.0", "Connection: Keep-Alive", false),
        ("1.0", "Connection: keep-alive, close", true),
    ]

    @Test("the connection ends when the client or its version says so", arguments: persistence)
    func closes(_ example: (version: String, fields: String, closes: Bool)) throws {
        var head = RequestHead(limits: HeadLimits())
        let text = "GET / HTTP/\(example.version)\r\nHost: a\r\n\(example.fields)\r\n\r\n"
        try head.parse(Array(text.utf8).span)
        let wantsClose = head.wantsClose
        #expect(wantsClose == example.closes)
    }

    static let expectations = [
        ("1.1", "Expect: 100-Continue\r\nContent-Length: 5", true),
        ("1.1", "Expect: 100-continue\r\nTransfer-Encoding: chunked", true),
        ("1.1", "Expect: 100-continue\r\nContent-Length: 0", false),
        ("1.1", "Expect: 100-continue", false),
        ("1.1", "Content-Length: 5", false),
        ("1.0", "Expect: 100-continue\r\nContent-Length: 5", false),
    ]

    @Test("only an HTTP/1.1 client with a body waits for 100", arguments: expectations)
    func expectation(_ example: (version: String, fields: String, expects: Bool)) throws {
        var head = RequestHead(limits: HeadLimits())
        let text = "POST / HTTP/\(example.version)\r\nHost: a\r\n\(example.fields)\r\n\r\n"
        try head.parse(Array(text.utf8).span)
        let expects = head.expectsContinue
        #expect(expects == example.expects)
    }

    @Test func `fields keep their order, and values lose the whitespace around them`() throws {
        let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\nA: \t x\ty \t\r\nB:\r\nC:c\r\n\r\n".utf8)
        var head = RequestHead(limits: HeadLimits())
        try head.parse(bytes.span)
        var found: [String] = []
        for index in 0..<head.fields.count {
            let field = head.fields[index]
            found.append("\(text(bytes, field.name))=\(text(bytes, field.value))")
        }
        #expect(found == ["Host=a", "A=x\ty", "B=", "C=c"])
    }

    @Test func `credentials are counted and the first is found`() throws {
        let text = "GET / HTTP/1.1\r\nHost: a\r\nauthorization: x\r\nAUTHORIZATION: y\r\n\r\n"
        var head = RequestHead(limits: HeadLimits())
        try head.parse(Array(text.utf8).span)
        #expect([head.authorizationCount, head.authorizationIndex] == [2, 1])
        try head.parse(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8).span)
        #expect([head.authorizationCount, head.authorizationIndex] == [0, nil])
    }

    @Test func `fields that Connection names are marked, whatever stands first`() throws {
        let text = """
            GET / HTTP/1.1\r\nHost: a\r\nX-One: 1\r\nConnection: x-two, close\r\n\
            X-Two: 2\r\nX-Three: 3\r\nconnection: X-ONE\r\n\r\n
            """
        let bytes = Array(text.utf8)
        var head = RequestHead(limits: HeadLimits())
        try head.parse(bytes.span)
        var named: [String] = []
        for index in 0..<head.fields.count where head.fields[index].isNamedByConnection {
            named.append(HTTPTests.text(bytes, head.fields[index].name))
        }
        #expect(named == ["X-One", "X-Two"])
    }

    @Test func `nothing of one request is left in the next`() throws {
        var used = RequestHead(limits: HeadLimits())
        let full = """
            POST http://b/x?y HTTP/1.0\r\nHost: b\r\nContent-Length: 5\r\nUpgrade: z\r\n\
            Connection: close, q\r\nExpect: 100-continue\r\nAuthorization: w\r\nX_Request_Id: v\r\n\r\n
            """
        try used.parse(Array(full.utf8).span)
        try used.parse(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8).span)
        let flags = [used.wantsClose, used.expectsContinue, used.hasUpgrade]
        #expect(flags == [false, false, false])
        let left = [used.fields.count, used.authorizationCount, used.fields.count(of: .upgrade)]
        #expect(left == [1, 0, 0])
        let variant = used.fields.hasVariant(of: .xRequestID)
        #expect(!variant)
        let (framing, query, form) = (used.framing, used.queryRange, used.targetForm)
        #expect(framing == .none && query == nil && form == .origin)
    }

    @Test func `a head with anything after its empty line, or without one, is refused`() {
        let whole = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        #expect(failure(ofRequest: Array((whole + "x").utf8)) == .headerMalformed)
        for length in 0..<whole.utf8.count {
            #expect(failure(ofRequest: Array(whole.utf8.prefix(length))) != nil, "\(length)")
        }
    }

    @Test func `more field lines than the limit are refused`() {
        let limits = HeadLimits(fieldsMax: 3)
        let three = "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nX: 2\r\n"
        #expect(failure(ofRequest: Array((three + "\r\n").utf8), limits: limits) == nil)
        let four = Array((three + "X: 3\r\n\r\n").utf8)
        #expect(failure(ofRequest: four, limits: limits) == .headersTooLarge)
    }
}

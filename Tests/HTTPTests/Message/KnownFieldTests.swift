import HTTP
import Testing

@Suite("Known fields")
struct KnownFieldTests {
    static let names: [(name: String, known: KnownField)] = [
        ("accept", .accept), ("authorization", .authorization), ("cache-control", .cacheControl),
        ("connection", .connection), ("content-length", .contentLength),
        ("content-type", .contentType), ("cookie", .cookie), ("date", .date), ("dpop", .dpop),
        ("dpop-nonce", .dpopNonce),
        ("expect", .expect), ("forwarded", .forwarded), ("host", .host),
        ("keep-alive", .keepAlive), ("pragma", .pragma),
        ("proxy-authenticate", .proxyAuthenticate), ("proxy-authorization", .proxyAuthorization),
        ("proxy-connection", .proxyConnection), ("server", .server), ("set-cookie", .setCookie),
        ("te", .te), ("traceparent", .traceparent), ("tracestate", .tracestate),
        ("trailer", .trailer), ("transfer-encoding", .transferEncoding), ("upgrade", .upgrade),
        ("via", .via), ("x-forwarded-for", .xForwardedFor), ("x-forwarded-host", .xForwardedHost),
        ("x-forwarded-proto", .xForwardedProto), ("x-request-id", .xRequestID),
        ("x-forwarded-port", .xForwardedOther), ("x-forwarded-", .xForwardedOther),
        ("x-forwarded-for-x", .xForwardedOther), ("x-forwarded-client-cert", .xForwardedOther),
        ("x-postern-tenant", .postern), ("x-postern-roles", .postern), ("x-postern-", .postern),
    ]

    /// Finds out what the name of the only field of a response is.
    private func field(_ name: String) throws -> Field {
        var head = ResponseHead(limits: HeadLimits())
        try head.parse(Array("HTTP/1.1 200 OK\r\n\(name): 0\r\n\r\n".utf8).span)
        return head.fields[0]
    }

    @Test("a name is known in any case", arguments: names)
    func anyCase(_ example: (name: String, known: KnownField)) throws {
        guard example.known != .transferEncoding else { return }
        for name in [example.name, example.name.uppercased(), example.name.capitalized()] {
            let field = try field(name)
            #expect(field.known == example.known, "\(name)")
            #expect(!field.isVariantSpelling, "\(name)")
        }
    }

    @Test("a name with _ or . for - is known, and known to be a variant", arguments: names)
    func variants(_ example: (name: String, known: KnownField)) throws {
        let isFraming = [.transferEncoding, .contentLength].contains(example.known)
        guard example.name.contains("-"), !isFraming else { return }
        for mark in ["_", "."] {
            let name = example.name.split(separator: "-", omittingEmptySubsequences: false)
                .joined(separator: mark)
            for spelling in [name, name.uppercased()] {
                let field = try field(spelling)
                #expect(field.known == example.known, "\(spelling)")
                #expect(field.isVariantSpelling, "\(spelling)")
            }
        }
    }

    @Test("a name that is longer, shorter or one letter off is another", arguments: names)
    func others(_ example: (name: String, known: KnownField)) throws {
        guard example.known != .xForwardedOther, example.known != .postern else { return }
        for name in [example.name + "s", String(example.name.dropLast())] where name.count > 1 {
            let known = try field(name).known
            #expect(known == .other || known == .xForwardedOther, "\(name)")
        }
        for index in example.name.indices {
            var name = example.name
            name.replaceSubrange(index...index, with: "!")
            let known = try field(name).known
            #expect(known == .other || known == .xForwardedOther, "\(name)")
        }
    }

    static let unknownNames = [
        "x-forwarded", "x-forwardedfor", "x-postern", "x-posternal", "xpostern-a", "x-user", "t",
        "hostx", "x", "cookie2", "contentlength", "x--request-id", "accept-encoding", "dpop-nonces",
        "content`length", "content\u{7E}length",
    ]

    @Test("names of nobody's are other", arguments: unknownNames)
    func unknown(_ name: String) throws {
        #expect(try field(name).known == .other)
    }

    @Test func `the first and the number of a name leave variants out`() throws {
        let text = """
            GET / HTTP/1.1\r\nX_Request_Id: 1\r\nHost: a\r\nx-request-id: 2\r\n\
            X.Request.Id: 3\r\nX-REQUEST-ID: 4\r\n\r\n
            """
        var head = RequestHead(limits: HeadLimits())
        try head.parse(Array(text.utf8).span)
        #expect(
            [head.fields.count(of: .xRequestID), head.fields.firstIndex(of: .xRequestID)] == [2, 2]
        )
        let flags = [head.fields.hasVariant(of: .xRequestID), head.fields.hasVariant(of: .host)]
        #expect(flags == [true, false])
    }

    @Test func `every known field has a place in the counters of a list`() throws {
        var head = RequestHead(limits: HeadLimits())
        try head.parse(Array("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n\r\n".utf8).span)
        var sum = 0
        for known in KnownField.allCases { sum += head.fields.count(of: known) }
        #expect(sum == 2)
    }

    static let hopByHop: Set<KnownField> = [
        .connection, .keepAlive, .proxyAuthenticate, .proxyAuthorization, .proxyConnection, .te,
        .trailer, .transferEncoding, .upgrade,
    ]

    @Test func `hop-by-hop fields are those of RFC 9110 section 7 6 1`() {
        #expect(Set(KnownField.allCases.filter(\.isHopByHop)) == Self.hopByHop)
    }
}

extension String {
    /// The words of a field name, each with a capital first.
    fileprivate func capitalized() -> String {
        split(separator: "-", omittingEmptySubsequences: false)
            .map { $0.prefix(1).uppercased() + $0.dropFirst() }
            .joined(separator: "-")
    }
}

import Testing

@testable import Policy

@Suite("Capture lines")
struct CaptureLineTests {
    private func route(_ lines: String, _ rest: String = "event A\nbody json") -> PolicyText {
        PolicyText(policy: "route r {\nmatch POST /a\npublic\n\(lines)\n\(rest)\n}")
    }

    /// What is captured, as `SOURCE NAME>LABEL` with a `!` behind what is sensitive.
    private func captured(_ lines: String) throws -> [String] {
        let rules = try route(lines).compile().routes[0].capture
        return CaptureRules.Source.allCases.flatMap { source in
            rules.members(of: source).map { member in
                let name = String(decoding: member.name, as: UTF8.self)
                let label = String(decoding: member.label, as: UTF8.self)
                return "\(source.rawValue) \(name)>\(label)\(member.isSensitive ? "!" : "")"
            }
        }
    }

    @Test func `lines name values of query, body and answer, some by another name`() throws {
        let lines = """
            capture response id as offerId expiresAt
            capture query client_id "http://a/b" as tenant
            capture body credentials "as" as other
            capture body sensitive claims
            capture body name as fullName address sensitive
            """
        #expect(
            try captured(lines) == [
                "query client_id>client_id", "query http://a/b>tenant",
                "body credentials>credentials", "body as>other", "body claims>claims!",
                "body name>fullName!", "body address>address!", "response id>offerId",
                "response expiresAt>expiresAt",
            ]
        )
        #expect(try route("").compile().routes[0].capture.isEmpty)
    }

    @Test func `a word that stands for something else is a name in quotes`() throws {
        #expect(try captured(#"capture body "sensitive" x"#).first == "body sensitive>sensitive")
    }

    @Test func `a source is asked for at the levels that have something of it`() throws {
        let rules = try route("capture query a\ncapture body sensitive b").compile().routes[0]
            .capture
        for (source, levels) in [
            (CaptureRules.Source.query, [2, 3]), (.body, [3]), (.response, []),
        ] {
            #expect((1...3).filter { rules.asks(source, level: $0) } == levels)
        }
    }

    static let faults: [(line: String, fault: String)] = [
        ("capture", "4:1 `capture` wants `capture query|body|response [sensitive] NAME...`"),
        ("capture header a", "4:9 `header` is not `query`, `body` or `response`"),
        ("capture body sensitive", "4:1 `capture` wants a name to capture"),
        ("capture body a as", "4:16 `as` wants a name behind it"),
        ("capture body a a", "4:16 `a` is given twice; the first is on line 4"),
        ("capture query a\ncapture body b as a", "5:19 `a` is given twice; the first is on line 4"),
        (
            "capture body status",
            "4:14 `status` cannot be captured: events tell something else by that name; "
                + "wanted `NAME as OTHER`"
        ),
        (
            "capture query http://a",
            "4:15 `http://a` is not a name for `data`: letters, digits, `_`, `-` and `.`; "
                + "wanted `NAME as OTHER`"
        ),
        ("capture body \"\" as a", "4:14 `\"\"` is not a name of 1 to 64 bytes"),
    ]

    @Test("What makes no sense is refused", arguments: faults)
    func refuses(_ line: String, _ fault: String) {
        #expect(route(line).faults == [fault])
    }

    @Test(
        "What is secret is never captured, by whatever name",
        arguments: [
            "access_token", "refresh_token", "id_token", "code", "pre-authorized_code",
            "pre_authorized_code", "preAuthorizedCode", "tx_code", "transactionCode", "user_pin",
            "code_verifier", "uri", "credential_offer_uri", "credential_offer", "client_secret",
            "client_assertion", "password", "secret", "Authorization", "cookie", "Set-Cookie",
            "request", "proof", "c_nonce", "my-token", "X-API-Key", "TOKEN",
        ]
    )
    func secret(_ name: String) {
        let words = "is never captured: no event holds a token, a code or a secret"
        for source in ["query", "body", "response"] {
            let column = 10 + source.count
            #expect(
                route("capture \(source) \(name)").faults == ["4:\(column) `\(name)` \(words)"]
            )
            #expect(
                route("capture \(source) \(name) as x").faults == ["4:\(column) `\(name)` \(words)"]
            )
            #expect(
                route("capture \(source) x as \(name)").faults
                    == ["4:\(column + 5) `\(name)` \(words)"]
            )
        }
    }

    @Test func `a route that captures has events, and a body`() {
        #expect(
            route("capture query a", "").faults == [
                "4:15 route `r` captures: it needs an `event` line"
            ]
        )
        #expect(
            route("capture body a", "event A\nbody none").faults == [
                "4:14 route `r` has no body of which anything could be captured"
            ]
        )
        let many = (0..<33).map { "n\($0)" }.joined(separator: " ")
        #expect(
            route("capture body \(many)").faults == ["4:14 route `r` captures more than 32 values"]
        )
    }

    @Test func `what passes by may be told with the answer, so it has a name of its own`() {
        let lines = "capture body userId\ncapture response userId"
        #expect(route(lines).faults == [])
        #expect(
            route(lines, "event A").faults == [
                "5:18 `userId` is given twice; the first is on line 4"
            ]
        )
    }
}

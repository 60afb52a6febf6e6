import Testing

@testable import Policy

@Suite("Captured members")
struct CapturedMembersTests {
    private func rules(_ lines: String) throws -> CaptureRules {
        let text = "route r {\nmatch POST /a\npublic\nevent A\nbody json\n\(lines)\n}"
        return try PolicyText(policy: text).compile().routes[0].capture
    }

    private func body(_ json: String, _ names: String, level: Int = 2) throws -> String {
        var captured = CapturedMembers()
        let document = try JSONDocument(Array(json.utf8))
        captured.take(document, .body, try rules("capture body " + names), level: level)
        captured.finish()
        return String(decoding: captured.text, as: UTF8.self)
    }

    private func query(_ text: String, _ names: String) throws -> String {
        var captured = CapturedMembers()
        let query = Array(text.utf8)
        captured.take(query.span, .query, try rules("capture query " + names), level: 2)
        captured.finish()
        return String(decoding: captured.text, as: UTF8.self)
    }

    static let bodies: [(json: String, names: String, text: String)] = [
        (#"{"a":1}"#, "a b", #","a":1"#),
        (
            #" { "b" : [ 1 , -2.50e3 , null ] , "a" : true } "#, "a b",
            #","a":true,"b":[1,-2.50e3,null]"#
        ),
        (#"{"a":"x\"\u0001é\n"}"#, "a", #","a":"x\"\u0001é\n""#),
        (#"{"\u0061":{}}"#, "a as other", #","other":{}"#),
        (#"{"a":{"a":{"b":[]},"c":"d"}}"#, "a", #","a":{"a":{"b":[]},"c":"d"}"#),
        ("[1]", "a", ""), ("\"a\"", "a", ""), ("{}", "a", ""),
        // Nothing secret, however deep and however spelt.
        (#"{"a":{"code":1,"b":2}}"#, "a", #","a":{"b":2}"#),
        (
            #"{"a":[{"pre-authorized_code":"x","b":[{"TX_CODE":1,"tx_codes":2}]}]}"#, "a",
            #","a":[{"b":[{"tx_codes":2}]}]"#
        ),
        (
            #"{"a":{"\u0063ode":1,"transaction\u0043ode":{"b":1},"accessToken":2,"b":3}}"#, "a",
            #","a":{"b":3}"#
        ),
        (#"{"a":{"uri":"x","credential_offer":{},"password":1}}"#, "a", #","a":{}"#),
    ]

    @Test("values are copied without white space, and without what is secret", arguments: bodies)
    func copies(_ json: String, _ names: String, _ text: String) throws {
        #expect(try body(json, names) == text)
    }

    static let queries: [(query: String, names: String, text: String)] = [
        ("a=1&b=2&c=3", "b a", #","b":"2","a":"1""#),
        ("a=x+y%2Bz%22%5C%0A&&b", "a b", #","a":"x y+z\"\\\n","b":"""#),
        ("%61=1", "a", #","a":"1""#),
        ("a=1&a=2&b=3", "a b", #","b":"3""#),
        ("a=1&%61=1", "a", ""), ("a=%zz&b=%2&%zz=1", "a b", ""),
        ("a=%ff&b=%C3%A9", "a b", #","b":"é""#),
        ("a=%00%1f", "a", #","a":"\u0000\u001f""#),
        ("", "a", ""),
    ]

    @Test("parameters are decoded and escaped", arguments: queries)
    func decodes(_ query: String, _ names: String, _ text: String) throws {
        #expect(try self.query(query, names) == text)
    }

    @Test func `sensitive ones are told at level 3 only, and nothing at level 1`() throws {
        let rules = try rules("capture body a\ncapture body sensitive b")
        let document = try JSONDocument(Array(#"{"a":1,"b":2}"#.utf8))
        for (level, text) in [(1, ""), (2, #","a":1"#), (3, #","a":1,"b":2"#)] {
            var captured = CapturedMembers()
            captured.take(document, .body, rules, level: level)
            #expect(captured.text == Array(text.utf8))
        }
    }

    @Test func `a value that is too long is left out, and its name is told`() throws {
        let most = CapturedMembers.valueBytesMax
        let fits = String(repeating: "x", count: most - 2)
        #expect(try body(#"{"a":"\#(fits)"}"#, "a") == #","a":"\#(fits)""#)
        #expect(try query("a=\(fits)", "a") == #","a":"\#(fits)""#)
        for long in [fits + "y", fits + fits] {
            let text = try body(#"{"a":"\#(long)","b":1}"#, "a b")
            #expect(text == #","b":1,"omitted":["a"]"#)
            #expect(try query("a=\(long)&b=1", "a b") == #","b":"1","omitted":["a"]"#)
            let list = try body(#"{"b":1,"a":[{"c":"\#(long)"}]}"#, "a as z b")
            #expect(list == #","b":1,"omitted":["z"]"#)
        }
        let quotes = String(repeating: "%22", count: most / 2)
        #expect(try query("a=\(quotes)", "a") == #","omitted":["a"]"#)
    }

    @Test func `all values together have a limit`() throws {
        let names = (0..<32).map { "n\($0)" }
        let value = String(repeating: "v", count: 1_000)
        let json = "{" + names.map { "\"\($0)\":\"\(value)\"" }.joined(separator: ",") + "}"
        let text = try body(json, names.joined(separator: " "))
        #expect(text.utf8.count <= CapturedMembers.textBytesMax)
        let document = try JSONDocument(Array("{\(text.dropFirst())}".utf8))
        let told = document.members(of: document.root).count - 1
        let omitted = try #require(document.member("omitted", of: document.root))
        #expect(told == 6)
        #expect(document.elements(of: omitted).reduce(0) { count, _ in count + 1 } == 32 - told)
    }

    @Test func `a value that is nested too deeply is left out`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        let most = CapturedMembers.depthMax
        #expect(try body(#"{"a":\#(nested(most))}"#, "a") == #","a":\#(nested(most))"#)
        #expect(try body(#"{"a":\#(nested(most + 1))}"#, "a") == #","omitted":["a"]"#)
    }

    @Test func `the longest names and values make a line that is long enough`() {
        // 4 names of 255 bytes escaped, client, method and tail, each at its most.
        #expect(4 * 255 * 6 + 256 * 6 + 32 * 6 + 1_024 + CapturedMembers.textBytesMax < 32_768)
    }
}

@Suite("Names that no event holds")
struct SecretNamesTests {
    @Test(
        "names that events tell are none of them",
        arguments: [
            "client_id", "code_challenge", "code_challenge_method", "redirect_uri",
            "response_type", "scope", "state", "credentials", "claimsToPersist", "expiresIn",
            "transactionCodeConfiguration", "userId", "claims", "expiresAt", "offerId",
            "sessionId", "grant_type", "expires_in", "token_type", "postalCode", "pinned",
            "cookies_accepted", "uris", "", "-",
        ]
    )
    func told(_ name: String) {
        let isSecret = SecretNames.contain(Array(name.utf8).span)
        #expect(!isSecret)
    }

    @Test(
        "case and separators do not hide one",
        arguments: [
            "Code", "c-o-d-e", "_code_", "tx.code", "Pre Authorized Code", "ACCESS_TOKEN",
            "tokenToken", "wallet_refresh_token", "db-password", "sessionCookie", "tokens",
            "access_tokens", "codes", "clientSecrets", "cookies", "secretKey", "offerUri",
        ]
    )
    func hidden(_ name: String) {
        let isSecret = SecretNames.contain(Array(name.utf8).span)
        #expect(isSecret)
    }

    @Test func `the table is written as names are compared`() {
        for name in SecretNames.all + SecretNames.endings {
            let isPlain = name.description.utf8.allSatisfy { 0x61...0x7A ~= $0 }
            #expect(isPlain, "\(name)")
        }
    }
}

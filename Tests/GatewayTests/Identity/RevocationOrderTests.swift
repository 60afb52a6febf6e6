import Testing

@testable import Gateway

@Suite("Revocation order")
struct RevocationOrderTests {
    static func order(_ json: String) throws(RevocationOrder.Fault) -> [String] {
        let order = try RevocationOrder(json: Array(json.utf8), tenants: ["acme", "beta"])
        return order.revocations.map { String(decoding: $0.line, as: UTF8.self) }
    }

    @Test(
        "a member is a string or an array of strings, under any of its names",
        arguments: [
            (#"{"token":"a"}"#, ["token * a"]),
            (#"{"tokens":["a","b"]}"#, ["token * a", "token * b"]),
            (#"{"jti":"a"}"#, ["token * a"]), (#"{"token_id":"a"}"#, ["token * a"]),
            (#"{"tokenId":"a"}"#, ["token * a"]), (#"{"subject":"a"}"#, ["subject * a"]),
            (#"{"subjects":["a"]}"#, ["subject * a"]), (#"{"sub":"a"}"#, ["subject * a"]),
            (#"{"client":"a"}"#, ["client * a"]), (#"{"clients":"a"}"#, ["client * a"]),
            (#"{"client_id":"a"}"#, ["client * a"]), (#"{"clientId":["a"]}"#, ["client * a"]),
            (#"{"tenant":"acme","sub":"a"}"#, ["subject acme a"]),
            (
                #"{"sub":"a","tenant":"beta","jti":[],"client":"b"}"#,
                ["subject beta a", "client beta b"]
            ),
            (#"{"sub":"\u0061 b"}"#, ["subject * a b"]), (#"{"sub":"sub:a"}"#, ["subject * sub:a"]),
        ]
    )
    func members(_ json: String, _ lines: [String]) throws {
        #expect(try Self.order(json) == lines)
    }

    @Test(
        "anything else is refused with what is wrong",
        arguments: [
            ("", "JSON text ends"), ("x", "unexpected byte"), ("[]", "no JSON object"),
            (#""a""#, "no JSON object"), ("{}", "names no token"),
            (#"{"tenant":"acme"}"#, "names no token"),
            (#"{"token":[]}"#, "names no token"), (#"{"token":1}"#, "`token` is neither"),
            (#"{"token":null}"#, "`token` is neither"),
            (#"{"token":["a",1]}"#, "`token` is neither"),
            (#"{"token":[["a"]]}"#, "`token` is neither"), (#"{"token":""}"#, "an empty value"),
            (#"{"tokne":"a"}"#, "unknown member `tokne`, perhaps `token`"),
            (#"{"token":"a","note":"b"}"#, "unknown member `note`"),
            (#"{"token":"a","token":"b"}"#, "named twice"), (#"{"token":"a"} x"#, "after the JSON"),
            (#"{"token":"a","tenant":["acme"]}"#, "`tenant` is no string"),
        ]
    )
    func faults(_ json: String, _ words: String) {
        do {
            _ = try Self.order(json)
            Issue.record("\(json) is no order")
        } catch {
            guard case .malformed(let message) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(message.contains(words))
        }
    }

    @Test func `a tenant that is not there is named`() {
        #expect(
            throws: RevocationOrder.Fault.unknownTenant("there is no tenant `acne`, perhaps `acme`")
        ) {
            try Self.order(#"{"token":"a","tenant":"acne"}"#)
        }
    }

    @Test func `lines are those of a revoked file`() throws {
        let text = "# x\na\njti b\nsub c\nclient=d\nclient e # f\n"
        let order = try RevocationOrder(text: Array(text.utf8))
        #expect(
            order.revocations.map { String(decoding: $0.line, as: UTF8.self) } == [
                "line * a", "token * b", "subject * c", "line * client=d", "client * e",
            ]
        )
        #expect(throws: RevocationOrder.Fault.self) { try RevocationOrder(text: Array("# x".utf8)) }
        #expect(throws: RevocationOrder.Fault.self) { try RevocationOrder(text: [0xFF]) }
    }

    @Test func `a megabyte of the shortest values is read`() throws {
        let values = Array(repeating: #""a""#, count: 250_000).joined(separator: ",")
        #expect(try Self.order("{\"sub\":[\(values)]}").count == 250_000)
    }
}

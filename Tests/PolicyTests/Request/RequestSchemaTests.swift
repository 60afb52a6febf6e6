import Testing

@testable import Policy

@Suite("What a request must hold")
struct RequestSchemaTests {
    private static func schema(_ lines: String) throws -> RequestSchema {
        let text = "route r {\nmatch POST /r\nallow any\n\(lines)\n}"
        return try PolicyText(policy: text).compile().routes[0].schema
    }

    private static func text(_ faults: [RequestFault]) -> [String] {
        faults.map { "\($0.location) \($0.parameter): \($0.message)" }
    }

    static let queries: [(rule: String, value: String, isGood: Bool)] = [
        ("string", "", true), ("string 1..3", "", false), ("string 1..3", "abc", true),
        ("string 1..3", "abcd", false), ("string ..3", "\u{E9}\u{E9}\u{E9}", true),
        ("int", "12", true), ("int", "-12", true), ("int", "1.5", false), ("int", "", false),
        ("int 1..100", "100", true), ("int 1..100", "101", false), ("int -5..5", "-6", false),
        ("int", "9999999999999999999", false),
        ("uuid", "8241400f-de3b-42c5-ad7c-8a380039e796", true), ("uuid", "8241400f", false),
        ("boolean", "true", true), ("boolean", "True", false), ("number", "1e3", true),
        ("number", "01", false), ("slug", "a-b", true), ("slug", "A", false),
        ("one-of code token", "code", true), ("one-of code token", "Code", false),
        ("string one-of a b", "a", true), ("any", "x", true),
    ]

    @Test("A parameter of a query has its type, size and value", arguments: queries)
    func query(_ rule: String, _ value: String, _ isGood: Bool) throws {
        var check = try Self.schema("query p required \(rule)").queryCheck(refusesRepeats: false)
        check.take(name: Array("p".utf8).span, value: Array(value.utf8).span)
        check.take(name: Array("other".utf8).span, value: Array("x".utf8).span)
        check.take(name: Array("other".utf8).span, value: Array("x".utf8).span)
        #expect(check.finish().isEmpty == isGood)
    }

    @Test func `every fault of a query is named`() throws {
        let schema = try Self.schema("query a required\nquery b required int\nquery c optional")
        var check = schema.queryCheck(refusesRepeats: true)
        for (name, value) in [("b", "x"), ("c", "1"), ("c", "2"), ("d", "1"), ("d", "2")] {
            check.take(name: Array(name.utf8).span, value: Array(value.utf8).span)
        }
        let faults = check.finish()
        #expect(
            Self.text(faults) == [
                "query b: Invalid value, wanted int", "query c: Invalid value, it stands twice",
                "query d: Invalid value, it stands twice", "query a: Invalid value, it is required",
            ]
        )
        #expect(faults[0].value == Array("x".utf8))
    }

    @Test func `the value of a code or token is never repeated`() throws {
        let schema = try Self.schema("query code required uuid\nquery x required uuid")
        var check = schema.queryCheck(refusesRepeats: false)
        check.take(name: Array("code".utf8).span, value: Array("s3cret".utf8).span)
        check.take(name: Array("x".utf8).span, value: Array("plain".utf8).span)
        #expect(check.finish().map(\.value) == [[], Array("plain".utf8)])
    }

    static let fields = """
        body json
        field credentials array of string 1..2 required
        field userId uuid
        field expiresIn object {
            field minutes int 1..60 required
        }
        field list array of object {
            field name string 1..5 required
        }
        field mode string one-of numeric text
        field modes array of string one-of numeric text
        field flag boolean
        field whatever any
        """

    static let bodies: [(json: String, faults: [String])] = [
        (#"{"credentials":["a"]}"#, []),
        (#"{"credentials":["a","b"],"unknown":{"x":[1]},"flag":true,"whatever":[]}"#, []),
        (#"{"credentials":["a"],"expiresIn":{"minutes":60},"list":[{"name":"n"}]}"#, []),
        (#"{"credentials":["a"],"mode":"text","modes":["text","numeric"]}"#, []),
        ("{}", ["credentials: Invalid value, it is required"]),
        (#"{"credentials":[]}"#, ["credentials: Invalid value, wanted array of string 1..2"]),
        (#"{"credentials":["a",1]}"#, ["credentials[1]: Invalid value, wanted string"]),
        (#"{"credentials":"a"}"#, ["credentials: Invalid value, wanted array of string 1..2"]),
        (
            #"{"credentials":null,"userId":"x","expiresIn":{},"list":[{},{"name":""}],"flag":1}"#,
            [
                "credentials: Invalid value, wanted array of string 1..2",
                "userId: Invalid value, wanted uuid",
                "expiresIn.minutes: Invalid value, it is required",
                "list[0].name: Invalid value, it is required",
                "list[1].name: Invalid value, wanted string 1..5",
                "flag: Invalid value, wanted boolean",
            ]
        ),
        (
            #"{"credentials":["a"],"expiresIn":{"minutes":61}}"#,
            ["expiresIn.minutes: Invalid value, wanted int 1..60"]
        ),
        (
            #"{"credentials":["a"],"expiresIn":{"minutes":1.5}}"#,
            ["expiresIn.minutes: Invalid value, wanted int 1..60"]
        ),
        (
            #"{"credentials":["a"],"mode":"x","modes":["text","x"]}"#,
            [
                "mode: Invalid value, wanted string, one of numeric text",
                "modes[1]: Invalid value, wanted string, one of numeric text",
            ]
        ),
        (#"{"credentials":["a"],"whatever":null}"#, ["whatever: Invalid value, wanted any"]),
        ("[]", ["body: Invalid value, wanted object"]),
        ("", ["body: Invalid value, the JSON text ends too early at byte 0"]),
        (
            #"{"credentials":["a"],"credentials":["b"]}"#,
            ["body: Invalid value, a JSON member is named twice at byte 22"]
        ),
    ]

    @Test("A JSON body has its fields", arguments: bodies)
    func body(_ json: String, _ faults: [String]) throws {
        let found = try Self.schema(Self.fields).body.faults(inJSON: Array(json.utf8))
        #expect(found.map { "\($0.parameter): \($0.message)" } == faults)
        #expect(found.allSatisfy { $0.value.isEmpty && $0.location == .body })
    }

    @Test func `an answer names so many faults and no more`() throws {
        let lines = (0..<40).map { "field f\($0) string required" }.joined(separator: "\n")
        let faults = try Self.schema("body json\n" + lines).body.faults(inJSON: Array("{}".utf8))
        #expect(faults.count == RequestFault.countMax)
    }

    static let encoded: [(text: String, faults: [String])] = [
        ("a=1", []), ("&a=1&&", []), ("%61=%31&x", []), ("a=+1", ["a"]), ("a=1&a=2", ["a"]),
        ("", ["a"]), ("a", ["a"]), ("a=%31%", ["query"]), ("a=%3g", ["query"]),
        ("a=1&b=%FF", ["b"]), ("a=1&b=%C3%A9", []), ("a=1&x=1&x=2", ["x"]),
    ]

    @Test("A query is taken apart as a form is", arguments: encoded)
    func takenApart(_ text: String, _ faults: [String]) throws {
        let policy = try PolicyText(
            policy: """
                route r {
                    match POST /r
                    public
                    errors oauth
                    query a required int
                    query b optional
                    body form
                    field a int required
                    field b string
                }
                """
        ).compile()
        let bytes = Array(text.utf8)
        #expect(policy.routes[0].faults(inQuery: bytes.span).map(\.parameter) == faults)
        let inBody = faults.map { $0 == "query" ? "body" : $0 }
        #expect(policy.routes[0].faults(inBody: bytes).map(\.parameter) == inBody)
    }

    static let lines: [(test: String, outcome: String)] = [
        (#"POST /r?a=1 body "{}""#, "allow"), (#"POST /r?a=1"#, "allow"),
        (#"POST /r"#, "invalid-request"), (#"POST /r?a=x"#, "invalid-request"),
        (#"POST /r?a=1 body "{""#, "invalid-request"), (#"POST /r?a=1 body """#, "400"),
        (#"POST /r?a=1 body "[1,2,3,4,5,6,7]""#, "body-too-large"), (#"POST /n"#, "allow"),
        (#"POST /n body x"#, "invalid-request"),
    ]

    @Test("Test lines decide queries and bodies", arguments: lines)
    func decides(_ test: String, _ outcome: String) {
        let text = """
            route r {
                match POST /r
                public
                query a required int
                body json 10B
            }
            route n {
                match POST /n
                public
                body none
            }
            test "t" \(test) expect \(outcome)
            """
        #expect(PolicyText(policy: text).faults == [])
        let other = outcome == "allow" ? "400" : "allow"
        let wrong = text.replacing("expect \(outcome)", with: "expect \(other)")
        #expect(PolicyText(policy: wrong).faults.count == 1)
    }
}

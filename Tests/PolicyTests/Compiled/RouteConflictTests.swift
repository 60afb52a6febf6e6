import Testing

@Suite("Routes that claim the same requests")
struct RouteConflictTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let first: String
        let second: String
        let isConflict: Bool
        var testDescription: String { "\(first) and \(second)" }

        init(_ first: String, _ second: String, conflict: Bool) {
            self.first = first
            self.second = second
            isConflict = conflict
        }
    }

    static let cases: [Case] = [
        Case("GET /a", "GET /a", conflict: true),
        Case("GET /a", "HEAD /a", conflict: true),
        Case("HEAD /a", "GET /a", conflict: true),
        Case("GET /a", "POST /a", conflict: false),
        Case("* /a", "POST /a", conflict: true),
        Case("DELETE /a", "* /a", conflict: true),
        Case("* /a", "* /{x}", conflict: false),
        Case("GET /{a}", "GET /{b}", conflict: true),
        Case("GET /{a:int}", "GET /{b:uuid}", conflict: true),
        Case("GET /{a:int}", "POST /{b:uuid}", conflict: false),
        Case("GET /{a}", "GET /{a...}", conflict: false),
        Case("GET /{a...}", "GET /{b...}", conflict: true),
        Case("GET /a", "GET /a/", conflict: false),
        Case("GET /a", "GET /a/{b...}", conflict: false),
        Case("GET /a/{b}/c", "GET /a/{x}/c", conflict: true),
        Case("GET /a/{b}/c", "GET /a/{x}/d", conflict: false),
        Case("GET /{a}/x", "GET /x/{a}", conflict: false),
    ]

    @Test("The same method on the same shape is an error", arguments: cases)
    func between(_ example: Case) {
        let text = """
            route one {
                match \(example.first)
                public
            }
            route two {
                match \(example.second)
                public
            }
            """
        let faults = PolicyText(policy: text).faults
        guard example.isConflict else {
            #expect(faults == [])
            return
        }
        #expect(
            faults == [
                "6:5 routes `two` and `one` match the same requests: "
                    + "`\(example.first)` on line 2 is as specific"
            ]
        )
    }

    static let within: [Case] = [
        Case("GET /a", "GET /a", conflict: true),
        Case("GET /a", "HEAD /a", conflict: false),
        Case("* /a", "GET /a", conflict: false),
        Case("GET /{a}", "POST /{b}", conflict: false),
        Case("GET /{a}", "GET /{b}", conflict: true),
        Case("GET /{a}", "HEAD /{a:int}", conflict: true),
    ]

    @Test("A route that says the same twice is an error only if it could differ", arguments: within)
    func inside(_ example: Case) {
        let text = "route r {\nmatch \(example.first)\nmatch \(example.second)\npublic\n}"
        let fault = "3:1 `\(example.first)` of this route matches already"
        #expect(PolicyText(policy: text).faults == (example.isConflict ? [fault] : []))
    }
}

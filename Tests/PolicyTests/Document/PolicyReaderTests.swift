import Policy
import Testing

@Suite("What a policy file may say")
struct PolicyReaderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let faults: [String]
        var testDescription: String { text }

        init(_ text: String, _ faults: String...) {
            self.text = text
            self.faults = faults
        }
    }

    /// Lines of a route that is otherwise right.
    private static let claimFault =
        "2:7 `claim` takes a path, then `equals`, `contains` or `one-of`, then what is wanted"

    static let lines: [Case] = [
        Case("allow any"),
        Case("allow role a b"),
        Case("allow scope s and role a and client c d and claim x y equals z"),
        Case("allow claim \"a.b/c\" equals \"\""),
        Case("allow role \"and\" \"scope\" and scope \"and\""),
        Case("deny any"),
        Case("public"),
        Case("credentials pass"),
        Case("allow", "2:1 `allow` wants `allow CONDITION...`"),
        Case("allow {\n}", "2:1 `allow` takes no block", "2:1 `allow` wants `allow CONDITION...`"),
        Case("allow roll a", "2:7 unknown word `roll` in a condition (nearest: role)"),
        Case("allow role", "2:7 `role` needs a value"),
        Case("allow role \"\"", "2:12 a role is not empty"),
        Case("allow role a and", "2:1 a condition stands on both sides of `and`"),
        Case("allow and role a", "2:1 a condition stands on both sides of `and`"),
        Case("allow role a and and role b", "2:1 a condition stands on both sides of `and`"),
        Case("allow any and role a", "2:7 `any` is the whole condition or none of it"),
        Case("allow any role", "2:7 `any` is the whole condition or none of it"),
        Case(
            "allow role a scope s",
            "2:14 `scope` begins another condition: `and` belongs before it"
        ),
        Case(
            "allow scope a b",
            "2:15 `scope` takes one scope: join two with `and scope`, or write two lines"
        ),
        Case("allow scope \"a b\"", "2:7 a scope has no space, quote or backslash"),
        Case("allow claim a", claimFault),
        Case("allow claim equals v", claimFault),
        Case("allow claim a equals", claimFault),
        Case("allow claim a equals v w", "2:24 `equals` takes one value, `one-of` several"),
        Case("allow claim a \"equals\" v", claimFault),
        Case("public extra", "2:8 unexpected `extra`; wanted `public`"),
        Case("credentials pas", "2:13 `pas` is not `pass` or `forward` (nearest: pass)"),
        Case("credentials forward\nallow any"),
        Case(
            "public\ncredentials forward",
            "1:7 route `r` forwards a token: it needs an `allow` line"
        ),
        Case(
            "public\nallow any",
            "1:7 route `r` has `public` and `allow`, which exclude each other"
        ),
        Case("public\ndeny any"),
        Case("credentials pass\ndeny from 10.0.0.0/8"),
        Case(
            "public\ndeny role x",
            "3:1 route `r` looks at no token, so its lines can say `deny any` and `deny from` only"
        ),
        Case(
            "public\ncredentials pass",
            "1:7 route `r` has `public` and `credentials pass`, which exclude each other"
        ),
        Case(
            "credentials pass\nallow any",
            "1:7 route `r` has `credentials pass` and `allow`, which exclude each other"
        ),
        Case(
            "event A",
            "1:7 route `r` does not say who may call it: "
                + "wanted `public`, `credentials pass`, `allow` or `deny`"
        ),
        Case(
            "public\nevent offer",
            "3:7 `offer` is not an event family: upper-case letters, digits and `_`"
        ),
        Case(
            "public\nevent 1A",
            "3:7 `1A` is not an event family: upper-case letters, digits and `_`"
        ),
        Case("public\nerrors oath", "3:8 `oath` is not `mattr` or `oauth` (nearest: oauth)"),
        Case("public\nresponse store", "3:10 `store` is not `no-store`"),
        Case("allow any\nserve event", "3:7 `event` is not `events` (nearest: events)"),
        Case("public\nserve events", "1:7 route `r` serves events: it needs an `allow` line"),
        Case("deny any\nserve events", "1:7 route `r` serves events: it needs an `allow` line"),
        Case("public\npublic", "3:1 `public` is given twice; the first is on line 2"),
        Case("public\nguard x", "3:1 `guard` wants `guard attempts NUMBER by form NAME`"),
        Case("public\nchek x", "3:1 unknown word `chek` in a route (nearest: check)"),
        Case("alow any\npublic", "2:1 unknown word `alow` in a route (nearest: allow)"),
    ]

    @Test("A line of a route is read or refused", arguments: lines)
    func line(_ example: Case) {
        let text = "route r {\n\(example.text)\nmatch GET /x\n}"
        #expect(PolicyText(policy: text).faults == example.faults)
    }

    static let files: [Case] = [
        Case(""),
        Case("roles a b\nroles c"),
        Case("roles", "1:1 `roles` wants `roles ROLE...`"),
        Case("roles a b a", "1:11 `a` is given twice; the first is on line 1"),
        Case("roles a\nroles \"\"", "2:7 `\"\"` is empty"),
        Case("rout x {\n}", "1:1 unknown word `rout` in a policy (nearest: route)"),
        Case("route x", "1:1 `route` needs a block: `{` at the end of the line"),
        Case("route {\n}", "1:1 `route` wants `route NAME`"),
        Case(
            "route 1x {\nmatch GET /\npublic\n}",
            "1:7 `1x` is not a route name"
        ),
        Case("route r {\npublic\n}", "1:7 route `r` needs a `match` line"),
        Case(
            "route r {\nmatch GET /a\npublic\n}\nroute r {\nmatch GET /b\npublic\n}",
            "5:7 `r` is given twice; the first is on line 1"
        ),
        Case(
            "roles admin\nroute r {\nmatch GET /a\nallow role admn\ndeny role x\n}",
            "4:12 unknown role `admn` (nearest: admin)",
            "5:11 unknown role `x`"
        ),
        Case(
            "route r {\nmatch FETCH /a\nmatch get /b\nmatch TRACE /c\nmatch CONNECT /d\npublic\n}",
            "2:7 unknown method `FETCH` (nearest: PATCH)",
            "3:7 unknown method `get` (nearest: GET)",
            "4:7 `TRACE` is never forwarded",
            "5:7 `CONNECT` is never forwarded"
        ),
        Case(
            "route r {\nmatch GET\nallow rol x\nevent e\n}\nx",
            "2:1 `match` wants `match METHOD TEMPLATE`",
            "3:7 unknown word `rol` in a condition (nearest: role)",
            "4:7 `e` is not an event family: upper-case letters, digits and `_`",
            "6:1 unknown word `x` in a policy"
        ),
    ]

    @Test("A file is read or refused, with everything that is wrong", arguments: files)
    func file(_ example: Case) {
        #expect(PolicyText(policy: example.text).faults == example.faults)
    }

    static let tests: [Case] = [
        Case("GET /x role a b scope s t client c claim role scope equals expect expect allow"),
        Case("GET /x expect 401"),
        Case("GET /x?a=b expect credentials-missing"),
        Case("GET /x", "5:1 `test` needs `expect` and what is expected"),
        Case("GET", "5:1 `test` wants `test NAME METHOD PATH [WORD...]`"),
        Case("GET /x expect", "5:17 `expect` needs a value"),
        Case("GET /x expect allow 200", "5:17 `expect` takes one word"),
        Case(
            "GET /x expect 200",
            "5:24 unknown outcome `200`: wanted `allow`, 400, 401, 403, 404, 405, 413 or a code"
        ),
        Case(
            "GET /x expect role-mising",
            "5:24 unknown outcome `role-mising`: wanted `allow`, 400, 401, 403, 404, 405, 413 or a code"
                + " (nearest: role-missing)"
        ),
        Case("GET /x expect 401 role a", "5:17 `expect` takes one word"),
        Case("GET /x expect 401 event GATEWAY_REQUEST_REFUSED"),
        Case("GET /x expect 401 event", "5:28 `event` wants `event FAMILY`"),
        Case("GET /x expect 401 header a", "5:28 `header` wants `header NAME VALUE`"),
        Case(
            "GET /x expect 401 event A event B",
            "5:36 `event` stands twice in a test"
        ),
        Case(
            "GET /x expect 401 event A role b",
            "5:36 only `event` and `header` follow `expect` and its word"
        ),
        Case(
            "GET /x expect 401 header x-postern-role a",
            "5:35 unknown header `x-postern-role`: a test knows X-Postern-Tenant, X-Postern-Client, "
                + "X-Postern-Subject, X-Postern-Roles (nearest: X-Postern-Roles)"
        ),
        Case("GET /x rol a expect 401", "5:17 unknown word `rol` in a test (nearest: role)"),
        Case("GET /x client a b expect 401", "5:17 `client` takes one word"),
        Case("GET /x client a client b expect 401", "5:26 `client` stands twice in a test"),
        Case(
            "GET /x claim a expect 401",
            "5:17 `claim` takes a path, `equals` or `contains`, and one value"
        ),
        Case("GET /x tenant acme expect 401", "5:24 unknown tenant `acme`"),
    ]

    @Test("A test line is read or refused", arguments: tests)
    func testLine(_ example: Case) {
        let text = "route r {\nmatch GET /x\nallow any\n}\ntest \"t\" \(example.text)"
        #expect(PolicyText(policy: text).faults == example.faults)
    }

    @Test func `a role that only a test line names is unknown too`() {
        let text = """
            roles admin
            route r {
                match GET /x
                allow role admin
            }
            test "t" GET /x role admim expect 403
            """
        #expect(PolicyText(policy: text).faults == ["6:22 unknown role `admim` (nearest: admin)"])
    }
}

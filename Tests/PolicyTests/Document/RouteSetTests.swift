import Testing

@testable import Policy

@Suite("Sets of routes and groups of roles")
struct RouteSetTests {
    /// One set, with what its routes share and what they say themselves.
    static let set = """
        roles admin issuer auditor suspended
        group operators = admin issuer
        routes /v1/offers {
            allow group operators
            deny role suspended
            deny from 192.0.2.0/24
            errors oauth
            response no-store
            route create {
                match POST .
                event OFFER_CREATE
            }
            route remove {
                match DELETE /{id:uuid}
                allow role admin
                deny client old
            }
        }
        """

    static let cases: [String] = [
        "POST /v1/offers role issuer expect allow",
        "POST /v1/offers role admin expect allow",
        "POST /v1/offers role auditor expect role-missing",
        "POST /v1/offers/ role admin expect route-not-found",
        "POST /v1/offers role admin suspended expect denied",
        "POST /v1/offers role admin address 192.0.2.7 expect denied",
        "POST /v1/offers role admin address 192.0.3.7 expect allow",
        "POST /v1/offers expect credentials-missing",
        "DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 role issuer expect role-missing",
        "DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 role admin expect allow",
        "DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 role admin client old expect denied",
        "DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 role admin suspended expect denied",
        "DELETE /v1/offers/7 role admin expect invalid-request",
    ]

    @Test("A route has the lines of its set, but for those it says itself", arguments: cases)
    func decides(_ request: String) {
        #expect(PolicyText(policy: Self.set + "\ntest \"t\" \(request)").faults == [])
    }

    @Test func `a public route of a set keeps out whom the set keeps out by address`() throws {
        let policy = """
            routes /a {
                deny from 192.0.2.0/24
                route open {
                    match GET .
                    public
                }
            }
            test "near" GET /a address 192.0.2.1 expect denied
            test "far" GET /a address 198.51.100.1 expect allow
            test "unknown" GET /a expect allow
            """
        #expect(PolicyText(policy: policy).faults == [])
    }

    @Test func `what a set says is in the compiled routes`() throws {
        let text = """
            routes /v1/offers {
                allow any
                event OFFER
                errors oauth
                response no-store
                route create {
                    match POST .
                }
                route remove {
                    match DELETE /{id:uuid}
                    event OFFER_DELETE
                }
                route show {
                    match GET /{id:uuid}
                    public
                    errors mattr
                }
            }
            """
        let policy = try PolicyText(policy: text).compile()
        #expect(policy.routes.map(\.name) == ["create", "remove", "show"])
        #expect(policy.routes.map(\.errorStyle) == [.oauth, .oauth, .mattr])
        #expect(policy.routes.map(\.isNoStore) == [true, true, true])
        #expect(policy.routes.map(\.access) == [.authorized, .authorized, .public])
        #expect(policy.routes[0].eventFamily == Array("OFFER".utf8))
        #expect(policy.routes[1].eventFamily == Array("OFFER_DELETE".utf8))
        #expect(policy.routes[0].matches.map(\.template) == ["/v1/offers"])
        #expect(policy.routes[1].matches.map(\.template) == ["/v1/offers/{id:uuid}"])
    }

    static let faults: [(policy: String, faults: [String])] = [
        ("routes /a {\n}", ["1:1 a set of routes needs a `route`"]),
        (
            "routes /a/ {\nroute r {\nmatch GET /b\npublic\n}\n}",
            ["1:8 `/a/`: a prefix has no parameters and no slash at its end"]
        ),
        (
            "routes /{x} {\nroute r {\nmatch GET /b\npublic\n}\n}",
            ["1:8 `/{x}`: a prefix has no parameters and no slash at its end"]
        ),
        (
            "routes {\nallow any\nmatch GET /\nroute r {\nmatch GET /b\n}\n}",
            ["3:1 unknown word `match` in a set of routes"]
        ),
        (
            "routes {\nroute r {\nmatch GET /b\n}\n}",
            [
                "2:7 route `r` does not say who may call it: wanted `public`, `credentials pass`, "
                    + "`allow` or `deny`"
            ]
        ),
        (
            "routes {\npublic\nallow any\nroute r {\nmatch GET /b\n}\n}",
            ["4:7 route `r` has `public` and `allow`, which exclude each other"]
        ),
        (
            "routes {\ndeny role x\nroute r {\nmatch GET /b\npublic\n}\n}",
            [
                "2:1 route `r` looks at no token, so its lines can say `deny any` and `deny from` "
                    + "only"
            ]
        ),
        (
            "group g = a\ngroup g = b\nroute r {\nmatch GET /b\nallow role g\n}",
            ["2:7 `g` is given twice; the first is on line 1"]
        ),
        (
            "roles a g\ngroup g = a\nroute r {\nmatch GET /b\nallow role g\n}",
            ["2:7 group `g` is the name of a role"]
        ),
        (
            "group h = b g\ngroup g = a\nroute r {\nmatch GET /b\nallow group h\n}",
            ["1:13 `g` is a group: a group is made of roles"]
        ),
        (
            "group g = g\nroute r {\nmatch GET /b\nallow group g\n}",
            ["1:11 `g` is a group: a group is made of roles"]
        ),
        (
            "roles a\ngroup g = b\nroute r {\nmatch GET /b\nallow group g\n}",
            ["2:11 unknown role `b`"]
        ),
        (
            "roles a\ngroup ops = a\nroute r {\nmatch GET /b\nallow group opps\n}",
            ["5:13 unknown group `opps` (nearest: ops)"]
        ),
        ("group g = \n", ["1:1 `group` wants `group NAME = ROLE...`"]),
        ("group g : a", ["1:9 `group` wants `group NAME = ROLE...`"]),
        ("group 1 = a", ["1:7 `1` is not a name for a group"]),
    ]

    @Test("What makes no sense is refused", arguments: faults)
    func refuses(_ policy: String, _ faults: [String]) {
        #expect(PolicyText(policy: policy).faults == faults)
    }
}

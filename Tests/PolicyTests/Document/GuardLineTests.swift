import Testing

@testable import Policy

@Suite("Guard lines")
struct GuardLineTests {
    private func route(_ lines: String, _ rest: String = "errors oauth\nbody form") -> PolicyText {
        PolicyText(policy: "route r {\nmatch POST /a\npublic\n\(lines)\n\(rest)\n}")
    }

    @Test func `a guard names how many attempts may fail, and the field`() throws {
        let policy = try route("guard attempts 3 by form pre-authorized_code").compile()
        #expect(
            policy.routes[0].attempts
                == AttemptGuard(attemptsMax: 3, field: Array("pre-authorized_code".utf8))
        )
        #expect(policy.routes[0].limits == ["guard attempts 3 by form pre-authorized_code"])
        #expect(try route("").compile().routes[0].attempts == nil)
    }

    static let faults: [(line: String, fault: String)] = [
        ("guard", "4:1 `guard` wants `guard attempts NUMBER by form NAME`"),
        ("guard attempts 0 by form code", "4:16 `0` is not between 1 and 100"),
        ("guard attempts 101 by form code", "4:16 `101` is not between 1 and 100"),
        ("guard attempts x by form code", "4:16 `x` is not a whole number"),
        ("guard tries 3 by form code", "4:7 `tries` is not `attempts`"),
        ("guard attempts 3 by form \"\"", "4:26 `\"\"` is empty"),
        (
            "guard attempts 3 by form a\nguard attempts 4 by form b",
            "5:1 `guard` is given twice; the first is on line 4"
        ),
    ]

    @Test("What makes no sense is refused", arguments: faults)
    func refuses(_ line: String, _ fault: String) {
        #expect(route(line).faults == [fault])
    }

    @Test(
        "A guard that could be got round is refused",
        arguments: ["errors oauth", "body form", "errors oauth\nbody json"]
    )
    func incomplete(_ rest: String) {
        #expect(
            route("guard attempts 3 by form code", rest).faults == [
                "4:1 route `r` has a `guard`: it needs the lines `body form` and `errors oauth`"
            ]
        )
    }
}

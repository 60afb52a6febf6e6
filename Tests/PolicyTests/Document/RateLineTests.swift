import Testing

@testable import Policy

@Suite("Rate lines")
struct RateLineTests {
    private func route(_ lines: String, access: String = "allow any") -> PolicyText {
        PolicyText(policy: "route r {\nmatch GET /a\n\(access)\n\(lines)\n}")
    }

    @Test func `each key has its line, and the burst is the rate when none is given`() throws {
        let text = "rate 20/s burst 40 by client\nrate 600/m by address\nrate 10000/h by tenant"
        let policy = try route(text).compile()
        #expect(
            policy.routes[0].limits == [
                "rate 600/m by address", "rate 10000/h by tenant", "rate 20/s burst 40 by client",
            ]
        )
        #expect(policy.routes[0].rates.map(\.burst) == [600, 10_000, 40])
        #expect(policy.listing()[0].limits == policy.routes[0].limits)
    }

    @Test func `a route without a line has no limit`() throws {
        #expect(try route("").compile().routes[0].rates == [])
    }

    static let faults: [(line: String, fault: String)] = [
        ("rate", "4:1 `rate` wants `rate NUMBER/s|m|h [burst NUMBER] by address|tenant|client`"),
        (
            "rate 20/s",
            "4:1 `rate` wants `rate NUMBER/s|m|h [burst NUMBER] by address|tenant|client`"
        ),
        ("rate 20 by client", "4:6 `20` is not a rate such as 20/s, 100/m or 1000/h"),
        ("rate 20/d by client", "4:6 `20/d` is not a rate such as 20/s, 100/m or 1000/h"),
        ("rate -1/s by client", "4:6 `-1/s` is not a rate such as 20/s, 100/m or 1000/h"),
        ("rate 1/s/s by client", "4:6 `1/s/s` is not a rate such as 20/s, 100/m or 1000/h"),
        ("rate 0/s by client", "4:6 `0/s` is not between 1 and 1000000"),
        (
            "rate 99999999999999999999/s by client",
            "4:6 `99999999999999999999/s` is not between 1 and 1000000"
        ),
        ("rate 20/s burst 0 by client", "4:17 `0` is not between 1 and 1000000"),
        ("rate 20/s burst x by client", "4:17 `x` is not a whole number"),
        ("rate 1/h burst 721 by client", "4:6 the burst would take more than 30d to come again"),
        (
            "rate 20/s by adress",
            "4:14 `adress` is not `address`, `tenant` or `client` (nearest: address)"
        ),
        ("rate 20/s burst 40 client", "4:11 wanted `rate 20/s burst 40 by address`"),
        ("rate 20/s burst by client", "4:11 wanted `rate 20/s burst 40 by address`"),
        (
            "rate 20/s by client\nrate 5/s by client",
            "5:13 `client` is given twice; the first is on line 4"
        ),
    ]

    @Test("What makes no sense is refused", arguments: faults)
    func refuses(_ line: String, _ fault: String) {
        #expect(route(line).faults == [fault])
    }

    @Test(
        "A route that looks at no token knows no client",
        arguments: ["public", "credentials pass"]
    )
    func withoutToken(_ access: String) {
        #expect(
            route("rate 5/s by client", access: access).faults == [
                "4:1 route `r` looks at no token: wanted `by address` or `by tenant`"
            ]
        )
        #expect(route("rate 5/s by address\nrate 9/s by tenant", access: access).faults == [])
    }

    @Test func `a route's line counts instead of its set's of the same key`() throws {
        let text = """
            routes /a {
                allow any
                rate 20/s by address
                rate 100/s by tenant
                route own {
                    match GET .
                    rate 5/m by address
                    rate 1/s by client
                }
                route set {
                    match POST .
                }
            }
            """
        let policy = try PolicyText(policy: text).compile()
        #expect(
            policy.routes.map(\.limits) == [
                ["rate 5/m by address", "rate 100/s by tenant", "rate 1/s by client"],
                ["rate 20/s by address", "rate 100/s by tenant"],
            ]
        )
    }
}

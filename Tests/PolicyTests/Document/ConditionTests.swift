import Testing

@testable import Policy

@Suite("Conditions")
struct ConditionTests {
    /// A condition, and callers whom it lets pass or not.
    struct Case: Sendable, CustomTestStringConvertible {
        let condition: String
        let allowed: [String]
        let refused: [String]
        var testDescription: String { condition }
    }

    static let cases: [Case] = [
        Case(
            condition: "claim org equals acme",
            allowed: ["claim org equals acme", "claim org contains acme"],
            refused: ["claim org equals acme2", "claim orgs equals acme", "role acme"]
        ),
        Case(
            condition: "claim groups contains staff",
            allowed: [
                "claim groups contains staff", "claim groups equals \"it staff\"",
                "claim groups contains it claim groups contains staff",
            ],
            refused: ["claim groups contains it", "claim groups equals staffers", "role staff"]
        ),
        Case(
            condition: "claim a b one-of x y",
            allowed: ["claim a b equals x", "claim a b equals y", "claim a b contains y"],
            refused: ["claim a b equals z", "claim a equals x", "claim a b equals \"x y\""]
        ),
        Case(
            condition: "from 10.0.0.0/8 192.0.2.1 and role admin",
            allowed: ["role admin address 10.1.1.1", "role admin address 192.0.2.1"],
            refused: ["role admin address 11.1.1.1", "role admin", "role x address 10.1.1.1"]
        ),
        Case(
            condition: "from 2001:db8::/32",
            allowed: ["role x address 2001:db8::1"],
            refused: ["role x address 10.1.1.1", "role x address 2001:db9::1"]
        ),
        Case(
            condition: "claim \"equals\" equals \"one-of\"",
            allowed: ["claim \"equals\" equals \"one-of\""],
            refused: ["claim \"equals\" equals x"]
        ),
    ]

    @Test("A condition holds for these callers and no others", arguments: cases)
    func holds(_ example: Case) {
        let route = "route r {\nmatch GET /r\nallow \(example.condition)\n}\n"
        for caller in example.allowed {
            let text = route + "test \"t\" GET /r \(caller) expect allow"
            #expect(PolicyText(policy: text).faults == [], "\(caller)")
        }
        for caller in example.refused {
            let text = route + "test \"t\" GET /r \(caller) expect 403"
            #expect(PolicyText(policy: text).faults == [], "\(caller)")
        }
    }

    static let faults: [(condition: String, fault: String)] = [
        ("from", "3:7 `from` needs a value"),
        (
            "from 10.0.0.0/33",
            "3:12 `10.0.0.0/33` is neither an address nor a range such as `10.0.0.0/8`"
        ),
        (
            "from 10.0.0.1/8",
            "3:12 `10.0.0.1/8` has bits behind its prefix (nearest: 10.0.0.0/8)"
        ),
        ("from 10.0.0.0/8 role a", "3:23 `role` begins another condition: `and` belongs before it"),
        ("claim a contains b c", "3:26 `contains` takes one value, `one-of` several"),
        (
            "claim a one-of",
            "3:7 `claim` takes a path, then `equals`, `contains` or `one-of`, then what is wanted"
        ),
        (
            "claim equals b",
            "3:7 `claim` takes a path, then `equals`, `contains` or `one-of`, then what is wanted"
        ),
        ("form 10.0.0.0/8", "3:7 unknown word `form` in a condition (nearest: from)"),
    ]

    @Test("A condition that makes no sense is refused", arguments: faults)
    func refuses(_ condition: String, _ fault: String) {
        let text = "route r {\nmatch GET /r\nallow \(condition)\n}\n"
        #expect(PolicyText(policy: text).faults == [fault])
    }
}

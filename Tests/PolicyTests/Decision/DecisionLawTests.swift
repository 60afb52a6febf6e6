import Testing

@testable import Policy

@Suite("Laws of decisions")
struct DecisionLawTests {
    static let lines = [
        "role a", "role b c", "role a and scope s", "scope s", "scope t and role c", "client x",
        "claim d equals e", "claim d equals e and client x", "any",
    ]

    /// Every caller that the conditions of `lines` can tell apart, as a set of what is true.
    static let callers: [Set<Condition>] = {
        let conditions: [Condition] = [
            .role("a"), .role("b"), .role("c"), .scope("s"), .scope("t"), .client("x"),
            .claim(path: ["d"], .equals("e")),
        ]
        return (0..<1 << conditions.count).map { bits in
            Set(conditions.indices.filter { bits >> $0 & 1 == 1 }.map { conditions[$0] })
        }
    }()

    private static func policy(allow: [String], deny: [String]) throws -> CompiledPolicy {
        let lines = allow.map { "allow \($0)" } + deny.map { "deny \($0)" }
        let text = "route r {\nmatch GET /r\n\(lines.joined(separator: "\n"))\n}"
        return try PolicyText(policy: text, tenants: [("t", "")]).compile()
    }

    /// `nil` for allowed.
    private static func denial(_ policy: CompiledPolicy, _ caller: Set<Condition>) -> Denial? {
        var facts = FactSet()
        for (fact, condition) in policy.conditions(ofTenant: 0).enumerated()
        where caller.contains(condition) {
            facts.insert(fact)
        }
        return switch policy.decide(route: 0, tenant: 0, facts: facts) {
        case .allow: nil
        case .deny(let denial): denial
        }
    }

    /// All pairs of an allow list and a deny list of at most two lines each.
    static let policies: [(allow: [String], deny: [String])] = {
        let singles = lines.map { [$0] }
        let pairs = (0..<lines.count - 1).map { [lines[$0], lines[$0 + 1]] }
        return (singles + pairs).flatMap { allow in
            ([[]] + singles).map { (allow, $0) }
        }
    }()

    @Test func `the order of lines does not matter`() throws {
        for (allow, deny) in Self.policies {
            let forward = try Self.policy(allow: allow, deny: deny)
            let backward = try Self.policy(allow: allow.reversed(), deny: deny.reversed())
            for caller in Self.callers {
                #expect(Self.denial(forward, caller) == Self.denial(backward, caller))
            }
        }
    }

    @Test func `a deny line more never allows more`() throws {
        for (allow, deny) in Self.policies {
            let before = try Self.policy(allow: allow, deny: [])
            let after = try Self.policy(allow: allow, deny: deny)
            for caller in Self.callers where Self.denial(before, caller) != nil {
                #expect(Self.denial(after, caller) != nil, "\(allow) \(deny) \(caller)")
            }
        }
    }

    @Test func `a deny line that holds always refuses with denied`() throws {
        for (allow, deny) in Self.policies where !deny.isEmpty {
            let policy = try Self.policy(allow: allow, deny: deny)
            let denied = try Self.policy(allow: deny, deny: [])
            for caller in Self.callers where Self.denial(denied, caller) == nil {
                #expect(Self.denial(policy, caller) == .denied)
            }
        }
    }

    @Test func `without deny lines, having less never allows more`() throws {
        for (allow, deny) in Self.policies where deny.isEmpty {
            let policy = try Self.policy(allow: allow, deny: [])
            for caller in Self.callers where Self.denial(policy, caller) != nil {
                for less in caller {
                    #expect(Self.denial(policy, caller.subtracting([less])) != nil)
                }
            }
        }
    }

    @Test func `an allow line more never allows less`() throws {
        for (allow, deny) in Self.policies where allow.count == 2 {
            let before = try Self.policy(allow: [allow[0]], deny: deny)
            let after = try Self.policy(allow: allow, deny: deny)
            for caller in Self.callers where Self.denial(before, caller) == nil {
                #expect(Self.denial(after, caller) == nil)
            }
        }
    }

    @Test func `a trace tells what decide decides`() throws {
        for (allow, deny) in Self.policies {
            let policy = try Self.policy(allow: allow, deny: deny)
            for caller in Self.callers {
                var facts = FactSet()
                for (fact, condition) in policy.conditions(ofTenant: 0).enumerated()
                where caller.contains(condition) {
                    facts.insert(fact)
                }
                let trace = policy.trace(route: 0, tenant: 0, facts: facts)
                #expect(trace.denial == Self.denial(policy, caller))
                #expect(trace.lines.count == allow.count + deny.count)
                #expect((trace.decisive?.effect == .allow) == (trace.denial == nil))
            }
        }
    }
}

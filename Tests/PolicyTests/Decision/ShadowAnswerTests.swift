import Testing

@testable import Policy

@Suite("The answer of a policy that only looks on")
struct ShadowAnswerTests {
    static let policy = """
        route open {
            match GET /open
            public
            deny from 10.0.0.0/8
        }
        route wallet {
            match GET /wallet
            credentials pass
        }
        route guarded {
            match GET /guarded
            allow role a
            deny role b
        }

        """

    static let cases: [(String, String, ShadowCaller, ShadowAnswer)] = [
        ("GET", "/open", .stranger, .allow), ("GET", "/open", .refused, .allow),
        ("GET", "/open", .unjudged, .allow), ("GET", "/wallet", .unjudged, .allow),
        ("POST", "/open", .stranger, .methodNotAllowed),
        ("GET", "/nowhere", .unjudged, .routeNotFound),
        ("GET", "/guarded", .stranger, .credentialsMissing),
        ("GET", "/guarded", .refused, .credentialsRefused),
        ("GET", "/guarded", .unjudged, .unknownCaller),
        ("GET", "/guarded", .known(FactSet()), .roleMissing),
        ("GET", "/guarded", .known(facts("a")), .allow),
        ("GET", "/guarded", .known(facts("a", "b")), .denied),
    ]

    @Test("it says what it knows of the caller", arguments: cases)
    func answer(
        _ method: String,
        _ path: String,
        _ caller: ShadowCaller,
        _ wanted: ShadowAnswer
    ) throws {
        let found = try answer(method, path, caller, from: "192.0.2.1")
        #expect(found.answer == wanted)
        #expect((found.route < 0) == [.routeNotFound, .methodNotAllowed].contains(wanted))
    }

    @Test func `the address of the connection counts`() throws {
        #expect(try answer("GET", "/open", .stranger, from: "10.1.2.3").answer == .denied)
        #expect(try answer("GET", "/open", .stranger, from: nil).answer == .allow)
    }

    private func answer(
        _ method: String,
        _ path: String,
        _ caller: ShadowCaller,
        from address: String?
    ) throws -> (answer: ShadowAnswer, route: Int) {
        let policy = try PolicyText(policy: Self.policy, tenants: [("acme", "")]).compile()
        var parameters = PathParameters()
        return policy.shadowAnswer(
            method: MethodCode(name: method),
            path: Array(path.utf8).span,
            tenant: 0,
            address: address.flatMap { NetworkAddress($0) },
            caller: caller,
            parameters: &parameters
        )
    }

    /// What holds of a caller with some roles, in the numbers of the policy above.
    private static func facts(_ roles: String...) -> FactSet {
        var facts = FactSet()
        guard let policy = try? PolicyText(policy: policy, tenants: [("acme", "")]).compile() else {
            return facts
        }
        for (fact, condition) in policy.conditions(ofTenant: 0).enumerated() {
            if case .role(let role) = condition, roles.contains(role) { facts.insert(fact) }
        }
        return facts
    }
}

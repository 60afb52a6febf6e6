import Testing

@testable import Policy

@Suite("Calls decided again")
struct ReplayTests {
    @Test(
        "a template gives a path that it takes itself",
        arguments: [
            "/", "/a", "/a/{id}", "/a/{id:uuid}/b/{n:int}", "/{name:slug}", "/{rest...}",
            "/admin/{rest...}", "/a/{id:uuid}/{rest...}", "/a/",
        ]
    )
    func samples(_ template: String) throws {
        let policy = try PolicyText(policy: route("r", "match GET \(template)\npublic")).compile()
        for path in try PathTemplate(template).samples {
            var parameters = PathParameters()
            #expect(CanonicalPath.fault(of: path) == nil)
            #expect(
                policy.match(method: .get, path: path.span, parameters: &parameters) == .route(0)
            )
            #expect(policy.parameterFaults(parameters, in: path.span).isEmpty)
        }
    }

    static let policy = """
        route offer {
            match GET /offers/{id:uuid}
            match DELETE /offers/{id:uuid}
            allow role admin
        }
        route latest {
            match GET /offers/latest
            public
        }
        route files {
            match GET /files/{rest...}
            public
        }
        route file {
            match GET /files/{name}
            public
        }

        """

    static let routes: [(method: String, template: String, route: String)] = [
        ("GET", "/offers/{id:uuid}", "offer"), ("HEAD", "/offers/{id:uuid}", "offer"),
        ("DELETE", "/offers/{id:uuid}", "offer"), ("GET", "/offers/{other}", "offer"),
        ("GET", "/offers/latest", "latest"), ("POST", "/offers/{id:uuid}", "method-not-allowed"),
        ("DELETE", "/offers/latest", "method-not-allowed"), ("GET", "/reports", "route-not-found"),
        ("TRACE", "/offers/{id:uuid}", "method-not-allowed"),
        ("GET", "/offers/{id:uuid}/x", "route-not-found"),
        // The template is there, so the call stays with it.
        ("GET", "/files/{rest...}", "files"), ("GET", "/files/{name}", "file"),
        // How many segments there were is not recorded.
        ("GET", "/files/{other...}", "how far the path went is not recorded"),
        ("GET", "no template", "the recorded path is no template"),
    ]

    @Test("a call goes where its template goes", arguments: routes)
    func route(_ method: String, _ template: String, _ wanted: String) throws {
        let policy = try PolicyText(policy: Self.policy).compile()
        let found =
            switch policy.route(method: method, template: template) {
            case .route(let route): policy.routes[route].name
            case .refuse(let code): code
            case .unknown(let why): why
            }
        #expect(found == wanted)
    }

    /// The lines of a route, a caller, and the answer.
    static let answers: [(lines: String, caller: RecordedCaller, answer: String)] = [
        ("allow role a", .init(roles: ["a"]), "allow"),
        ("allow role a", .init(roles: ["b"]), "role-missing"),
        ("allow role b", .init(roles: ["a"], isCut: true), "? role b"),
        ("allow role \"a,b\"", .init(roles: ["a"]), "? role a,b"),
        ("allow scope s", .init(scopes: ["s"]), "allow"),
        ("allow scope s", .init(absentScopes: ["s"]), "denied"),
        ("allow scope s", .init(), "? scope s"),
        ("allow client c", .init(client: "c"), "allow"),
        ("allow client c", .init(client: ""), "denied"),
        ("allow client c", .init(client: nil), "? client c"),
        ("allow any", .init(), "allow"), ("allow any\ndeny any", .init(), "denied"),
        // What is the same whatever the claim be is known.
        ("allow role a\nallow claim d equals x", .init(roles: ["a"]), "allow"),
        ("allow role a and claim d equals x", .init(), "role-missing"),
        ("allow role a and claim d equals x", .init(roles: ["a"]), "? claim d equals x"),
        ("allow claim d equals x", .init(roles: ["a"]), "? claim d equals x"),
        ("allow any\ndeny claim d contains x", .init(), "? claim d contains x"),
        ("allow any\ndeny claim d contains x\ndeny role a", .init(roles: ["a"]), "denied"),
        ("allow client c\ndeny claim d equals x", .init(client: "z"), "denied"),
        ("allow role a\ndeny claim d equals x", .init(), "role-missing or denied"),
        ("allow role a\ndeny role b and claim d equals x", .init(roles: ["a"]), "allow"),
        (
            "allow role a and claim d equals x\nallow scope s", .init(roles: ["a"]),
            "? claim d equals x, scope s"
        ),
        // Address conditions.
        ("allow any\ndeny from 192.0.2.0/24", .init(), "denied"),
        ("allow from 10.0.0.0/8", .init(), "denied"),
        ("public\ndeny from 192.0.2.0/24", .init(), "denied"), ("public", .init(), "allow"),
    ]

    @Test("an answer is given as far as it is known", arguments: answers)
    func answer(_ lines: String, _ caller: RecordedCaller, _ answer: String) throws {
        let call = RecordedCall(
            method: "GET",
            template: "/r",
            address: NetworkAddress("192.0.2.7"),
            caller: caller
        )
        #expect(try self.answer(lines, call) == answer)
    }

    @Test func `a call that showed no token is not known where one is asked for`() throws {
        let call = RecordedCall(method: "GET", template: "/r", address: nil, caller: nil)
        #expect(try answer("allow any", call) == "no token was looked at")
        #expect(try answer("public", call) == "allow")
        #expect(try answer("public\ndeny from 10.0.0.0/8", call) == "? from 10.0.0.0/8")
    }

    @Test("knowing more never contradicts what was known", arguments: answers)
    func consistency(_ lines: String, _ caller: RecordedCaller, _ answer: String) throws {
        let policy = try PolicyText(
            policy: route("r", "match GET /r\n\(lines)"),
            tenants: [("acme", "")]
        ).compile()
        let call = RecordedCall(
            method: "GET",
            template: "/r",
            address: NetworkAddress("192.0.2.7"),
            caller: caller
        )
        let partial = call.facts(among: policy.conditions(ofTenant: 0))
        let open = (0..<FactSet.factsMax).filter(partial.open.contains)
        var outcomes: Set<String> = []
        for chosen in 0..<(1 << open.count) {
            var facts = partial.known
            for (place, fact) in open.enumerated() where chosen >> place & 1 == 1 {
                facts.insert(fact)
            }
            switch policy.verdict(0, by: policy.rules.ruleSet(ofRoute: 0, tenant: 0), facts) {
            case .allow: outcomes.insert("allow")
            case .deny(let denial): outcomes.insert(denial.code)
            }
        }
        // Each open condition is taken for itself, and the lines above use each once.
        if answer.hasPrefix("?") {
            #expect(outcomes.count > 1)
        } else {
            #expect(Set(answer.split(separator: " or ").map(String.init)) == outcomes)
        }
    }

    private func route(_ name: String, _ lines: String) -> String {
        "route \(name) {\n\(lines)\n}\n"
    }

    private func answer(_ lines: String, _ call: RecordedCall) throws -> String {
        let policy = try PolicyText(
            policy: route("r", "match GET /r\n\(lines)"),
            tenants: [("acme", "")]
        ).compile()
        switch policy.replay(call, route: 0, tenant: 0) {
        case .allow: return "allow"
        case .refuse(let codes): return codes.joined(separator: " or ")
        case .unknown(let why): return why.replacing("not recorded: ", with: "? ")
        }
    }
}

extension String {
    fileprivate func replacing(_ prefix: String, with other: String) -> String {
        hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
    }
}

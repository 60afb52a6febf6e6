import Testing

@testable import Policy

@Suite("Who may call what")
struct DecisionTests {
    static let rules = """
        roles a b c d
        route one {
            match GET /one
            allow role a
        }
        route several {
            match GET /several
            allow role a b
            allow role c and scope s
            deny role d
        }
        route scoped {
            match GET /scoped
            allow scope s
            allow scope t and scope u
        }
        route claimed {
            match GET /claimed
            allow claim department equals issuance
            allow claim realm "a.b" equals yes and client x
            deny client banned worse
        }
        route anyone {
            match GET /anyone
            allow any
            deny scope s and role d
        }
        route closed {
            match GET /closed
            allow role a
            deny any
        }
        route denyOnly {
            match GET /deny-only
            deny role a
        }
        route typed {
            match GET /typed/{id:int}
            allow role a
        }
        route open {
            match GET /open/{id:int}
            public
        }
        route wallet {
            match POST /wallet
            credentials pass
        }
        """

    static let acme = """
        route one {
            allow role b
            allow scope acme
        }
        route several {
            deny role a
            allow any
        }
        route denyOnly {
            allow role a
        }
        """

    static let decisions = """
        GET /one expect 401
        GET /one role a expect allow
        GET /one role b expect role-missing
        GET /one role a b expect allow
        GET /one scope a expect role-missing
        GET /one client a expect role-missing
        GET /one claim roles equals a expect role-missing
        GET /one tenant acme expect 401
        GET /one tenant acme role a expect role-missing
        GET /one tenant acme role b expect allow
        GET /one tenant acme scope acme expect allow
        GET /one scope acme expect role-missing
        GET /one tenant other role a expect allow
        GET /one tenant other role b expect 403
        GET /several role a expect allow
        GET /several role b expect allow
        GET /several role c expect role-missing
        GET /several scope s expect role-missing
        GET /several role c scope s expect allow
        GET /several role c scope t expect role-missing
        GET /several role c scope t s expect allow
        GET /several role d expect denied
        GET /several role a d expect denied
        GET /several role c d scope s expect denied
        GET /several tenant acme role c expect allow
        GET /several tenant acme role a expect denied
        GET /several tenant acme role d expect allow
        GET /several tenant acme client x expect allow
        GET /several tenant acme expect credentials-missing
        GET /scoped scope s expect allow
        GET /scoped scope t expect denied
        GET /scoped scope u expect denied
        GET /scoped scope u t expect allow
        GET /scoped scope S expect denied
        GET /scoped scope ss expect denied
        GET /scoped role a expect denied
        GET /scoped expect 401
        GET /claimed claim department equals issuance expect allow
        GET /claimed claim department equals Issuance expect denied
        GET /claimed claim department issuance equals issuance expect denied
        GET /claimed claim realm a.b equals yes expect denied
        GET /claimed claim realm a.b equals yes client x expect allow
        GET /claimed claim realm a b equals yes client x expect denied
        GET /claimed claim realm.a b equals yes client x expect denied
        GET /claimed client x expect denied
        GET /claimed claim department equals issuance client banned expect denied
        GET /claimed claim department equals issuance client worse expect denied
        GET /claimed claim department equals issuance client better expect allow
        GET /anyone client x expect allow
        GET /anyone role d expect allow
        GET /anyone scope s expect allow
        GET /anyone scope s role d expect denied
        GET /anyone expect 401
        GET /closed role a expect denied
        GET /closed client x expect denied
        GET /closed expect 401
        GET /deny-only role a expect denied
        GET /deny-only role b expect denied
        GET /deny-only tenant acme role a expect allow
        GET /deny-only tenant acme role b expect role-missing
        GET /typed/17 role a expect allow
        GET /typed/x role a expect invalid-request
        GET /typed/x role b expect role-missing
        GET /typed/x expect 401
        GET /typed/ role a expect 404
        GET /typed role a expect 404
        POST /typed/17 role a expect 405
        GET /open/1 expect allow
        GET /open/1 role a expect allow
        GET /open/x expect 400
        HEAD /open/1 expect allow
        PUT /open/1 expect 405
        POST /wallet expect allow
        POST /wallet role a expect allow
        GET /wallet expect method-not-allowed
        GET /none expect route-not-found
        GET //one role a expect path-not-canonical
        GET /./one role a expect path-not-canonical
        GET /one%2F role a expect path-not-canonical
        GET /%6Fne role a expect path-not-canonical
        GET /one;x role a expect path-not-canonical
        TRACE /one role a expect 405
        """

    @Test("A caller may or may not", arguments: decisions.split(separator: "\n").map(String.init))
    func decides(_ line: String) {
        let text = PolicyText(
            policy: "\(Self.rules)\ntest \"t\" \(line)",
            tenants: [("other", ""), ("acme", Self.acme)]
        )
        #expect(text.faults == [])
    }

    @Test func `a test that fails says what came instead`() {
        let text = """
            route r {
                match GET /x/{id:int}
                allow role a
            }
            test "one" GET /x/1 role a expect 403
            test "two" GET /x/1 expect allow
            test "three" GET /y expect role-missing
            test "four" GET /x/a role a expect 404
            test "five" GET /x/1 role a expect allow
            """
        #expect(
            PolicyText(policy: text).faults == [
                "5:1 test `one` failed: expected 403, came out allow, by route `r`",
                "6:1 test `two` failed: expected allow, "
                    + "came out 401 `credentials-missing`, by route `r`",
                "7:1 test `three` failed: expected `role-missing`, came out 404 `route-not-found`",
                "8:1 test `four` failed: expected 404, came out 400 `invalid-request`, by route `r`",
            ]
        )
    }

    @Test func `a permit names its route and its line`() throws {
        let policy = try PolicyText(policy: Self.rules, tenants: [("t", "")]).compile()
        var facts = FactSet()
        for (fact, condition) in policy.conditions(ofTenant: 0).enumerated()
        where condition == .role("c") || condition == .scope("s") {
            facts.insert(fact)
        }
        switch policy.decide(route: 1, tenant: 0, facts: facts) {
        case .deny(let denial): Issue.record("\(denial)")
        case .allow(let permit):
            let route = permit.route
            #expect(route == 1)
            let id = permit.rule
            let rule = try #require(id)
            #expect(policy.position(of: rule, route: 1, tenant: 0).line == 9)
        }
    }

    @Test func `only open routes give a permit without a token`() throws {
        let policy = try PolicyText(policy: Self.rules, tenants: [("t", "")]).compile()
        for (index, route) in policy.routes.enumerated() {
            switch policy.decideWithoutToken(route: index, tenant: 0, facts: FactSet()) {
            case .deny: #expect(route.access == .authorized)
            case .allow(let permit):
                #expect(route.access != .authorized)
                let (named, rule) = (permit.route, permit.rule)
                #expect(named == index)
                #expect(rule == nil)
            }
        }
    }

    @Test func `nobody is allowed by rules on a route that has none`() throws {
        let policy = try PolicyText(policy: Self.rules, tenants: [("t", "")]).compile()
        var all = FactSet()
        for fact in 0..<FactSet.factsMax { all.insert(fact) }
        for (index, route) in policy.routes.enumerated() where route.access != .authorized {
            switch policy.decide(route: index, tenant: 0, facts: all) {
            case .allow: Issue.record("allowed on \(route.name)")
            case .deny(let denial): #expect(denial == .denied)
            }
        }
    }

    @Test func `a challenge names the scopes of the first line that asks for any`() throws {
        let text = """
            route r {
                match GET /r
                allow role x
                allow scope t and role a and scope u
                allow scope s
            }
            route q {
                match GET /q
                allow role x
            }
            """
        let tenants = [("plain", ""), ("own", "route q {\nallow scope z\n}")]
        let policy = try PolicyText(policy: text, tenants: tenants).compile()
        #expect(policy.scopes(route: 0, tenant: 0) == Array("t u".utf8))
        #expect(policy.scopes(route: 1, tenant: 0) == [])
        #expect(policy.scopes(route: 1, tenant: 1) == Array("z".utf8))
    }

    @Test func `a tenant's scopes are those of every allow line in force`() throws {
        let text = """
            route r {
                match GET /r
                allow scope t and role a
                allow scope s
                deny scope banned
            }
            route q {
                match GET /q
                allow scope t and scope u
                allow scope replaced
            }
            """
        let tenants = [("plain", ""), ("own", "route q {\nallow scope z\n}")]
        let policy = try PolicyText(policy: text, tenants: tenants).compile()
        #expect(Set(policy.scopes(tenant: 0)) == ["t", "s", "u", "replaced"])
        #expect(policy.scopes(tenant: 0).count == 4)
        #expect(Set(policy.scopes(tenant: 1)) == ["t", "s", "z"])
    }
}

/// Turns policy documents and the tenants' overrides into a `CompiledPolicy`.
///
/// It checks what only the whole can tell: roles that nobody declared, routes that claim the same
/// request, overrides of routes that do not exist. All faults are reported together.
public struct PolicyCompiler {
    private var reader: StatementReader
    private var roles: [String: SourcePosition] = [:]
    private var groups: [String: RoleGroup] = [:]
    private var routes: [CompiledRoute] = []
    private var routesByName: [String: Int] = [:]
    private var trie = RouteTrieBuilder()
    private var templates: [(route: Int, line: MatchLine)] = []
    private var parameters = ParameterTable()
    private var rules = RuleTable()
    private var facts = FactNumbering()
    private var ownConditions: [[Condition]] = []

    private init(sources: SourceMap) { reader = StatementReader(sources: sources) }

    /// Compiles a policy and runs its `test` lines.
    ///
    /// - Parameters:
    ///   - documents: What `PolicyReader` read.
    ///   - tenants: In the order in which they are numbered afterwards.
    ///   - absent: Names of tenants that are left out; `test` lines about them are passed over.
    ///   - sources: The files that all of it comes from.
    /// - Returns: A policy whose `test` lines all pass.
    /// - Throws: Everything that is wrong, including what the documents already carry.
    public static func compile(
        _ documents: [PolicyDocument],
        tenants: [TenantPolicyInput],
        absent: Set<String> = [],
        sources: SourceMap
    ) throws(InvalidPolicy) -> CompiledPolicy {
        var compiler = PolicyCompiler(sources: sources)
        compiler.declareRoles(documents.flatMap(\.roles))
        compiler.declareGroups(documents.flatMap(\.groups))
        let tests = documents.flatMap(\.tests).filter { test in
            test.tenant.map { !absent.contains($0.text) } ?? true
        }
        for route in documents.flatMap(\.routes) { compiler.add(route) }
        for tenant in tenants { compiler.add(tenant) }
        compiler.checkNames(of: tests, tenants)
        let diagnostics = documents.flatMap(\.diagnostics) + compiler.reader.diagnostics
        guard diagnostics.isEmpty else { throw InvalidPolicy(diagnostics) }

        let policy = compiler.finish(tenants, testCount: tests.count)
        let failures = policy.failures(of: tests)
        guard failures.isEmpty else {
            throw InvalidPolicy(related(failures, of: tests, tenants), cause: .tests)
        }
        return policy
    }

    /// Failing tests with the place of the tenant that each is about.
    private static func related(
        _ failures: [Diagnostic],
        of tests: [PolicyTest],
        _ tenants: [TenantPolicyInput]
    ) -> [Diagnostic] {
        failures.map { failure in
            var failure = failure
            let name = tests.first { $0.position == failure.position }?.tenant?.text
            failure.related = name.flatMap { name in tenants.first { $0.name == name }?.position }
            return failure
        }
    }

    private mutating func finish(
        _ tenants: [TenantPolicyInput],
        testCount: Int
    ) -> CompiledPolicy {
        rules.finish()
        return CompiledPolicy(
            routes: routes,
            templates: templates.map(\.line.template.text),
            tenantNames: tenants.map(\.name),
            testCount: testCount,
            trie: trie.build(),
            parameters: parameters,
            rules: rules,
            sharedConditions: facts.conditions,
            ownConditions: ownConditions,
            authorizations: tenants.map { AuthorizationCheck(clients: $0.clients) }
        )
    }
}

// MARK: - Roles

extension PolicyCompiler {
    private mutating func declareRoles(_ words: [Word]) {
        for word in words {
            if let first = roles[word.text] {
                reader.reportRepeated(word, first: first)
            } else {
                roles[word.text] = word.position
            }
        }
    }

    /// Without any `roles` line every role is known.
    private mutating func checkRoles(_ words: some Sequence<Word>) {
        guard !roles.isEmpty else { return }
        for word in words where roles[word.text] == nil {
            reader.reportUnknown("role", word, among: roles.keys.sorted())
        }
    }

    private mutating func declareGroups(_ groups: [RoleGroup]) {
        for group in groups {
            if let first = self.groups[group.name.text] {
                reader.reportRepeated(group.name, first: first.name.position)
            } else if roles[group.name.text] != nil {
                reader.report("group `\(group.name.shown)` is the name of a role", at: group.name)
            } else {
                self.groups[group.name.text] = group
            }
        }
        for word in groups.flatMap(\.roles) {
            if self.groups[word.text] != nil {
                reader.report("`\(word.shown)` is a group: a group is made of roles", at: word)
            } else {
                checkRoles([word])
            }
        }
    }

    private mutating func checkRoles(of lines: RuleLines) {
        for line in lines.denies { checkRoles(of: line) }
        for line in lines.allows { checkRoles(of: line) }
    }

    private mutating func checkRoles(of line: RuleLine) {
        for word in line.roles where roles[word.text] == nil && groups[word.text] == nil {
            checkRoles([line.placed(word)])
        }
        for word in line.groups where groups[word.text] == nil {
            reader.reportUnknown("group", line.placed(word), among: groups.keys.sorted())
        }
    }

    /// The lines with each group replaced by its roles.
    private func expanded(_ lines: RuleLines) -> RuleLines {
        guard !groups.isEmpty else { return lines }
        var lines = lines
        lines.allows = lines.allows.map(expanded)
        lines.denies = lines.denies.map(expanded)
        return lines
    }

    private func expanded(_ line: RuleLine) -> RuleLine {
        var line = line
        line.clauses = line.clauses.map { clause in
            clause.flatMap { condition in
                guard case .role(let name) = condition, let group = groups[name] else {
                    return [condition]
                }
                return group.roles.map { .role($0.text) }
            }
        }
        return line
    }

    private mutating func checkNames(of tests: [PolicyTest], _ tenants: [TenantPolicyInput]) {
        let names = tenants.map(\.name)
        let known = Set(names)
        for test in tests {
            checkRoles(test.roles)
            guard let tenant = test.tenant, !known.contains(tenant.text) else { continue }
            reader.reportUnknown("tenant", tenant, among: names)
        }
    }
}

// MARK: - Routes

extension PolicyCompiler {
    private mutating func add(_ route: RouteDeclaration) {
        let number = routes.count
        if let first = routesByName[route.name.text] {
            reader.reportRepeated(route.name, first: routes[first].position)
        } else {
            routesByName[route.name.text] = number
        }
        checkRoles(of: route.rules)
        routes.append(CompiledRoute(route, schema: SchemaReader.schema(route.schema, &reader)))
        for line in route.matches { add(line, to: number) }
        rules.addRoute(Self.add(expanded(route.rules), to: &rules, &facts, &reader))
    }

    /// Adds a template, unless an earlier one takes the same requests.
    private mutating func add(_ line: MatchLine, to route: Int) {
        let methods = MethodSet(line.pattern)
        templates.append((route, line))
        parameters.add(line.template)
        guard let earlier = trie.add(line.template, methods: methods, route: route) else { return }
        let (otherRoute, other) = templates[earlier]
        if otherRoute == route {
            // `GET` and `HEAD`, or `GET` and `*`, of one template say the same thing twice.
            guard other.template != line.template || other.pattern == line.pattern else { return }
            reader.report(
                "`\(other.pattern.name) \(other.template.text)` of this route matches already",
                at: line.position
            )
        } else {
            let otherName = routes[otherRoute].name
            let place = reader.sources.place(of: other.position, seenFrom: line.position)
            reader.report(
                "routes `\(routes[route].name)` and `\(otherName)` match the same requests: "
                    + "`\(other.pattern.name) \(other.template.text)` on \(place) is as specific",
                at: line.position
            )
        }
    }
}

// MARK: - Tenants

extension PolicyCompiler {
    private mutating func add(_ tenant: TenantPolicyInput) {
        var own = FactNumbering(after: facts)
        var overrides: [Int: RuleTable.Added] = [:]
        checkRoles(tenant.mappedRoles)
        for diagnostic in tenant.diagnostics { reader.report(diagnostic) }
        for index in 0..<tenant.routes.count {
            let (name, lines) = tenant.routes[index]
            checkRoles(of: lines)
            guard let route = overridable(name, by: lines) else { continue }
            overrides[route] = Self.add(expanded(lines), to: &rules, &own, &reader)
        }
        rules.addTenant(overrides)
        ownConditions.append(own.conditions)
    }

    /// The route that a tenant's statement names.
    ///
    /// What a policy calls `public` or `credentials pass` looks at no token for any tenant; a
    /// tenant can close it, to everybody or to some addresses.
    private mutating func overridable(_ name: Word, by lines: RuleLines) -> Int? {
        guard let route = routesByName[name.text] else {
            reader.reportUnknown("route", name, among: routes.map(\.name))
            return nil
        }
        guard routes[route].access == .authorized || !lines.saysAllow else {
            reader.report(
                "route `\(name.shown)` looks at no token: a tenant can only close it, with "
                    + "`deny any` or `deny from`",
                at: name
            )
            return nil
        }
        if routes[route].access != .authorized, let line = lines.firstOfTokens {
            reader.report(
                "route `\(name.shown)` looks at no token: wanted `deny any` or `deny from`",
                at: line.position
            )
            return nil
        }
        return route
    }

    /// Adds the lines of a route or override; `nil` after a report that there are too many.
    private static func add(
        _ lines: RuleLines,
        to rules: inout RuleTable,
        _ facts: inout FactNumbering,
        _ reader: inout StatementReader
    ) -> RuleTable.Added? {
        do throws(Diagnostic) {
            return try rules.add(lines, facts: &facts)
        } catch {
            reader.report(error)
            return nil
        }
    }
}

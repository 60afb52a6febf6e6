/// Reads `route NAME { ... }` statements: those of policies, and those of tenants.
enum RouteReader {
    private static let grammar = Grammar<RouteDeclaration>(
        "a route",
        [
            StatementRule("match METHOD TEMPLATE", .repeatable) { route, line, reader in
                route.hasMatchLine = true
                if let match = matchLine(line, under: route.prefix, &reader) {
                    route.matches.append(match)
                }
            },
            StatementRule("serve events") { route, line, reader in
                route.servesEvents = reader.choice(line.words[1], ["events": true]) ?? false
            },
            StatementRule("check authorize") { route, line, reader in
                let isSaid = reader.choice(line.words[1], ["authorize": true]) ?? false
                route.checksAuthorization = isSaid
            },
        ] + SchemaReader.rules(\.schema) + CaptureLineReader.rules(\.captures) + commonRules
    )

    /// The statements that a set of routes may hold for all of them.
    static let commonRules: [StatementRule<RouteDeclaration>] =
        [
            StatementRule("public") { route, _, _ in route.isPublic = true },
            StatementRule("credentials pass|forward") { route, line, reader in
                let said = reader.choice(line.words[1], ["pass": true, "forward": false])
                route.passesCredentials = said ?? true
                route.forwardsToken = !route.passesCredentials
            },
            StatementRule("event FAMILY") { route, line, reader in
                route.eventFamily = eventFamily(line.words[1], &reader)
            },
            StatementRule("errors STYLE") { route, line, reader in
                let styles: KeyValuePairs = ["mattr": ErrorStyle.mattr, "oauth": .oauth]
                if let style = reader.choice(line.words[1], styles) { route.errorStyle = style }
            },
            StatementRule("response no-store") { route, line, reader in
                route.isNoStore = reader.choice(line.words[1], ["no-store": true]) ?? false
            },
        ] + RateLineReader.rules(\.rates) + GuardLineReader.rules(\.guarded)
        + RuleLineReader.rules(\.rules)

    private static let overrideGrammar = Grammar<RuleLines>(
        "a tenant's route, which holds only allow and deny lines",
        RuleLineReader.rules(\.self)
    )

    /// Reads the route of a policy, with the lines of the set around it, if it stands in one.
    ///
    /// - Returns: The route; `nil` only when it has no name to report more faults with.
    static func read(
        _ line: Statement,
        in set: RouteDeclaration? = nil,
        _ reader: inout StatementReader
    ) -> RouteDeclaration? {
        guard let name = name(of: line, &reader), let block = line.block else { return nil }
        var route = RouteDeclaration(name: name, prefix: set?.prefix ?? "")
        grammar.read(block, into: &route, &reader, owner: name.position)
        if let set { route.inherit(set) }
        check(route, &reader)
        return route
    }

    /// The name in the route of a tenant; `nil` after a report of why it is none.
    static func overrideName(of line: Statement, _ reader: inout StatementReader) -> Word? {
        guard line.words.count == 2, line.block != nil else {
            reader.report("`\(line.keyword.shown)` wants `route NAME {`", at: line.keyword)
            return nil
        }
        return name(of: line, &reader)
    }

    /// Reads one line of the route of a tenant.
    static func override(
        _ line: Statement,
        of name: Word,
        _ reader: inout StatementReader
    ) -> RuleLines {
        var rules = RuleLines()
        overrideGrammar.read([line], into: &rules, &reader, owner: name.position)
        return rules
    }

    private static func name(of line: Statement, _ reader: inout StatementReader) -> Word? {
        let name = line.words[1]
        guard !name.isFaulty else { return nil }
        guard Identifier.isValid(name.text) else {
            reader.report("`\(name.shown)` is not a route name", at: name)
            return nil
        }
        return name
    }

    /// Checks what only the whole block can tell.
    private static func check(_ route: RouteDeclaration, _ reader: inout StatementReader) {
        let name = route.name
        if !route.hasMatchLine {
            reader.report("route `\(name.shown)` needs a `match` line", at: name)
        }
        var said: [String] = []
        if route.isPublic { said.append("public") }
        if route.passesCredentials { said.append("credentials pass") }
        if route.rules.saysAllow { said.append("allow") }
        if said.isEmpty, route.rules.saysDeny { said.append("deny") }
        if said.isEmpty {
            reader.report(
                "route `\(name.shown)` does not say who may call it: "
                    + "wanted `public`, `credentials pass`, `allow` or `deny`",
                at: name
            )
        } else if said.count > 1 {
            let both = said.map { "`\($0)`" }.joined(separator: " and ")
            reader.report("route `\(name.shown)` has \(both), which exclude each other", at: name)
        }
        if route.servesEvents, !route.rules.saysAllow {
            reader.report("route `\(name.shown)` serves events: it needs an `allow` line", at: name)
        }
        if route.checksAuthorization { checkAuthorization(route, &reader) }
        if route.forwardsToken, !route.rules.saysAllow {
            reader.report(
                "route `\(name.shown)` forwards a token: it needs an `allow` line",
                at: name
            )
        }
        if route.access != .authorized, let line = route.rules.firstOfTokens {
            reader.report(
                "route `\(name.shown)` looks at no token, so its lines can say `deny any` and "
                    + "`deny from` only",
                at: line.position
            )
        }
        RateLineReader.check(route, &reader)
        GuardLineReader.check(route, &reader)
        CaptureLineReader.check(route, &reader)
    }
}

extension RouteReader {
    /// Checks that requests come in a query from a browser, or in a form from a client that pushes.
    ///
    /// Neither has a token of ours; a client may show the issuer who it is (RFC 9126 section 2). A
    /// form that a browser posts, which RFC 6749 section 3.1 leaves open, is neither.
    private static func checkAuthorization(
        _ route: RouteDeclaration,
        _ reader: inout StatementReader
    ) {
        let name = route.name
        if route.access == .authorized {
            reader.report(
                "route `\(name.shown)` checks authorize: it must be `public` or say "
                    + "`credentials pass`",
                at: name
            )
        }
        if route.isPushed {
            if route.schema.body.kind != .form || route.errorStyle != .oauth {
                reader.report(
                    "route `\(name.shown)` checks pushed requests: it needs the lines `body form` "
                        + "and `errors oauth`",
                    at: name
                )
            }
            return
        }
        for line in route.matches where ![.one(.get), .one(.head)].contains(line.pattern) {
            reader.report(
                "route `\(name.shown)` checks authorize: wanted `match GET` only, or `match POST` "
                    + "only for pushed requests",
                at: line.position
            )
        }
    }
}

// MARK: - Lines

extension RouteReader {
    private static func matchLine(
        _ line: Statement,
        under prefix: String,
        _ reader: inout StatementReader
    ) -> MatchLine? {
        let method = methodPattern(line.words[1], &reader)
        let word = line.words[2]
        guard !word.isFaulty else { return nil }
        // In a set `.` is the path of the set itself.
        let rest = !prefix.isEmpty && word.text == "." ? "" : word.text
        do throws(PathTemplate.Failure) {
            if !rest.isEmpty { _ = try PathTemplate(rest) }
            let template = try PathTemplate(prefix + rest)
            guard let method else { return nil }
            return MatchLine(pattern: method, template: template, position: line.position)
        } catch {
            reader.report(error.message, at: word, suggestion: error.suggestion)
            return nil
        }
    }

    private static func methodPattern(
        _ word: Word,
        _ reader: inout StatementReader
    ) -> MethodPattern? {
        if word.text == "*" { return .any }
        let code = MethodCode(name: word.text)
        if code == .neverForwarded {
            reader.report("`\(word.shown)` is never forwarded", at: word)
            return nil
        }
        guard code != .other else {
            reader.reportUnknown("method", word, among: MethodCode.named.map(\.name) + ["*"])
            return nil
        }
        return .one(code)
    }

    private static func eventFamily(_ word: Word, _ reader: inout StatementReader) -> String? {
        guard Identifier.isEventFamily(word.text) else {
            reader.report(
                "`\(word.shown)` is not an event family: upper-case letters, digits and `_`",
                at: word
            )
            return nil
        }
        return word.text
    }
}

/// Reads the `guard` line of a route or a set of routes.
enum GuardLineReader {
    /// The line, and where it stands.
    struct Line: Sendable {
        let attempts: AttemptGuard
        let position: SourcePosition
    }

    /// The statement, for a block whose line is at `guarded`.
    static func rules<Target>(
        _ guarded: any WritableKeyPath<Target, Line?> & Sendable
    ) -> [StatementRule<Target>] {
        [
            StatementRule("guard attempts NUMBER by form NAME") { target, line, reader in
                guard reader.choice(line.words[1], ["attempts": true]) != nil,
                    let count = reader.integer(line.words[2], in: AttemptGuard.attemptsRange),
                    reader.choice(line.words[3], ["by": true]) != nil,
                    reader.choice(line.words[4], ["form": true]) != nil,
                    let name = reader.text(line.words[5])
                else { return }
                let attempts = AttemptGuard(attemptsMax: count, field: Array(name.utf8))
                target[keyPath: guarded] = Line(attempts: attempts, position: line.position)
            }
        ]
    }

    /// Reports a guard that could be got round: the issuer must not find another code in the request
    /// than the gateway.
    static func check(_ route: RouteDeclaration, _ reader: inout StatementReader) {
        guard let line = route.guarded else { return }
        if route.schema.body.kind != .form || route.errorStyle != .oauth {
            reader.report(
                "route `\(route.name.shown)` has a `guard`: it needs the lines `body form` and "
                    + "`errors oauth`",
                at: line.position
            )
        }
    }
}

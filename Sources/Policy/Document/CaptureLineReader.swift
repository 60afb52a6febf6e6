/// Reads the `capture` lines of a route.
enum CaptureLineReader {
    /// One captured value as written.
    struct Entry: Sendable {
        let member: CaptureRules.Member

        /// Where its name in `data` stands.
        let label: Word
    }

    /// Names that events have for what the gateway itself tells in `data`.
    static let ownNames = [
        "route", "method", "path", "caller", "status", "durationMs", "upstreamStatus", "code",
        "error", "shadow", "omitted",
    ]

    /// The statement, for a block whose lines are at `captures`.
    static func rules<Target>(
        _ captures: any WritableKeyPath<Target, [Entry]> & Sendable
    ) -> [StatementRule<Target>] {
        [
            StatementRule(
                "capture query|body|response [sensitive] NAME...",
                .repeatable
            ) { target, line, reader in
                let sources: KeyValuePairs<String, CaptureRules.Source> = [
                    "query": .query, "body": .body, "response": .response,
                ]
                guard let source = reader.choice(line.words[1], sources) else { return }
                for entry in entries(of: line, source, &reader) {
                    let all = target[keyPath: captures]
                    if let first = all.first(where: { $0.clashes(with: entry) }) {
                        reader.reportRepeated(entry.label, first: first.label.position)
                    } else {
                        target[keyPath: captures].append(entry)
                    }
                }
            }
        ]
    }

    /// Checks what only the whole route can tell.
    static func check(_ route: RouteDeclaration, _ reader: inout StatementReader) {
        guard let first = route.captures.first else { return }
        let name = route.name.shown
        if route.eventFamily == nil {
            reader.report("route `\(name)` captures: it needs an `event` line", at: first.label)
        }
        if route.servesEvents {
            reader.report(
                "route `\(name)` serves events, of which nothing is captured",
                at: first.label
            )
        }
        if route.captures.count > CaptureRules.membersMax {
            let most = CaptureRules.membersMax
            reader.report("route `\(name)` captures more than \(most) values", at: first.label)
        }
        checkBody(of: route, &reader)
    }

    /// Members of a body that is not kept until it is whole may be told with those of the answer.
    private static func checkBody(of route: RouteDeclaration, _ reader: inout StatementReader) {
        let ofBody = route.captures.filter { $0.member.source == .body }
        guard let first = ofBody.first else { return }
        switch route.schema.body.kind {
        case .json, .form: break
        case .none:
            let words = "has no body of which anything could be captured"
            reader.report("route `\(route.name.shown)` \(words)", at: first.label)
        case .unchecked:
            for entry in route.captures where entry.member.source == .response {
                guard let other = ofBody.first(where: { $0.member.label == entry.member.label })
                else { continue }
                reader.reportRepeated(entry.label, first: other.label.position)
            }
        }
    }
}

extension CaptureLineReader {
    /// The values that one line names.
    private static func entries(
        of line: Statement,
        _ source: CaptureRules.Source,
        _ reader: inout StatementReader
    ) -> [Entry] {
        var words = line.words.dropFirst(2)
        var isSensitive = false
        if let word = words.first, word.isKeyword("sensitive") {
            isSensitive = true
            words = words.dropFirst()
        } else if let word = words.last, word.isKeyword("sensitive") {
            isSensitive = true
            words = words.dropLast()
        }
        if words.isEmpty {
            reader.report("`capture` wants a name to capture", at: line.position)
        }
        var found: [Entry] = []
        while let name = words.popFirst() {
            var label: Word?
            if let word = words.first, word.isKeyword("as") {
                words = words.dropFirst()
                label = words.popFirst()
                if label == nil { reader.report("`as` wants a name behind it", at: word) }
            }
            if let entry = entry(source, name, label ?? name, isSensitive, &reader) {
                found.append(entry)
            }
        }
        return found
    }

    private static func entry(
        _ source: CaptureRules.Source,
        _ name: Word,
        _ label: Word,
        _ isSensitive: Bool,
        _ reader: inout StatementReader
    ) -> Entry? {
        guard !name.isFaulty, !label.isFaulty else { return nil }
        for word in name.position == label.position ? [name] : [name, label] {
            guard !SecretNames.contain(Array(word.text.utf8).span) else {
                reader.report(
                    "`\(word.shown)` is never captured: no event holds a token, a code or a secret",
                    at: word
                )
                return nil
            }
            guard 1...CaptureRules.nameBytesMax ~= word.text.utf8.count else {
                let most = CaptureRules.nameBytesMax
                reader.report("`\(word.shown)` is not a name of 1 to \(most) bytes", at: word)
                return nil
            }
        }
        guard Identifier.isValid(label.text) else {
            let words = "letters, digits, `_`, `-` and `.`; wanted `NAME as OTHER`"
            reader.report("`\(label.shown)` is not a name for `data`: \(words)", at: label)
            return nil
        }
        guard !ownNames.contains(label.text) else {
            let words = "events tell something else by that name; wanted `NAME as OTHER`"
            reader.report("`\(label.shown)` cannot be captured: \(words)", at: label)
            return nil
        }
        let member = CaptureRules.Member(
            source: source,
            name: Array(name.text.utf8),
            label: Array(label.text.utf8),
            isSensitive: isSensitive
        )
        return Entry(member: member, label: label)
    }
}

extension CaptureLineReader.Entry {
    /// Whether one event could have both, under one name.
    ///
    /// What is captured of a request is told when it begins, what is captured of an answer when it
    /// has ended.
    fileprivate func clashes(with other: Self) -> Bool {
        member.label == other.member.label
            && (member.source == .response) == (other.member.source == .response)
    }
}

extension Word {
    /// Whether it is this word, and not a name that was quoted.
    fileprivate func isKeyword(_ text: String) -> Bool { self.text == text && !isQuoted }
}

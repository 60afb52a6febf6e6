/// Reads `routes [PREFIX] { ... }`: routes with a common prefix and common lines.
enum RouteSetReader {
    private static let grammar = Grammar<RouteDeclaration>(
        "a set of routes",
        RouteReader.commonRules + [
            StatementRule("route NAME", .repeatable, block: .required) { set, line, _ in
                set.routes.append(line)
            }
        ]
    )

    /// Reads a set.
    ///
    /// - Returns: Its routes, each with the lines that it shares with the others.
    static func read(_ line: Statement, _ reader: inout StatementReader) -> [RouteDeclaration] {
        var set = RouteDeclaration(name: line.keyword)
        if line.words.count > 1 { set.prefix = prefix(line.words[1], &reader) ?? "" }
        grammar.read(line.block ?? [], into: &set, &reader, owner: line.position)
        if set.routes.isEmpty {
            reader.report("a set of routes needs a `route`", at: line.position)
        }
        return set.routes.compactMap { RouteReader.read($0, in: set, &reader) }
    }

    /// A path of fixed segments that does not end in a slash.
    private static func prefix(_ word: Word, _ reader: inout StatementReader) -> String? {
        guard let text = reader.text(word) else { return nil }
        do throws(PathTemplate.Failure) {
            let template = try PathTemplate(text)
            guard template.segments.last != .fixed([]), template.parameters.isEmpty else {
                let words = "a prefix has no parameters and no slash at its end"
                reader.report("`\(word.shown)`: \(words)", at: word)
                return nil
            }
            return text
        } catch {
            reader.report(error.message, at: word, suggestion: error.suggestion)
            return nil
        }
    }
}

import Policy

/// Files and environment variables in memory.
struct MemorySources: SourceReading {
    var files: [String: String] = [:]
    var environment: [String: String] = [:]

    func contents(ofFile path: String, bytesMax: Int) throws(SourceFailure) -> [UInt8] {
        guard let text = files[path] else { throw SourceFailure("No such file or directory") }
        guard text.utf8.count <= bytesMax else { throw SourceFailure("larger than \(bytesMax)") }
        return Array(text.utf8)
    }

    /// Knows only patterns with one `*`, which stands for any characters but `/`.
    func paths(matching pattern: String) throws(SourceFailure) -> [String] {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw SourceFailure("unknown pattern") }
        return files.keys.filter { path in
            guard path.hasPrefix(parts[0]), path.hasSuffix(parts[1]) else { return false }
            return !path.dropFirst(parts[0].count).dropLast(parts[1].count).contains("/")
        }
        .sorted()
    }

    func isFolder(_ path: String) throws(SourceFailure) -> Bool {
        if files[path] != nil { return false }
        guard files.keys.contains(where: { $0.hasPrefix(path + "/") }) else {
            throw SourceFailure("No such file or directory")
        }
        return true
    }

    func environmentValue(_ name: String) -> String? { environment[name] }
}

/// The statements in one line: quoted where a word was quoted, `{ ... }` for a block, `;` between.
func outline(_ statements: [Statement]) -> String {
    statements.map { statement in
        let words = statement.words.map { $0.isQuoted ? "\"\($0.text)\"" : $0.text }
        let line = words.joined(separator: " ")
        guard let block = statement.block else { return line }
        return block.isEmpty ? line + " { }" : "\(line) { \(outline(block)) }"
    }
    .joined(separator: "; ")
}

/// `LINE:COLUMN message`, with the suggestion behind it.
func summary(_ diagnostic: Diagnostic) -> String {
    let position = diagnostic.position
    let suggestion = diagnostic.suggestion.map { " (\($0)?)" } ?? ""
    return "\(position.line):\(position.column) \(diagnostic.message)\(suggestion)"
}

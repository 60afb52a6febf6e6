/// A `group NAME = ROLE...` line: one name for several roles.
struct RoleGroup: Sendable {
    let name: Word

    /// At least one.
    let roles: [Word]

    /// Reads a line; `nil` after a report.
    init?(_ line: Statement, _ reader: inout StatementReader) {
        guard !line.words.contains(where: \.isFaulty) else { return nil }
        name = line.words[1]
        roles = Array(line.words[3...])
        guard Identifier.isValid(name.text) else {
            reader.report("`\(name.shown)` is not a name for a group", at: name)
            return nil
        }
        guard line.words[2].isBare("=") else {
            reader.report("`group` wants `group NAME = ROLE...`", at: line.words[2])
            return nil
        }
    }
}

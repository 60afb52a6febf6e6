/// The `route NAME { ... }` blocks of one tenant, for the policy compiler.
///
/// Tenants by the thousand say the same few lines, so what a line says is kept once, in a
/// `SharedRuleLines`, and here where each line stands.
public struct TenantRoutes: Sendable {
    /// One block; its lines are those from `start` to the start of the next block.
    private struct Block: Sendable {
        let name: SharedRuleLines.Name
        let place: SourcePosition
        var start: Int32
        var saysAllow = false
        var saysDeny = false

        func moved(to start: Int32) -> Block {
            var block = self
            block.start = start
            return block
        }
    }

    private struct Line: Sendable {
        let shared: SharedRuleLines.Line
        let place: SourcePosition
    }

    private var blocks: [Block] = []
    private var lines: [Line] = []

    /// Creates a tenant that takes every route as the policy has it.
    public init() {}

    /// How many blocks there are.
    var count: Int { blocks.count }

    /// The route that a block names, and what the tenant says of it.
    subscript(index: Int) -> (name: Word, rules: RuleLines) {
        let block = blocks[index]
        let end = index + 1 < blocks.count ? Int(blocks[index + 1].start) : lines.count
        var rules = RuleLines()
        rules.saysAllow = block.saysAllow
        rules.saysDeny = block.saysDeny
        for line in lines[Int(block.start)..<end] {
            let rule = line.shared.rule(at: line.place)
            if line.shared.isDeny { rules.denies.append(rule) } else { rules.allows.append(rule) }
        }
        return (block.name.word.moved(to: block.place), rules)
    }

    /// Reads a block and reports what is wrong with it; a name that came before is refused.
    ///
    /// - Parameters:
    ///   - statement: The block.
    ///   - shared: What was read before.
    ///   - reader: Gathers the faults.
    public mutating func read(
        _ statement: Statement,
        sharing shared: inout SharedRuleLines,
        _ reader: inout StatementReader
    ) {
        guard let word = RouteReader.overrideName(of: statement, &reader) else { return }
        let name = shared.name(word)
        if let first = blocks.first(where: { $0.name === name }) {
            return reader.reportRepeated(word, first: first.place)
        }
        var block = Block(name: name, place: word.position, start: Int32(lines.count))
        for line in statement.block ?? [] {
            block.saysAllow = block.saysAllow || line.keyword.text == "allow"
            block.saysDeny = block.saysDeny || line.keyword.text == "deny"
            guard let shared = shared.line(line, of: word, &reader) else { continue }
            lines.append(Line(shared: shared, place: line.position))
        }
        if statement.block?.isEmpty ?? true {
            reader.report("route `\(word.shown)` needs an `allow` or `deny` line", at: word)
        }
        blocks.append(block)
    }

    /// Drops the blocks of routes that are not among `names`.
    ///
    /// - Returns: The names of the dropped blocks, as they are shown.
    public mutating func keepOnly(_ names: Set<String>) -> [String] {
        guard blocks.contains(where: { !names.contains($0.name.word.text) }) else { return [] }
        var kept = TenantRoutes()
        var dropped: [String] = []
        for (index, block) in blocks.enumerated() {
            guard names.contains(block.name.word.text) else {
                dropped.append(block.name.word.shown)
                continue
            }
            let end = index + 1 < blocks.count ? Int(blocks[index + 1].start) : lines.count
            kept.blocks.append(block.moved(to: Int32(kept.lines.count)))
            kept.lines += lines[Int(block.start)..<end]
        }
        self = kept
        return dropped
    }
}

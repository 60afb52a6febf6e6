import Policy

/// A configuration while it is being read: names that refer to other statements are still words.
struct ConfigurationDraft {
    var configuration = Configuration()

    /// The paths of the `policies` lines.
    var policies: [Word] = []

    /// The paths of the `shadow` lines.
    var shadows: [Word] = []

    var tenants: [TenantDraft] = []

    /// The lines of the tenants' `route` blocks.
    var sharedLines = SharedRuleLines()

    /// How keys are used in tenants that do not say.
    var keyUse = KeyUseDraft()

    /// The keyword of a `token-cache` line outside of all blocks, and of one in `limits`.
    var tokenCache: Word?
    var limitsTokenCache: Word?

    /// What the first of them says.
    var tokenCacheBytesMax: Int?

    /// How many event loops `workers auto` makes.
    let processors: Int

    /// Creates a draft with every default.
    init(processors: Int) {
        self.processors = processors
        configuration.workers = Self.workers(processors)
    }

    /// A number of event loops within bounds.
    static func workers(_ processors: Int) -> Int { min(max(processors, 1), workersMax) }

    static let workersMax = 256
}

extension ConfigurationDraft {
    /// The statements outside of all blocks.
    static let grammar = Grammar<ConfigurationDraft>(
        "the configuration",
        [
            StatementRule("listen ADDRESS:PORT", .requiredRepeatable, block: .required) {
                $0.configuration.listeners.append(.read($1, &$2))
            },
            StatementRule("admin ADDRESS:PORT", block: .optional) {
                $0.configuration.admin = .read($1, &$2)
            },
            StatementRule("policies PATH", .requiredRepeatable) { draft, statement, reader in
                draft.policies.append(statement.words[1])
                if let path = reader.path(statement.words[1]) {
                    draft.configuration.policyPaths.append(path)
                }
            },
            StatementRule("shadow PATH", .repeatable) { draft, statement, _ in
                draft.shadows.append(statement.words[1])
            },
            StatementRule("workers auto|NUMBER") { draft, statement, reader in
                let word = statement.words[1]
                guard word.text != "auto" else { return }
                if let meant = NearestWord.of(word.text, among: ["auto"]) {
                    let words = "`\(word.shown)` is neither `auto` nor a whole number"
                    return reader.report(words, at: word, suggestion: meant)
                }
                if let count = reader.integer(word, in: 1...workersMax) {
                    draft.configuration.workers = count
                }
            },
            StatementRule("upstream NAME", .requiredRepeatable, block: .required) {
                $0.configuration.upstreams.append(.read($1, &$2))
            },
            StatementRule("tenant NAME", .requiredRepeatable, block: .required) {
                $0.tenants.append(.read($1, sharing: &$0.sharedLines, &$2))
            },
            StatementRule("analytics", block: .required) {
                $0.configuration.analytics = .read($1, &$2)
            },
            StatementRule("limits", block: .required) { draft, statement, reader in
                draft.configuration.limits = .read(statement, &reader)
                let lines = statement.block ?? []
                draft.limitsTokenCache = lines.map(\.keyword).first { $0.text == "token-cache" }
            },
            .milliseconds("drain", \.configuration.drainMilliseconds, in: 0...3_600_000),
            StatementRule("token-cache SIZE") { draft, statement, reader in
                let range = Configuration.Limits.tokenCacheBytes
                draft.tokenCache = statement.keyword
                draft.tokenCacheBytesMax = reader.bytes(statement.words[1], in: range)
            },
            StatementRule("revoked FILE", .repeatable) { draft, statement, reader in
                reader.addPath(statement.words[1], to: &draft.configuration.revoked)
            },
        ] + KeyUseDraft.rules(\.keyUse),
        elsewhere: KeywordHomes.homes
    )
}

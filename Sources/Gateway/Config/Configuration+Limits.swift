import Policy

extension Configuration.Limits {
    /// The statements of a `limits` block.
    static let grammar = Grammar<Self>(
        "a `limits` block",
        [
            .milliseconds("header-timeout", \.headerTimeoutMilliseconds, in: 10...3_600_000),
            .milliseconds("body-timeout", \.bodyTimeoutMilliseconds, in: 10...3_600_000),
            .milliseconds("idle-timeout", \.idleTimeoutMilliseconds, in: 10...86_400_000),
            .bytes("request-header", \.requestHeaderBytesMax, in: 1_024...65_536),
            .integer("request-fields", \.requestFieldsMax, in: 1...1_000),
            .bytes("request-body", \.requestBodyBytesMax, in: 0...1_099_511_627_776),
            .bytes("token-size", \.tokenBytesMax, in: 256...65_536),
            .bytes("token-cache", \.tokenCacheBytesMax, in: tokenCacheBytes),
            .integer("connections", \.connectionsMax, in: 1...1_000_000),
            .integer("connections-per-address", \.connectionsPerAddressMax, in: 1...1_000_000),
        ],
        elsewhere: KeywordHomes.homes
    )

    /// What `token-cache` may say.
    static let tokenCacheBytes = 65_536...4_294_967_296

    /// Reads `limits { ... }`.
    static func read(_ statement: Statement, _ reader: inout StatementReader) -> Self {
        var limits = Self()
        let block = statement.block ?? []
        grammar.read(block, into: &limits, &reader, owner: statement.position)
        return limits
    }
}

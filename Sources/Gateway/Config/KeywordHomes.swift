/// Where each keyword belongs, for the message about one that stands in the wrong block.
///
/// A forgotten `}` is found by it: the next statement then stands inside the open block.
enum KeywordHomes {
    /// Each keyword and its home, as a message puts it.
    static let homes: [String: String] = {
        var homes: [String: String] = [:]
        for (home, keywords) in blocks {
            for keyword in keywords { homes[keyword] = home }
        }
        return homes
    }()

    private static let blocks: KeyValuePairs = [
        "outside of all blocks": [
            "listen", "admin", "policies", "shadow", "workers", "upstream", "tenant", "analytics",
            "limits",
            "drain",
        ],
        "in a `listen` block": [
            "certificate", "session-tickets", "client-certificates", "client-ca",
        ],
        "in an `admin` block": ["token"],
        "in an `upstream` block": [
            "server", "connect-timeout", "response-timeout",
        ],
        "in an `upstream` or a `ship` block": ["header"],
        "in an `upstream`, a `tokens` or a `ship` block": ["ca"],
        "in a `tenant` block": ["host", "tokens", "suspended", "read-only"],
        "in a `tokens` block": [
            "issuer", "audience", "keys", "algorithms", "types", "leeway", "max-lifetime", "role",
            "introspect",
        ],
        "in a `tokens` or a `tenant` block": ["client", "dpop", "origin"],
        "in a `client` block": ["redirect"],
        "in a `tokens` block or outside of all blocks": [
            "keys-cache", "keys-stale-max", "keys-grace", "revoked",
        ],
        "in an `analytics` block": ["journal", "on-failure", "durability", "ship"],
        "in an `analytics` or a `tenant` block": ["level"],
        "in a `ship` block": [
            "otlp", "clickhouse", "ndjson", "batch", "batch-size", "interval", "timeout", "retry",
            "retry-max",
        ],
        "in a `journal` block": ["keep", "limit"],
        "in a `limits` block": [
            "header-timeout", "body-timeout", "idle-timeout", "request-header", "request-fields",
            "request-body", "token-size", "token-cache", "connections", "connections-per-address",
        ],
        "in a policy file": ["roles", "route", "test"],
        "in a `route` block": [
            "match", "public", "allow", "deny", "credentials", "event", "errors", "response",
            "serve", "guard", "check", "capture",
        ],
    ]
}

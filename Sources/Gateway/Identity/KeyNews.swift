import Policy

/// That a source of keys begins to fail, fails for another reason, or works again.
struct KeyNews: Hashable, Sendable {
    /// The tenants that use it.
    let tenants: [Int]
    let source: Configuration.KeySource

    /// Why no keys can be had; `nil` when they can be again.
    let trouble: String?

    /// The news as one line, with the names of all tenants by index.
    ///
    /// The query of a URL is left out: it may hold a secret.
    func line(tenantNames names: [String]) -> String {
        let tenants = tenants.map { names[$0] }.joined(separator: ", ")
        let who = self.tenants.count == 1 ? "tenant \(tenants)" : "tenants \(tenants)"
        guard let trouble else { return "\(who): keys from \(place) can be had again" }
        let shown = trouble.unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control ? " " : String(scalar)
        }
        return "\(who): keys from \(place) cannot be had: \(shown.joined())"
    }

    private var place: String {
        let text =
            switch source {
            case .file(let path): path
            case .url(let url): String(url.prefix { $0 != "?" })
            case .discovery(let issuer): String(issuer.prefix { $0 != "?" })
            }
        return Word.presentable(text)
    }
}

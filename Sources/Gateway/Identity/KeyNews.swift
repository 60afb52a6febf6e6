import Policy

/// That a source of keys begins to fail, fails for another reason, or works again.
struct KeyNews: Hashable, Sendable {
    /// The tenants that use it.
    let tenants: [Int]
    let source: Configuration.KeySource
    let change: Change

    /// Why no keys can be had, or why they cannot be kept; `nil` when that is over.
    let trouble: String?

    enum Change: Hashable, Sendable {
        /// The source begins to fail.
        case outage

        /// It goes on to fail, for another reason.
        case otherTrouble

        /// It works again.
        case recovery

        /// The keys cannot be written to disk.
        case notKept

        /// They can again.
        case keptAgain
    }

    /// Whether an outage begins; told once.
    var isOutage: Bool { change == .outage }

    /// Whether an outage ends; told once.
    var isRecovery: Bool { change == .recovery }

    /// The news as one line, with the names of all tenants by index.
    ///
    /// The query of a URL is left out: it may hold a secret.
    func line(tenantNames names: [String]) -> String {
        let tenants = tenants.map { names[$0] }.joined(separator: ", ")
        let who = self.tenants.count == 1 ? "tenant \(tenants)" : "tenants \(tenants)"
        return "\(who): keys from \(place) \(words)"
    }

    private var words: String {
        switch change {
        case .outage, .otherTrouble: "cannot be had: \(shownTrouble)"
        case .recovery: "can be had again"
        case .notKept: "cannot be kept on disk: \(shownTrouble)"
        case .keptAgain: "are kept on disk again"
        }
    }

    private var shownTrouble: String {
        (trouble ?? "").unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control ? " " : String(scalar)
        }
        .joined()
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

import Policy

/// That a source of keys begins to fail, fails for another reason, or works again.
struct KeyNews: Hashable, Sendable {
    /// The tenants that use it.
    let tenants: [Int]
    let source: Configuration.KeySource
    let change: Change

    /// What has changed; each is told once.
    enum Change: Hashable, Sendable {
        /// The source begins to fail.
        case outage(KeyFailure)

        /// It goes on to fail, for another reason.
        case otherTrouble(KeyFailure)

        /// It works again, after such a failure.
        case recovery(after: KeyFailure)

        /// The keys cannot be written to disk.
        case notKept(because: String)

        /// They can again.
        case keptAgain
    }

    /// The news as one line, with the names of all tenants by index.
    func line(tenantNames names: [String]) -> String {
        let tenants = tenants.map { names[$0] }.joined(separator: ", ")
        let who = self.tenants.count == 1 ? "tenant \(tenants)" : "tenants \(tenants)"
        return "\(who): keys from \(source.shown) \(words)"
    }

    private var words: String {
        switch change {
        case .outage(let failure), .otherTrouble(let failure):
            "cannot be had: \(Self.onOneLine("\(failure)"))"
        case .recovery: "can be had again"
        case .notKept(let because): "cannot be kept on disk: \(Self.onOneLine(because))"
        case .keptAgain: "are kept on disk again"
        }
    }

    private static func onOneLine(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control ? " " : String(scalar)
        }
        .joined()
    }
}

extension Configuration.KeySource {
    /// The place as it may be shown; the query of a URL is left out, for it may hold a secret.
    var shown: String {
        let text =
            switch self {
            case .file(let path): path
            case .url(let url): String(url.prefix { $0 != "?" })
            case .discovery(let issuer): String(issuer.prefix { $0 != "?" })
            }
        return Word.presentable(text)
    }
}

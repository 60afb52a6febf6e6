import Policy

/// That an introspection endpoint begins to fail, or works again.
struct IntrospectionNews: Hashable, Sendable {
    let url: String

    /// Why tokens cannot be looked up; `nil` when they can again.
    let trouble: IntrospectionTrouble?

    /// The news as one line.
    ///
    /// The query of the URL is left out: it may hold a secret.
    var line: String {
        let place = Word.presentable(String(url.prefix { $0 != "?" }))
        guard let trouble else { return "tokens can be looked up at \(place) again" }
        return "tokens cannot be looked up at \(place): \(trouble)"
    }
}

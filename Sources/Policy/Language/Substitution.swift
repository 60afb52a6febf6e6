/// What stands between `${` and `}`.
public enum Substitution: Hashable, Sendable {
    /// `${env:NAME}`.
    case environment(String)

    /// `${file:PATH}`, the path as written.
    case file(String)

    /// What looks a substitution up.
    public typealias Resolver = (Substitution) -> Result<String, SourceFailure>

    /// The words that may stand before the colon.
    static let kinds = ["env", "file"]

    /// Reads what stands between the braces; `nil` when it is neither `env:NAME` nor `file:PATH`.
    init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let name = String(text[text.index(after: colon)...])
        guard !name.isEmpty else { return nil }
        switch text[..<colon] {
        case "env": self = .environment(name)
        case "file": self = .file(name)
        default: return nil
        }
    }
}

/// What becomes of the request of a `test` line, as far as the policy alone can tell.
enum PolicyOutcome: String, CaseIterable, Hashable, Sendable {
    case allow
    case pathNotCanonical = "path-not-canonical"
    case routeNotFound = "route-not-found"
    case methodNotAllowed = "method-not-allowed"
    case credentialsMissing = "credentials-missing"
    case roleMissing = "role-missing"
    case denied
    case invalidRequest = "invalid-request"
    case bodyTooLarge = "body-too-large"

    /// The status of the answer, `nil` when the request goes through.
    var status: Int? {
        switch self {
        case .allow: nil
        case .pathNotCanonical, .invalidRequest: 400
        case .credentialsMissing: 401
        case .roleMissing, .denied: 403
        case .routeNotFound: 404
        case .methodNotAllowed: 405
        case .bodyTooLarge: 413
        }
    }

    /// Whether this is what a test expects.
    func meets(_ expectation: PolicyTest.Expectation) -> Bool {
        switch expectation {
        case .allow: self == .allow
        case .status(let status): self.status == status
        case .code(let code): rawValue == code
        }
    }
}

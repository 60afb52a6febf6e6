import Policy

/// What the policy in force decided of a request, and what the shadow policy would have.
struct ShadowFinding: Hashable, Sendable {
    /// Why the request was refused; `nil` when the policy in force let it pass.
    let enforced: Refusal?
    let answer: ShadowAnswer

    /// The route of the shadow policy; -1 without one.
    let route: Int32

    /// Whether both say the same.
    var isSame: Bool {
        switch answer {
        case .allow: enforced == nil
        case .routeNotFound: enforced == .routeNotFound
        case .methodNotAllowed: enforced == .methodNotAllowed
        case .credentialsMissing: enforced == .credentialsMissing
        // The same token would have been refused for the same reason.
        case .credentialsRefused: true
        case .unknownCaller: false
        case .roleMissing: enforced == .roleMissing
        case .denied: enforced == .denied
        }
    }

    /// What the shadow policy says, where that is something else.
    var difference: StaticString? { isSame ? nil : answer.code }
}

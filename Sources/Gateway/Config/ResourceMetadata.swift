import HTTP
import Policy

/// What a tenant tells clients of itself as a protected resource, RFC 9728: worked out at load but
/// for the host that a client asks for.
struct ResourceMetadata: Sendable {
    /// `https://HOST[:PORT]` when the configuration names one; else it is the host asked for.
    private let origin: [UInt8]?

    /// The document after the value of `resource`.
    private let rest: [UInt8]

    /// Whether the gateway answers it itself: not so when a route of the policy has just this path.
    let isAnswered: Bool

    /// Where it is, RFC 9728 section 3.1 for a resource without a path.
    static let path: StaticString = "/.well-known/oauth-protected-resource"

    /// Prepares the document of a tenant.
    ///
    /// - Parameters:
    ///   - tenant: Whose document it is.
    ///   - tokens: Its `tokens` block.
    ///   - scopes: The scopes that its policy names.
    ///   - asksForCertificates: Whether a listener asks clients for certificates.
    ///   - isAnswered: Whether the gateway answers it itself.
    init(
        of tenant: Configuration.Tenant,
        _ tokens: Configuration.Tokens,
        scopes: [String],
        asksForCertificates: Bool,
        isAnswered: Bool
    ) {
        origin = tenant.origins.first.map { Array($0.utf8) }
        self.isAnswered = isAnswered
        var text = Array("\",\"authorization_servers\":".utf8)
        text += Self.list([tokens.rules.issuer])
        text += Array(",\"bearer_methods_supported\":[\"header\"]".utf8)
        if !scopes.isEmpty { text += Array(",\"scopes_supported\":".utf8) + Self.list(scopes) }
        if asksForCertificates {
            text += Array(",\"tls_client_certificate_bound_access_tokens\":true".utf8)
        }
        if tokens.proofs.mode != .refuse {
            let names = SignatureAlgorithm.allCases.map(\.rawValue)
            text += Array(",\"dpop_signing_alg_values_supported\":".utf8) + Self.list(names)
            let isRequired = tokens.proofs.mode == .require
            text += Array(",\"dpop_bound_access_tokens_required\":\(isRequired)".utf8)
        }
        rest = text + Array("}\n".utf8)
    }

    private static func list(_ texts: [String]) -> [UInt8] {
        let quoted = texts.map { [0x22] + JSONEscape.escaped(Array($0.utf8)) + [0x22] }
        return [UInt8(ascii: "[")] + quoted.joined(separator: [0x2C]) + [UInt8(ascii: "]")]
    }

    /// The document, for a client that asked for `authority`.
    func json(authority: Span<UInt8>) -> [UInt8] {
        Array("{\"resource\":\"".utf8) + resource(authority) + rest
    }

    private func resource(_ authority: Span<UInt8>) -> [UInt8] {
        origin ?? Array("https://".utf8) + authority.copied
    }

    /// Appends the address of the document, for a client that asked for `authority`.
    func appendAddress(authority: Span<UInt8>, to output: inout OutputBuffer) {
        if let origin {
            output.append(origin)
        } else {
            output.append("https://")
            output.append(authority)
        }
        output.append(Self.path)
    }

    /// Whether a path is that of the document.
    @inline(__always)
    static func isPath(_ path: Span<UInt8>) -> Bool {
        guard path.count == Self.path.utf8CodeUnitCount else { return false }
        for index in path.indices {
            let letter = unsafe Self.path.utf8Start[index]
            guard path[index] == letter else { return false }
        }
        return true
    }

    /// Whether a policy has a route with just this path.
    static func isRouted(by policy: CompiledPolicy) -> Bool {
        policy.routes.contains { route in
            route.matches.contains { $0.template == "\(Self.path)" }
        }
    }
}

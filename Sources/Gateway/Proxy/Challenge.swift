import HTTP
import Policy

/// The `WWW-Authenticate` fields of a refusal: RFC 6750 section 3, RFC 9449 section 7.1, with
/// `resource_metadata` after RFC 9728 section 5.1.
enum Challenge {
    /// Writes one challenge for the scheme that the request used, and one for the other scheme
    /// when the tenant says that it takes it.
    ///
    /// Without credentials there is no `error`, so that a caller learns only what is wanted.
    static func write(
        _ refusal: Refusal,
        gate: borrowing RequestGate,
        _ bytes: Span<UInt8>,
        exchange: borrowing Exchange,
        to output: inout OutputBuffer
    ) {
        guard let snapshot = exchange.snapshot, exchange.tenant >= 0 else { return }
        let tenant = snapshot.tenants[exchange.tenant]
        let mode = tenant.proofs.mode
        let scheme = mode == .require ? .dpop : gate.scheme ?? .bearer
        writeScheme(scheme, tenant, to: &output)
        if refusal.isOfCredentials { writeError(refusal, to: &output) }
        if refusal.status == 403, refusal.isOfCredentials, exchange.route >= 0 {
            writeScopes(snapshot.policy, exchange, to: &output)
        }
        if let metadata = tenant.metadata {
            output.append(", resource_metadata=\"")
            metadata.appendAddress(
                authority: bytes.extracting(gate.head.authority),
                to: &output
            )
            output.append("\"")
        }
        output.append("\r\n")
        // A bound token that came as Bearer is told how it is to come.
        let isMeant = tenant.proofs.isAnnounced || refusal == .tokenBinding
        guard refusal.status == 401, scheme == .bearer, mode == .accept, isMeant else { return }
        writeScheme(.dpop, tenant, to: &output)
        output.append("\r\n")
    }

    private static func writeScheme(
        _ scheme: Credential.Scheme,
        _ tenant: TenantRuntime,
        to output: inout OutputBuffer
    ) {
        output.append(scheme == .dpop ? "WWW-Authenticate: DPoP" : "WWW-Authenticate: Bearer")
        output.append(" realm=\"")
        output.append(tenant.nameBytes)
        output.append("\"")
        guard scheme == .dpop else { return }
        output.append(", algs=\"")
        for (index, algorithm) in SignatureAlgorithm.allCases.enumerated() {
            if index > 0 { output.append(" ") }
            output.append(Array(algorithm.rawValue.utf8))
        }
        output.append("\"")
    }

    private static func writeError(_ refusal: Refusal, to output: inout OutputBuffer) {
        output.append(", error=\"")
        output.append(refusal.row.oauth)
        output.append("\", error_description=\"")
        output.append(refusal.message)
        output.append("\"")
    }

    private static func writeScopes(
        _ policy: CompiledPolicy,
        _ exchange: borrowing Exchange,
        to output: inout OutputBuffer
    ) {
        let scopes = policy.scopes(route: exchange.route, tenant: exchange.tenant)
        guard !scopes.isEmpty else { return }
        output.append(", scope=\"")
        output.append(scopes)
        output.append("\"")
    }
}

import Policy

extension RequestExplainer {
    /// Looks for a caller in the `revoked` files; false when it is in one.
    func explainRevocation(
        of caller: Principal,
        _ tenant: Int,
        _ explanation: inout Explanation
    ) -> Bool {
        let name = prepared.loaded.configuration.tenants[tenant].name
        let files = prepared.revocationFiles.filter { $0.tenant == nil || $0.tenant == name }
        let claims: [(name: String, value: [UInt8], kind: RevocationKinds)] = [
            ("jti", caller.tokenID, .token), ("sub", caller.subject, .subject),
            ("client", caller.client, .client),
        ]
        for file in files {
            let found = claims.filter { file.table.contains($0.value, for: $0.kind) }
            guard let first = found.first else { continue }
            explanation.refuse(
                "revocation",
                TokenRefusal.revoked.status,
                "\(TokenRefusal.revoked.code)",
                found: "\(first.name) in \(file.path)",
                wanted: "jti, sub and client in no `revoked` file"
            )
            return false
        }
        if !files.isEmpty {
            explanation.pass(
                "revocation",
                found: "in none of \(files.count) `revoked` files",
                wanted: "jti, sub and client in none"
            )
        }
        explanation.skip("  posted", "what was posted is known to a running gateway only")
        return true
    }

    /// Says of a token that the authorization server is asked about that it is; whether it is so.
    func explainIntrospection(
        of token: [UInt8],
        _ tokens: Configuration.Tokens,
        _ explanation: inout Explanation
    ) -> Bool {
        guard let introspection = tokens.introspection else { return false }
        let limit = prepared.loaded.configuration.limits.tokenBytesMax
        let isJWT = (try? CompactToken(token.span, bytesMax: limit)) != nil
        guard tokens.keys == nil || !isJWT else { return false }
        guard token.count <= limit, OpaqueToken.isWellFormed(token.span) else {
            explanation.refuse(
                "token",
                TokenRefusal.malformed.status,
                "\(TokenRefusal.malformed.code)",
                found: "\(token.count) bytes",
                wanted: "a token of RFC 6750 section 2.1, at most \(limit) bytes"
            )
            return true
        }
        explanation.pass("token", found: "\(token.count) bytes", wanted: "at most \(limit)")
        explanation.skip("introspection", "a running gateway asks \(introspection.shownURL)")
        explanation.isUndecided = true
        explanation.outlook = "it depends on what the authorization server says of the token\n"
        return true
    }

    /// Explains a request for what the tenant tells clients of itself; whether it is one.
    func explainMetadata(_ tenant: Int, _ explanation: inout Explanation) -> Bool {
        guard ResourceMetadata.isPath(Array(target.path.utf8).span),
            prepared.loaded.configuration.tenants[tenant].tokens != nil,
            !ResourceMetadata.isRouted(by: prepared.policy)
        else { return false }
        if method == "GET" || method == "HEAD" {
            explanation.pass("route", found: method, wanted: "the tenant's metadata, RFC 9728")
            explanation.outlook = "answered by the gateway\n"
        } else {
            explanation.refuse(
                "route",
                405,
                "method-not-allowed",
                found: method,
                wanted: "GET, HEAD"
            )
        }
        return true
    }
}

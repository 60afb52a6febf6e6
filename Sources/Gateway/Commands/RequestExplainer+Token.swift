import Policy

extension RequestExplainer {
    /// Checks the credential, and says what is true of the caller; `nil` after a refusal.
    func explainCredential(_ tenant: Int, _ explanation: inout Explanation) -> FactSet? {
        guard let tokens = prepared.loaded.configuration.tenants[tenant].tokens else {
            explanation.refuse(
                "credential",
                401,
                "token-issuer",
                found: "a tenant without a `tokens` block",
                wanted: "one"
            )
            return nil
        }
        let rules = CompiledTokenRules(tokens.rules)
        switch credential {
        case .none:
            explanation.refuse(
                "credential",
                401,
                "credentials-missing",
                found: "none",
                wanted: "one bearer token"
            )
            return nil
        case .claims(let text):
            let wanted = TrustedClaims.wanted(by: tokens.rules, now: now)
            let claims = TrustedClaims(adding: wanted, to: text)
            let assumed = claims?.added ?? []
            let words = assumed.isEmpty ? "" : ", and as wanted: " + assumed.joined(separator: " ")
            explanation.pass(
                "credential",
                found: "claims from the command line" + words,
                wanted: "taken as if signed"
            )
            let bytes = Array((claims?.text ?? text).utf8)
            return explainClaims(bytes, type: nil, rules, tenant, &explanation)
        case .token(let token):
            explanation.skip("cache", "known to a running gateway only")
            if explainIntrospection(of: token, tokens, &explanation) { return nil }
            return explainToken(token, tokens, rules, tenant, &explanation)
        }
    }

    /// Checks claims whose signature is not in doubt.
    func explainClaims(
        _ bytes: [UInt8],
        type: [UInt8]?,
        _ rules: CompiledTokenRules,
        _ tenant: Int,
        _ explanation: inout Explanation
    ) -> FactSet? {
        do throws(TokenRefusal) {
            let claims = try Claims(bytes, type: type)
            for finding in ClaimRules.findings(claims, rules: rules, now: now) {
                guard let refusal = finding.refusal else {
                    explanation.pass(
                        finding.check.name,
                        found: finding.found,
                        wanted: finding.wanted
                    )
                    continue
                }
                explanation.refuse(
                    finding.check.name,
                    refusal.status,
                    "\(refusal.code)",
                    found: finding.found,
                    wanted: finding.wanted
                )
            }
            guard explanation.refusal == nil else { return nil }
            let conditions = prepared.policy.conditions(ofTenant: tenant)
            let caller = try Principal(
                claims,
                rules: rules,
                conditions: CompiledConditions(conditions),
                shadow: prepared.shadow.map {
                    CompiledConditions($0.policy.conditions(ofTenant: tenant))
                }
            )
            explainPossession(of: caller.binding, tenant, &explanation)
            guard explanation.refusal == nil else { return nil }
            explanation.skip("  client", shown(caller.client))
            explanation.skip("  roles", shown(caller.roles))
            guard explainRevocation(of: caller, tenant, &explanation) else { return nil }
            explanation.shadowFacts = caller.shadowFacts
            return caller.facts
        } catch {
            explanation.refuse(
                "claims",
                error.status,
                "\(error.code)",
                found: "no claims of an access token",
                wanted: "a JSON object with `exp`, and a `sub` and client fit for a header"
            )
            return nil
        }
    }

    private func shown(_ bytes: [UInt8]) -> String {
        bytes.isEmpty ? "none" : String(decoding: bytes, as: UTF8.self)
    }
}

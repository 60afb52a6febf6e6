import Policy

extension RequestExplainer {
    /// What the caller shows besides the token.
    struct Possession: Sendable {
        /// A proof of possession, RFC 9449.
        var proof: [UInt8]?

        /// The digest of the client's certificate, RFC 8705.
        var certificate: Thumbprint?
    }

    /// One check, with the refusal when it does not hold.
    private struct Finding {
        let name: String
        let found: String
        let wanted: String
        let refusal: TokenRefusal?
    }

    /// Checks that the caller holds what the token is bound to; the running gateway's own steps.
    func explainPossession(
        of binding: TokenBinding,
        _ tenant: Int,
        _ explanation: inout Explanation
    ) {
        let rules =
            prepared.loaded.configuration.tenants[tenant].tokens?.proofs
            ?? Configuration.ProofRules()
        var findings: [Finding] = []
        if let wanted = binding.certificate {
            let found = possession.certificate.map { "x5t#S256 \($0.text)" } ?? "no certificate"
            findings.append(
                finding(
                    "certificate",
                    found,
                    "x5t#S256 \(wanted.text)",
                    possession.certificate == wanted ? nil : .binding
                )
            )
        }
        findings.append(scheme(binding, rules))
        if let key = binding.proofKey, let proof = possession.proof, rules.mode != .refuse {
            findings += self.findings(of: proof, key, rules)
        }
        for finding in findings {
            guard let refusal = finding.refusal else {
                explanation.pass(finding.name, found: finding.found, wanted: finding.wanted)
                continue
            }
            explanation.refuse(
                finding.name,
                refusal.status,
                "\(refusal.code)",
                found: finding.found,
                wanted: finding.wanted
            )
        }
        if binding.proofKey != nil, explanation.refusal == nil {
            explanation.skip("  use", "a running gateway takes a proof once")
        }
    }

    /// With a proof the token is sent under the scheme `DPoP`, else under `Bearer`.
    private func scheme(_ binding: TokenBinding, _ rules: Configuration.ProofRules) -> Finding {
        let isProven = possession.proof != nil && rules.mode != .refuse
        let isBound = binding.proofKey != nil
        let wanted =
            switch (rules.mode, isBound) {
            case (.require, true), (.accept, true): "DPoP with a proof, since cnf has jkt"
            case (.require, false): "a token with cnf.jkt, since `dpop require`"
            case (.accept, false): "Bearer, since there is no cnf.jkt"
            case (.refuse, true): "a token without cnf.jkt, since no proof is taken"
            case (.refuse, false): "Bearer, since no proof is taken"
            }
        let holds = isProven ? isBound : !isBound && rules.mode != .require
        return finding(
            "scheme",
            isProven ? "DPoP with a proof" : "Bearer",
            wanted,
            holds ? nil : .binding
        )
    }

    /// Every check of a proof, in the order of `ProofValidator`.
    private func findings(
        of proof: [UInt8],
        _ key: Thumbprint,
        _ rules: Configuration.ProofRules
    ) -> [Finding] {
        guard let parts = try? CompactToken(proof.span, bytesMax: ProofValidator.bytesMax),
            let head = Base64URL.decode(proof.span.extracting(parts.header)),
            let body = Base64URL.decode(proof.span.extracting(parts.claims)),
            let signature = Base64URL.decode(proof.span.extracting(parts.signature)),
            let header = try? ProofHeader(head), let claims = try? ProofClaims(body)
        else {
            return [shape(proof, .proof)]
        }
        let jwk = header.embeddedKey()
        let thumbprint = jwk?.material.thumbprint
        var verifier = SignatureVerifier()
        let isSigned =
            if let jwk, let algorithm = header.algorithm, let key = try? VerificationKey(jwk) {
                verifier.verify(
                    signature.span,
                    over: proof.span.extracting(parts.signingInput),
                    key: key,
                    algorithm: algorithm
                )
            } else { false }
        let type = header.type.map { String(decoding: $0, as: UTF8.self) } ?? "absent"
        let algorithms = SignatureAlgorithm.allCases.map(\.rawValue).joined(separator: " ")
        return [
            shape(proof, nil),
            finding("  type", "typ \(type)", "typ dpop+jwt", header.isOfProof ? nil : .proof),
            finding(
                "  algorithm",
                "alg \(header.algorithm?.rawValue ?? "of another kind")",
                algorithms,
                header.algorithm == nil ? .proof : nil
            ),
            finding(
                "  key",
                thumbprint.map { "jwk with jkt \($0.text)" } ?? "no public jwk that is used",
                "jkt \(key.text)",
                thumbprint == key ? nil : .proof
            ),
            finding(
                "  signature",
                isSigned ? "verifies" : "does not verify",
                "one of the embedded key",
                isSigned ? nil : .proof
            ),
        ] + self.findings(of: claims, rules)
    }

    private func findings(
        of claims: ProofClaims,
        _ rules: Configuration.ProofRules
    ) -> [Finding] {
        let path = Array(target.path.utf8)
        let isTarget = claims.names(path: path.span, under: rules.origins)
        let targets = rules.origins.map { $0 + target.path }.joined(separator: " or ")
        let ages = "\(ProofClaims.ageSecondsMax) s and \(ProofClaims.offsetSecondsMax) s"
        var findings = [
            finding(
                "  method",
                claims.shownMethod,
                "htm \(method)",
                claims.names(method: Array(method.utf8).span) ? nil : .proof
            ),
            finding("  target", claims.shownTarget, "htu \(targets)", isTarget ? nil : .proof),
            finding(
                "  time",
                claims.shownTime,
                "iat at most \(ages) before now (\(now)), or \(ProofClaims.offsetSecondsMax) s after",
                claims.staleTime(at: now) == nil ? .proof : nil
            ),
            finding(
                "  identifier",
                claims.identifier.map { "jti of \($0.count) bytes" } ?? "no jti that is taken",
                "jti of 1 to \(ProofClaims.identifierBytesMax) bytes",
                claims.identifier == nil ? .proof : nil
            ),
        ]
        if case .token(let token) = credential {
            let isMeant = Thumbprint(of: token.span).map { claims.names(token: $0) } ?? false
            findings.append(
                finding(
                    "  token hash",
                    isMeant ? "ath of this token" : "no ath, or one of another token",
                    "ath of this token",
                    isMeant ? nil : .proof
                )
            )
        }
        guard rules.wantsNonce else { return findings }
        // Only the process that gave a nonce knows whether it is still good.
        findings.append(
            finding(
                "  nonce",
                claims.nonce == nil ? "no nonce" : "a nonce, judged by a running gateway",
                "a nonce of the gateway",
                claims.nonce == nil ? .proofNonce : nil
            )
        )
        return findings
    }

    private func shape(_ proof: [UInt8], _ refusal: TokenRefusal?) -> Finding {
        finding(
            "proof",
            "\(proof.count) bytes",
            "a signed JWT in compact form, at most \(ProofValidator.bytesMax) bytes",
            refusal
        )
    }

    private func finding(
        _ name: String,
        _ found: String,
        _ wanted: String,
        _ refusal: TokenRefusal?
    ) -> Finding {
        Finding(name: name, found: found, wanted: wanted, refusal: refusal)
    }
}

import Policy

extension RequestExplainer {
    /// Checks a whole token with the tenant's keys, fetched if need be.
    func explainToken(
        _ token: [UInt8],
        _ tokens: Configuration.Tokens,
        _ rules: CompiledTokenRules,
        _ tenant: Int,
        _ explanation: inout Explanation
    ) -> FactSet? {
        let limit = prepared.loaded.configuration.limits.tokenBytesMax
        do throws(TokenRefusal) {
            let parts = try CompactToken(token.span, bytesMax: limit)
            let header = try TokenHeader(Self.decode(token[parts.header]))
            explanation.pass("token", found: "\(token.count) bytes", wanted: "at most \(limit)")
            try explainHeader(header, rules, &explanation)
            let keys = try fetchKeys(
                tokens.keys
                    ?? Configuration.KeyPlace(.discovery(issuer: rules.source.issuer)),
                &explanation
            )
            try explainSignature(token, parts, header, keys, rules, &explanation)
            let claims = try Self.decode(token[parts.claims])
            return explainClaims(claims, type: header.type, rules, tenant, &explanation)
        } catch {
            // Each check has its own line; this one is for what cannot even be taken apart.
            if explanation.refusal == nil {
                explanation.refuse(
                    "token",
                    error.status,
                    "\(error.code)",
                    found: "\(token.count) bytes",
                    wanted: "a signed JWT in compact form, at most \(limit) bytes"
                )
            }
            return nil
        }
    }

    private func explainHeader(
        _ header: borrowing TokenHeader,
        _ rules: CompiledTokenRules,
        _ explanation: inout Explanation
    ) throws(TokenRefusal) {
        let type = header.type.map { String(decoding: $0, as: UTF8.self) } ?? "absent"
        var types = rules.source.types.sorted()
        if rules.source.acceptsMissingType { types.append("absent") }
        let wantedTypes = types.joined(separator: " ")
        do throws(TokenRefusal) {
            try rules.checkType(of: header)
        } catch {
            refuse(&explanation, "type", error, found: "typ \(type)", wanted: wantedTypes)
            throw error
        }
        explanation.pass("type", found: "typ \(type)", wanted: wantedTypes)
        let algorithms = rules.source.algorithms.map(\.rawValue).sorted().joined(separator: " ")
        let found = "alg \(header.algorithmName)"
        do throws(TokenRefusal) {
            _ = try rules.checkAlgorithm(of: header)
        } catch {
            refuse(&explanation, "algorithm", error, found: found, wanted: algorithms)
            throw error
        }
        explanation.pass("algorithm", found: found, wanted: algorithms)
    }

    private func fetchKeys(
        _ place: Configuration.KeyPlace,
        _ explanation: inout Explanation
    ) throws(TokenRefusal) -> KeySet {
        let wanted =
            switch place.source {
            case .file, .url: place.source.shown
            case .discovery: "discovery from \(place.source.shown)"
            }
        do throws(KeyFailure) {
            let keys = try KeySetFetcher(client: OutboundClient()).fetch(place).keys
            let count = "\(keys.keys.count) key" + (keys.keys.count == 1 ? "" : "s")
            explanation.pass("keys", found: count, wanted: wanted)
            return keys
        } catch {
            refuse(&explanation, "keys", .keysUnavailable, found: "\(error)", wanted: wanted)
            throw .keysUnavailable
        }
    }

    private func explainSignature(
        _ token: [UInt8],
        _ parts: CompactToken,
        _ header: borrowing TokenHeader,
        _ keys: KeySet,
        _ rules: CompiledTokenRules,
        _ explanation: inout Explanation
    ) throws(TokenRefusal) {
        let algorithm = try rules.checkAlgorithm(of: header)
        let signature = try Self.decode(token[parts.signature])
        let name = header.keyID.map { "kid \(String(decoding: $0, as: UTF8.self))" } ?? "no kid"
        let names = keys.keys.map { key in
            key.keyID.map { String(decoding: $0, as: UTF8.self) } ?? "without kid"
        }
        let wanted = "a key for \(algorithm.rawValue) of: " + names.joined(separator: ", ")
        var verifier = SignatureVerifier()
        var refusal = keys.hasKey(namedBy: header) ? TokenRefusal.algorithm : .keyUnknown
        var index = -1
        while let next = keys.nextCandidate(after: index, header: header, algorithm: algorithm) {
            index = next
            refusal = .signature
            let isGood = verifier.verify(
                signature.span,
                over: token.span.extracting(parts.signingInput),
                key: keys.keys[index],
                algorithm: algorithm
            )
            guard isGood else { continue }
            explanation.pass("signature", found: name, wanted: wanted)
            return
        }
        refuse(&explanation, "signature", refusal, found: name, wanted: wanted)
        throw refusal
    }

    private func refuse(
        _ explanation: inout Explanation,
        _ name: String,
        _ refusal: TokenRefusal,
        found: String,
        wanted: String
    ) {
        explanation.refuse(
            name,
            refusal.status,
            "\(refusal.code)",
            found: found,
            wanted: wanted
        )
    }

    private static func decode(_ part: ArraySlice<UInt8>) throws(TokenRefusal) -> [UInt8] {
        guard let bytes = Base64URL.decode(part.span) else { throw .malformed }
        return bytes
    }
}

import HTTP
import Policy

/// What is known of a caller's connection.
struct Caller: ~Copyable {
    let address: AddressKey

    /// The same as text, for events.
    let addressText: AddressText

    /// The certificate that the client has shown.
    let certificate: Thumbprint?
}

/// Whether a caller is known.
enum Identification {
    case known
    case refused(Refusal)
    case waits(IdentityWait)
}

extension RequestGate {
    /// Exactly one credential, well formed, the token in it valid for this tenant, and sent by
    /// whom it is bound to.
    @inline(__always)
    mutating func identify(
        _ bytes: Span<UInt8>,
        _ exchange: inout Exchange,
        _ identity: TenantIdentity?,
        _ caller: borrowing Caller,
        _ now: LoopTime
    ) -> Identification {
        guard let index = head.authorizationIndex else { return .refused(.credentialsMissing) }
        guard !hasTokenInQuery(bytes) else { return .refused(.credentialsRepeated) }
        let field = head.fields[index].value
        guard let credential = Credential(bytes.extracting(field)) else {
            return .refused(.credentialsMissing)
        }
        scheme = credential.scheme
        guard let identity else { return .refused(.tokenIssuer) }
        if credential.scheme == .dpop, identity.proofs.mode == .refuse {
            scheme = nil
            return .refused(.credentialsMissing)
        }
        let range = field.lowerBound + credential.start..<field.upperBound
        let token = bytes.extracting(range)
        switch tokens.validate(
            token,
            tenant: identity,
            lookedUp: exchange.introspected,
            hasWaited: exchange.hasWaited,
            now: now.unixSeconds
        ) {
        case .valid(let principal):
            if identity.isUnbound(principal, credential.scheme) {
                self.principal = principal
                return .known
            }
            return prove(
                principal,
                credential.scheme,
                token,
                bytes,
                &exchange,
                identity,
                caller,
                now
            )
        case .refused(let refusal): return .refused(Refusal(refusal))
        case .wantsKeys(let refusal): return .waits(.keys(Refusal(refusal)))
        case .opaque: return .waits(.introspection(token: range))
        }
    }

    /// Checks that the caller holds what its token is bound to.
    private mutating func prove(
        _ principal: Principal,
        _ scheme: Credential.Scheme,
        _ token: Span<UInt8>,
        _ bytes: Span<UInt8>,
        _ exchange: inout Exchange,
        _ identity: TenantIdentity,
        _ caller: borrowing Caller,
        _ now: LoopTime
    ) -> Identification {
        if let wanted = principal.binding.certificate, wanted != caller.certificate {
            return .refused(.tokenBinding)
        }
        switch (scheme, principal.binding.proofKey) {
        case (.bearer, nil):
            // A tenant that requires proofs takes no token that needs none.
            guard identity.proofs.mode != .require else { return .refused(.tokenBinding) }
        case (.bearer, .some): return .refused(.tokenBinding)
        case (.dpop, nil): return .refused(.tokenBinding)
        case (.dpop, .some(let key)):
            guard head.fields.count(of: .dpop) == 1, let index = head.fields.firstIndex(of: .dpop),
                !head.fields[index].isVariantSpelling
            else { return .refused(.proofInvalid) }
            let outcome = proofs.validate(
                bytes.extracting(head.fields[index].value),
                token: token,
                key: key,
                method: bytes.extracting(head.methodRange),
                path: bytes.extracting(head.pathRange),
                tenant: identity,
                now: now.unixSeconds
            )
            switch outcome {
            case .valid(let offersNonce):
                if offersNonce { exchange.offer(nonces.current(at: now.unixSeconds)) }
            case .refused(let refusal):
                if refusal == .proofNonce { exchange.offer(nonces.current(at: now.unixSeconds)) }
                return .refused(Refusal(refusal))
            }
        }
        self.principal = principal
        return .known
    }

    /// Whether a token stands in the query, where RFC 6750 has one and we never take one.
    private func hasTokenInQuery(_ bytes: Span<UInt8>) -> Bool {
        guard let range = head.queryRange else { return false }
        var parameters = QueryParameters(range)
        while let parameter = parameters.next(in: bytes) {
            if FormEncoding.equals(bytes.extracting(parameter.name), "access_token") { return true }
        }
        return false
    }
}

extension TenantIdentity {
    /// Whether nothing has to be shown besides the token, as with most.
    @inline(__always)
    fileprivate func isUnbound(_ principal: Principal, _ scheme: Credential.Scheme) -> Bool {
        scheme == .bearer && principal.isUnbound && proofs.mode != .require
    }
}

extension AddressKey {
    /// The address as policies compare it.
    @inline(__always)
    var network: NetworkAddress { NetworkAddress(high: high, low: low) }
}

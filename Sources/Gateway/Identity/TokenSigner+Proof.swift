import Policy

extension TokenSigner {
    /// Makes a proof of possession of the key, RFC 9449 section 4.2.
    ///
    /// - Parameters:
    ///   - method: The method of the request that it is for.
    ///   - url: Its URL; query and fragment are left out of the proof.
    ///   - token: The access token that goes with it; without one there is no `ath`.
    ///   - nonce: What the server gave in `DPoP-Nonce`.
    ///   - now: Seconds since 1970.
    /// - Returns: The value of a `DPoP` field.
    /// - Throws: When the key cannot be used.
    func proof(
        method: String,
        url: String,
        token: [UInt8]? = nil,
        nonce: String? = nil,
        now: Int64
    ) throws(KeyFailure) -> String {
        var members = [("jti", Self.identifier()), ("htm", method)]
        members.append(("htu", String(url.prefix { $0 != "?" && $0 != "#" })))
        if let token, let digest = Thumbprint(of: token.span) {
            members.append(("ath", digest.text))
        }
        if let nonce { members.append(("nonce", nonce)) }
        var claims = Array("{\"iat\":\(now)".utf8)
        for (name, value) in members {
            claims.append(UInt8(ascii: ","))
            JSONString.append(name, to: &claims)
            claims.append(UInt8(ascii: ":"))
            JSONString.append(value, to: &claims)
        }
        let header = "{\"typ\":\"dpop+jwt\",\"jwk\":\(try key.publicJWK())}"
        return try sign(claims: String(decoding: claims, as: UTF8.self) + "}", header: header)
    }

    /// 128 random bits.
    private static func identifier() -> String {
        Base64URL.encode((0..<16).map { _ in UInt8.random(in: .min ... .max) })
    }
}

extension SigningKey {
    /// The thumbprint of the public half, RFC 7638.
    func thumbprint() throws(KeyFailure) -> Thumbprint {
        let text = try publicJWK()
        guard let document = try? JSONDocument(Array(text.utf8)),
            let jwk = try? JWK(document.root, in: document),
            let thumbprint = jwk.material.thumbprint
        else { throw .privateKey("its public half is none that tokens can be bound to") }
        return thumbprint
    }
}

extension KeySetFetcher {
    /// Where an issuer's metadata may be, OpenID Connect Discovery section 4 and RFC 8414 section 3.
    ///
    /// A slash at the end of the issuer is left out before something is put behind it.
    /// - Throws: When the issuer is no URL to discover keys from.
    static func metadata(ofIssuer issuer: String) throws(KeyFailure) -> [OutboundURL] {
        let base = try url(issuer)
        guard !base.target.contains("?") else { throw .badURL(issuer) }
        let origin = (base.isTLS ? "https://" : "http://") + base.authority
        var path = base.target
        while path.hasSuffix("/") { path.removeLast() }
        return [
            try url(origin + path + "/.well-known/openid-configuration"),
            try url(origin + "/.well-known/oauth-authorization-server" + path),
        ]
    }

    /// A URL of keys or metadata.
    static func url(_ text: String) throws(KeyFailure) -> OutboundURL {
        guard let url = OutboundURL(text) else { throw .badURL(text) }
        return url
    }
}

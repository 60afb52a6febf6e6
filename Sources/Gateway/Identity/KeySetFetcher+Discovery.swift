import Policy

extension KeySetFetcher {
    /// Where an issuer's metadata may be, in the order of asking.
    ///
    /// OpenID Connect Discovery section 4 puts the well-known part behind the issuer's path, RFC 8414
    /// section 3 in front of it, and section 5 there allows either name in front. A slash at the end
    /// of the issuer is left out before something is put behind it.
    ///
    /// - Throws: When the issuer is no URL to discover keys from.
    static func metadata(ofIssuer issuer: String) throws(KeyFailure) -> [OutboundURL] {
        let base = try url(issuer)
        guard !base.target.contains("?") else { throw .badURL(issuer) }
        let origin = (base.isTLS ? "https://" : "http://") + base.authority
        var path = base.target
        while path.hasSuffix("/") { path.removeLast() }
        var places = [
            origin + path + "/.well-known/openid-configuration",
            origin + "/.well-known/oauth-authorization-server" + path,
        ]
        if !path.isEmpty { places.append(origin + "/.well-known/openid-configuration" + path) }
        var urls: [OutboundURL] = []
        for place in places { urls.append(try url(place)) }
        return urls
    }

    /// A URL of keys or metadata.
    static func url(_ text: String) throws(KeyFailure) -> OutboundURL {
        guard let url = OutboundURL(text) else { throw .badURL(text) }
        return url
    }

    /// What one candidate for metadata says.
    enum Metadata: Hashable, Sendable {
        case keys(OutboundURL)

        /// It is no metadata at all: another place may have some.
        case none(because: String)
    }

    /// Reads metadata whose `issuer` must be ours, character for character: the defence against a
    /// server that answers for somebody else, RFC 8414 section 3.3.
    ///
    /// - Throws: When it is somebody else's or names no key set; no other place is asked then.
    static func metadata(_ text: [UInt8], issuer: String) throws(KeyFailure) -> Metadata {
        guard let document = try? JSONDocument(text),
            document.kind(of: document.root) == .object
        else { return .none(because: "it is not a JSON object") }
        guard let named = document.member("issuer", of: document.root),
            document.equals(named, Array(issuer.utf8))
        else { throw .discovery("its `issuer` is not `\(issuer)`") }
        guard let node = document.member("jwks_uri", of: document.root),
            let text = document.string(of: node)
        else { throw .discovery("it has no `jwks_uri`") }
        guard let url = OutboundURL(String(decoding: text, as: UTF8.self)) else {
            throw .discovery("its `jwks_uri` is not an https URL")
        }
        return .keys(url)
    }
}

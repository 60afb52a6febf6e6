import HTTP
import Policy

extension OutboundRequest {
    /// Asks about a token, RFC 7662 section 2.1, as the client that the tenant's configuration names.
    ///
    /// - Returns: `nil` when the URL is none that the gateway asks anything of.
    init?(introspecting token: [UInt8], at introspection: Configuration.Introspection) {
        guard let url = OutboundURL(introspection.url) else { return nil }
        self.init(url)
        method = .post
        isRepeatable = true
        caPath = introspection.caPath
        deadlineMilliseconds = Introspector.deadlineMilliseconds
        answerBytesMax = IntrospectionAnswer.bytesMax
        fields = [
            RequestField(name: "Authorization", value: Self.basic(introspection)),
            RequestField(name: "Accept", value: "application/json"),
            RequestField(name: "Content-Type", value: "application/x-www-form-urlencoded"),
        ]
        body = Array("token=".utf8) + FormEncoding.encode(token)
        body += Array("&token_type_hint=access_token".utf8)
    }

    /// Id and secret after RFC 6749 section 2.3.1: each form-encoded first, so that neither a colon
    /// in the id nor what is not ASCII is mistaken.
    private static func basic(_ introspection: Configuration.Introspection) -> String {
        let pair =
            FormEncoding.encode(Array(introspection.clientID.utf8)) + [UInt8(ascii: ":")]
            + FormEncoding.encode(Array(introspection.secret.utf8))
        var text = Base64URL.encode(pair).map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        while text.count % 4 != 0 { text.append("=") }
        return "Basic " + String(text)
    }
}

/// A gateway whose `/v1/oauth/authorize` checks authorization requests.
enum AuthorizeScene {
    static let path = "/v1/oauth/authorize"

    static let settings = SceneSettings.with { settings in
        settings.policy = ScenePolicy.standard.replacing(
            "match GET /v1/oauth/authorize\n    public\n",
            with: "match GET /v1/oauth/authorize\n    public\n    check authorize\n"
        )
        settings.acme.routes = """
            client wallet {
                redirect https://wallet.example/cb
                redirect http://127.0.0.1/cb
                redirect com.example.app:/cb
            }
            client other {
                redirect https://other.example/cb
            }
            """
    }

    /// A request that passes, parameter by parameter.
    static let parameters = [
        "response_type=code", "client_id=wallet", "redirect_uri=https%3A%2F%2Fwallet.example%2Fcb",
        "scope=badge", "state=af0ifjsldkj",
        "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method=S256",
    ]

    static let good = path + "?" + parameters.joined(separator: "&")

    static let pushed =
        path + "?client_id=wallet&request_uri=urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014"

    /// The good target with one parameter left out, replaced or added.
    static func with(_ parameter: String) -> String {
        let name = parameter.prefix { $0 != "=" }
        let kept = parameters.filter { !$0.hasPrefix(name + "=") }
        let all = parameter.contains("=") ? kept + [parameter] : kept
        return path + "?" + all.joined(separator: "&")
    }

    /// What Chrome says when somebody follows a link.
    static let browser =
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"

    /// An issuer that redirects, grants every origin what it asks for, and may answer a 307.
    static let issuer: RecordingUpstream.Script = { call in
        _ = try call.body()
        let fields = [
            Field("Location", "https://issuer.example/login?a=1"),
            Field("Access-Control-Allow-Origin", "*"),
            Field("Access-Control-Allow-Credentials", "true"),
            Field("access-control-expose-headers", "Location"),
            Field("Referrer-Policy", "unsafe-url"), Field("Cache-Control", "max-age=60"),
            Field("X-Kept", "yes"),
        ]
        let isTemporary = call.target.contains("state=temporary")
        let isPermanent = call.target.contains("state=permanent")
        try call.respond(isTemporary ? 307 : isPermanent ? 308 : 302, text: "on", fields)
    }
}

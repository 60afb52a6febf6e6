import Foundation

/// A gateway with the built-in policy before an issuer that answers as its documentation says.
enum CaptureScene {
    /// A call, and what its events tell besides what every event tells.
    struct Call: Sendable {
        var family: String
        var status: Int
        var start: [String: JSON]
        var sensitive: [String: JSON] = [:]
        var outcome: [String: JSON]
        var request: @Sendable () throws -> Request
    }

    static let calls = [
        Call(
            family: "OPENID_AUTHORIZE",
            status: 302,
            start: [
                "client_id": "wallet", "redirect_uri": "https://wallet.test/cb?x=1",
                "response_type": "code", "scope": "badge openid", "state": "af0 ifj",
                "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
                "code_challenge_method": "S256",
            ],
            outcome: [:],
            request: { Request("GET", authorize) }
        ),
        Call(
            family: "OPENID_PRE_AUTHORIZED_OFFER_CREATE",
            status: 201,
            start: [
                "credentials": ["profile-1"], "claimsToPersist": ["name"],
                "expiresIn": ["minutes": 5], "userId": "user-1",
                "transactionCodeConfiguration": ["inputMode": "numeric", "description": "PIN"],
            ],
            sensitive: ["claims": ["name": "Ada", "address": ["city": "x"]]],
            outcome: [
                "offerId": "offer-1", "userId": "user-1", "expiresAt": "2026-11-23T21:48:22Z",
                "sessionId": "session-1",
            ],
            request: offerRequest
        ),
        Call(
            family: "OPENID_PRE_AUTHORIZED_OFFER_DELETE",
            status: 204,
            start: [:],
            outcome: [:],
            request: { Request("DELETE", ScenePolicy.offer).bearing(try TokenOrder().signed()) }
        ),
        Call(
            family: "OPENID_TOKEN",
            status: 200,
            start: [
                "client_id": "wallet", "grant_type": "authorization_code",
                "redirect_uri": "https://wallet.test/cb",
            ],
            outcome: ["expires_in": 3_600, "scope": "badge", "token_type": "Bearer"],
            request: {
                let body =
                    "grant_type=authorization_code&code=s3cret-code&client_id=wallet"
                    + "&redirect_uri=https%3A%2F%2Fwallet.test%2Fcb&code_verifier=s3cret-verifier"
                return Request("POST", "/v1/oauth/token").with(body: Array(body.utf8))
                    .with("Content-Type", "application/x-www-form-urlencoded")
            }
        ),
        Call(
            family: "OPENID_TOKEN",
            status: 400,
            start: ["grant_type": "urn:ietf:params:oauth:grant-type:pre-authorized_code"],
            outcome: [:],
            request: {
                let body =
                    "grant_type=urn:ietf:params:oauth:grant-type:pre-authorized_code"
                    + "&pre-authorized_code=s3cret-code&tx_code=s3cret-pin"
                return Request("POST", "/v1/oauth/token").with(body: Array(body.utf8))
                    .with("Content-Type", "application/x-www-form-urlencoded")
            }
        ),
        Call(
            family: "OPENID_CREDENTIAL",
            status: 200,
            start: [:],
            outcome: [:],
            request: {
                Request("POST", "/v1/openid/credential").with(body: #"{"proof":"s3cret"}"#)
                    .with("Authorization", "Bearer s3cret-wallet")
            }
        ),
    ]

    static let authorize =
        "/v1/oauth/authorize?response_type=code&client_id=wallet&scope=badge+openid"
        + "&redirect_uri=https%3A%2F%2Fwallet.test%2Fcb%3Fx%3D1&state=af0%20ifj&nonce=s3cret"
        + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"

    /// Secrets stand where an issuer's clients might put them.
    static let offerBody = #"""
        {"credentials": ["profile-1"], "userId": "user-1", "claimsToPersist": ["name"],
         "expiresIn": {"minutes": 5}, "claims": {"name": "Ada", "address": {"city": "x"},
         "password": "s3cret-claim"}, "other": "s3cret-other", "transactionCode": "s3cret-pin",
         "transactionCodeConfiguration": {"inputMode": "numeric", "description": "PIN",
         "transaction\u0043ode": "s3cret-pin"}}
        """#

    @Sendable static func offerRequest() throws -> Request {
        Request("POST", ScenePolicy.offers).bearing(try TokenOrder().signed())
            .with(body: offerBody)
    }

    static let issuer: RecordingUpstream.Script = { call in
        let body = try call.body()
        let json = Field("Content-Type", "application/json")
        switch call.path {
        case ScenePolicy.offers:
            let answer =
                #"{"id":"offer-1","userId":"user-1","sessionId":"session-1","#
                + #""uri":"openid-credential-offer://?pre-authorized_code=s3cret-code","#
                + #""expiresAt":"2026-11-23T21:48:22Z","transactionCode":"s3cret-pin"}"#
            try call.respond(201, text: answer, [json, Field("Set-Cookie", "a=s3cret")])
        case ScenePolicy.offer: try call.respond(204)
        case "/v1/oauth/authorize":
            try call.respond(302, [Field("Location", "https://wallet.test/cb?code=s3cret-code")])
        case "/v1/oauth/token":
            if String(decoding: body, as: UTF8.self).contains("tx_code") {
                let error = #"{"error":"invalid_grant","scope":"s3cret","token_type":"s3cret"}"#
                return try call.respond(400, text: error, [json])
            }
            let answer =
                #"{"access_token":"s3cret-token","token_type":"Bearer","expires_in":3600,"#
                + #""scope":"badge","c_nonce":"s3cret-nonce","refresh_token":"s3cret-refresh"}"#
            try call.respond(200, text: answer, [json])
        default: try call.respond(200, text: #"{"credential":"s3cret-credential"}"#, [json])
        }
    }

    static func serving(
        _ change: (inout SceneSettings) -> Void = { _ in },
        upstream script: @escaping RecordingUpstream.Script = issuer
    ) throws -> GatewayScene {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let path = "/\(root)/policies/openid4vci.policy"
        let policy = try String(contentsOfFile: path, encoding: .utf8)
        return try GatewayScene.serving(
            .with { settings in
                settings.policy = policy
                settings.beta = nil
                change(&settings)
            },
            upstream: script
        )
    }

    /// What the START of an offer tells.
    static func offer(_ scene: GatewayScene) throws -> [String: JSON] {
        let response = try scene.exchange(offerRequest())
        let events = try scene.events(ofRequest: response["X-Request-Id"] ?? "none")
        return events.first.map(told) ?? [:]
    }

    /// What the data of an event tell besides what every event tells.
    static func told(_ event: Event) -> [String: JSON] {
        let own = [
            "route", "method", "path", "caller", "status", "durationMs", "upstreamStatus", "code",
            "error", "shadow",
        ]
        return (event.data?.members ?? [:]).filter { !own.contains($0.key) }
    }
}

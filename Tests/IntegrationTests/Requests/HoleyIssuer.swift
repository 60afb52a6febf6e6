import Foundation

/// An issuer behind its pack that leaves open all that real ones were found to leave open.
///
/// It asks nobody who he is, hands out PINs and codes, takes any redirect URI and any number of
/// transaction codes, and lets everything be stored.
struct HoleyIssuer: Sendable, CustomStringConvertible {
    /// The name of its policy in `policies/`.
    let name: String

    /// Calls that nobody may make without a token, `METHOD TARGET`.
    let guardedCalls: [String]

    /// What belongs in the body of the first of them.
    let offer: Request

    /// Calls that are not there, with a token neither.
    let closedCalls: [String]

    let tokenPath: String
    let credentialPath: String

    /// What it answers to a wrong transaction code.
    let wrongStatus: Int

    /// Members of a token that may make offers.
    var claims: [String: JSON] = ["roles": ["issuer"]]

    var description: String { name }

    static let id = "8241400f-de3b-42c5-ad7c-8a380039e796"
    static let pin = "4711"

    static let all = [
        HoleyIssuer(
            name: "openid4vci",
            guardedCalls: [
                "POST /v1/openid/offers/pre-authorized", "POST /v1/openid/offers",
                "DELETE /v1/openid/offers/pre-authorized/\(id)",
            ],
            offer: Request("POST", "/v1/openid/offers/pre-authorized")
                .with(body: #"{"credentials":["badge"]}"#),
            closedCalls: [
                "GET /v1/openid/offers", "POST /openid4vc/jwt/issue", "GET /v1/webhooks",
            ],
            tokenPath: "/v1/oauth/token",
            credentialPath: "/v1/openid/credential",
            wrongStatus: 500
        ),
        HoleyIssuer(
            name: "acapy",
            guardedCalls: [
                "POST /oid4vci/exchange/create", "GET /oid4vci/exchange/records/\(id)",
                "GET /oid4vci/exchange/records", "GET /oid4vci/credential-offer?exchange_id=\(id)",
                "GET /oid4vci/credential-offer-by-ref?exchange_id=\(id)",
            ],
            offer: Request("POST", "/oid4vci/exchange/create")
                .with(body: #"{"supported_cred_id":"a","credential_subject":{"name":"b"}}"#),
            closedCalls: ["POST /multitenancy/wallet/\(id)/token", "GET /wallet/did"],
            tokenPath: "/token",
            credentialPath: "/credential",
            wrongStatus: 400
        ),
        HoleyIssuer(
            name: "eudi",
            guardedCalls: [
                "POST /credentialOfferReq2",
                "GET /credential_offer_create?credential_configuration_id=pid",
                "GET /credential_offer2?credential_configuration_id=pid",
            ],
            offer: Request("POST", "/credentialOfferReq2").with(form: "request=e30.e30."),
            closedCalls: [
                "POST /oidc/preauth_generate", "POST /oidc/registration", "GET /credential_offer",
            ],
            tokenPath: "/oidc/token",
            credentialPath: "/credential",
            wrongStatus: 400
        ),
        HoleyIssuer(
            name: "keycloak",
            guardedCalls: [
                "GET \(realm)/oid4vc/create-credential-offer?credential_configuration_id=pid",
                "GET \(realm)/oid4vc/credential-offer-uri?credential_configuration_id=pid",
            ],
            offer: Request(
                "GET",
                "\(realm)/oid4vc/create-credential-offer?credential_configuration_id=pid"
            ),
            closedCalls: [
                "GET /admin/realms", "POST /realms/master/protocol/openid-connect/token",
            ],
            tokenPath: "\(realm)/openid-connect/token",
            credentialPath: "\(realm)/oid4vc/credential",
            wrongStatus: 400,
            claims: ["realm_access": ["roles": ["credential-offer-create"]]]
        ),
    ]

    private static let realm = "/realms/wallets/protocol"

    /// A gateway with the pack before the issuer.
    func scene() throws -> GatewayScene {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let policy = try String(
            contentsOfFile: "/\(root)/policies/\(name).policy",
            encoding: .utf8
        )
        let settings = SceneSettings.with { settings in
            settings.policy = policy
            settings.acme.routes = "client wallet {\n    redirect https://wallet.example/cb\n}"
        }
        return try GatewayScene.serving(settings, upstream: script)
    }

    private var script: RecordingUpstream.Script {
        { call in
            let form = String(decoding: try call.body(), as: UTF8.self)
            let fields = [
                Field("Content-Type", "application/json"), Field("Cache-Control", "max-age=600"),
                Field("DPoP-Nonce", "nonce-of-the-issuer"),
            ]
            if call.path == tokenPath {
                let isRight = form.hasSuffix("tx_code=\(Self.pin)")
                let text = isRight ? #"{"access_token":"t"}"# : #"{"error":"invalid_request"}"#
                return try call.respond(isRight ? 200 : wrongStatus, text: text, fields)
            }
            if call.path == "/oidc/authorization" {
                let asked = call.target.components(separatedBy: "redirect_uri=").last ?? ""
                let redirect = asked.prefix { $0 != "&" }.removingPercentEncoding ?? ""
                let answer = Field("Location", "\(redirect)?code=c")
                return try call.respond(302, text: "", fields + [answer])
            }
            let text = #"{"pin":"\#(Self.pin)","code":"c","uri":"openid-credential-offer://?c"}"#
            try call.respond(200, text: text, fields)
        }
    }

    /// A token request with a transaction code.
    func tokenRequest(_ code: String, _ pin: String) -> Request {
        let grant = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Apre-authorized_code"
        return Request("POST", tokenPath)
            .with(form: "grant_type=\(grant)&pre-authorized_code=\(code)&tx_code=\(pin)")
    }
}

extension Request {
    /// With a form.
    func with(form: String) -> Request {
        with(body: Array(form.utf8)).with("Content-Type", "application/x-www-form-urlencoded")
    }
}

/// The calls that the demonstration shows, ready to be pasted into another terminal.
struct DemoCalls: Sendable {
    let scene: DemoScene

    /// Tokens of acme for an issuer and an auditor, and one of globex for an issuer.
    private let issuerToken: String
    private let auditorToken: String
    private let foreignToken: String

    /// Mints the tokens; `now` in seconds since 1970.
    init(scene: DemoScene, now: Int64) throws(DemoFailure) {
        self.scene = scene
        issuerToken = try scene.acme.token(role: "issuer", port: scene.port, now: now)
        auditorToken = try scene.acme.token(role: "auditor", port: scene.port, now: now)
        foreignToken = try scene.globex.token(role: "issuer", port: scene.port, now: now)
    }

    /// One call: what it shows, and the command.
    struct Call: Sendable {
        let shows: String
        let command: String
    }

    private static let offers = "/v1/openid/offers/pre-authorized"
    private static let offer = offers + "/8241400f-de3b-42c5-ad7c-8a380039e796"

    /// All of them, in an order that tells a story.
    var all: [Call] {
        let body = #"{"credentials":[{"profileId":"employee-badge"}],"expiresIn":{"minutes":10}}"#
        return [
            Call(
                shows: "an issuer creates an offer: 200",
                command: curl(
                    "-H 'Authorization: Bearer \(issuerToken)' "
                        + "-H 'Content-Type: application/json' -d '\(body)'",
                    Self.offers
                )
            ),
            Call(
                shows: "the issuer deletes an offer: 204",
                command: curl(
                    "-X DELETE -H 'Authorization: Bearer \(issuerToken)'",
                    Self.offer
                )
            ),
            Call(
                shows: "an auditor may not: 403",
                command: curl(
                    "-X DELETE -H 'Authorization: Bearer \(auditorToken)'",
                    Self.offer
                )
            ),
            Call(
                shows: "another tenant's token, with every right there: 401",
                command: curl(
                    "-X DELETE -H 'Authorization: Bearer \(foreignToken)'",
                    Self.offer
                )
            ),
            Call(
                shows: "a browser begins a wallet's authorization: 302",
                command: curl(nil, "/v1/oauth/authorize?" + Self.authorization)
            ),
        ]
    }

    private static let authorization =
        "response_type=code&client_id=wallet&redirect_uri=https%3A%2F%2Fwallet.example%2Fcallback"
        + "&scope=employee_badge&state=af0ifjsldkj"
        + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"

    /// A word that a shell takes as it is.
    private static func quoted(_ word: String) -> String {
        "'" + word.replacing("'", with: #"'\''"#) + "'"
    }

    private func curl(_ options: String?, _ target: String) -> String {
        let options = options.map { $0 + " " } ?? ""
        return "curl -sS -i --cacert \(Self.quoted(scene.authorityPath)) \(options)"
            + "'\(scene.acme.origin(port: scene.port))\(target)'"
    }
}

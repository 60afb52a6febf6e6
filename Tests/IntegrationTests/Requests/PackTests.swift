import Foundation
import Testing

@Suite("ACA-Py behind its policy", .scene(AcapyScene.settings))
struct PackTests {
    /// What the agent answers gladly, to anybody, when nobody stands before it.
    static let closed = [
        "GET /", "GET /status/config", "GET /status/live", "GET /shutdown", "GET /api/doc",
        "GET /api/docs/swagger.json", "GET /plugins", "GET /wallet/did", "POST /wallet/did/create",
        "POST /wallet/jwt/sign", "POST /multitenancy/wallet", "GET /multitenancy/wallets",
        "POST /multitenancy/wallet/\(AcapyScene.id)/token", "GET /connections",
        "GET /credentials", "GET /credential/\(AcapyScene.id)", "DELETE /credential/1",
        "POST /oid4vp/request", "GET /oid4vp/request/\(AcapyScene.id)", "GET /oid4vp/presentations",
        "GET /oid4vci/exchange", "GET /oid4vci/exchange/records/", "PUT /oid4vci/exchange/create",
        "POST /oid4vci/exchange/records", "GET /token", "GET /nonce", "PUT /credential",
        "POST /tenant/base/token", "GET /tenant/\(AcapyScene.id)/",
        "GET /oid4vci/%65xchange/records",
        "GET /oid4vci//exchange/records", "GET /oid4vci/./exchange/records", "GET /events",
    ]

    @Test("what the policy does not name never arrives", arguments: closed)
    func notNamed(_ request: String) throws {
        let scene = try GatewayScene.here()
        let marked = try AcapyScene.request(request).with("X-Marker", request)
            .bearing(TokenOrder(roles: ["admin", "issuer", "auditor"]).signed())
        #expect((400...405).contains(try scene.exchange(marked).status))
        #expect(!scene.upstream.arrivals.contains { $0.head["X-Marker"] == request })
    }

    /// Calls that hold PINs, codes and claims, or make them.
    static let guardedCalls = [
        "GET /oid4vci/exchange/records", "GET /oid4vci/exchange/records/\(AcapyScene.id)",
        "POST /oid4vci/exchange/create", "DELETE /oid4vci/exchange/records/\(AcapyScene.id)",
        "GET /oid4vci/credential-offer?exchange_id=\(AcapyScene.id)",
        "GET /oid4vci/credential-offer-by-ref", "PATCH /oid4vci/credential-refresh/1",
        "POST /oid4vci/credential-supported/create", "GET /oid4vci/credential-supported/records",
        "POST /did/jwk/create",
    ]

    @Test("a management call takes a token and a role", arguments: guardedCalls)
    func guarded(_ request: String) throws {
        let scene = try GatewayScene.here()
        let order = try AcapyScene.request(request)
        let before = scene.upstream.arrivals(at: order.target).count
        #expect(try scene.exchange(order).code == "credentials-missing")
        // The key that the agent would take, and a token as ACA-Py makes them, are nothing here.
        #expect(try scene.exchange(order.with("X-API-Key", "agent-key")).status == 401)
        let foreign = "eyJhbGciOiJIUzI1NiJ9.eyJ3YWxsZXRfaWQiOiIxIn0.c2lnbmF0dXJl"
        #expect(try scene.exchange(order.bearing(foreign)).status == 401)
        let nobody = try TokenOrder(roles: ["administrator"]).signed()
        #expect(try scene.exchange(order.bearing(nobody)).code == "role-missing")
        #expect(scene.upstream.arrivals(at: order.target).count == before)
    }

    @Test func `an issuer makes offers, and reads no PIN`() throws {
        let scene = try GatewayScene.here()
        let token = try TokenOrder(roles: ["issuer"]).signed()
        let made = try scene.exchange(
            Request("POST", "/oid4vci/exchange/create").bearing(token).with(body: AcapyScene.offer)
        )
        #expect(made.status == 200)
        #expect(made["Cache-Control"] == "no-store")
        let seen = try scene.upstream.wait(for: "/oid4vci/exchange/create").head
        #expect(seen.values("X-API-Key") == ["agent-key"])
        #expect(seen["Authorization"] == nil)
        let record = Request("GET", "/oid4vci/exchange/records/\(AcapyScene.id)?of=issuer")
        #expect(try scene.exchange(record.bearing(token)).code == "role-missing")
        #expect(scene.upstream.arrivals(at: record.target).isEmpty)
    }

    @Test func `an admin reads a record, and nothing on the way keeps it`() throws {
        let token = try TokenOrder(roles: ["admin"]).signed()
        let record = Request("GET", "/oid4vci/exchange/records/\(AcapyScene.id)?of=admin")
        let response = try GatewayScene.here().exchange(record.bearing(token))
        #expect(response.status == 200)
        #expect(response["Cache-Control"] == "no-store")
    }

    @Test func `a wallet goes its way with its own token`() throws {
        let scene = try GatewayScene.here()
        for target in ["/token", "/nonce", "/credential", "/notification"] {
            let request = Request("POST", target).with("Authorization", "Bearer wallet.own.token")
            let response = try scene.exchange(
                target == "/token"
                    ? request.with(form: "grant_type=a&pre-authorized_code=b")
                    : request.with(body: "{}")
            )
            #expect(response.status == 200, "\(target)")
            #expect(response["Cache-Control"] == "no-store", "\(target)")
        }
        let credential = try scene.upstream.wait(for: "/credential").head
        #expect(credential.values("Authorization") == ["Bearer wallet.own.token"])
        for target in ["/.well-known/openid-credential-issuer", "/status/1"] {
            #expect(try scene.exchange(Request("GET", target)).status == 200, "\(target)")
        }
    }

    @Test func `what becomes of an offer is written down`() throws {
        let scene = try GatewayScene.here()
        let token = try TokenOrder(roles: ["issuer"]).signed()
        let request = Request("POST", "/oid4vci/exchange/create").bearing(token)
        let response = try scene.exchange(request.with(body: AcapyScene.offer))
        let identifier = try #require(response["X-Request-Id"])
        let events = try scene.events(ofRequest: identifier)
        let family = "OPENID_PRE_AUTHORIZED_OFFER_CREATE"
        #expect(Set(events.map(\.type)) == [family + "_START", family + "_SUCCESS"])
    }
}

/// A stub of ACA-Py that answers everything with 200, behind `policies/acapy.policy`.
enum AcapyScene {
    static let id = "8241400f-de3b-42c5-ad7c-8a380039e796"

    /// An offer of a credential to somebody.
    static let offer = #"{"supported_cred_id":"badge","credential_subject":{"name":"Ada"}}"#

    static var settings: SceneSettings {
        .with { settings in
            let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
            let path = "/\(root)/policies/acapy.policy"
            // A policy that cannot be read is an empty one, with which the scene does not start.
            settings.policy = (try? String(contentsOfFile: path, encoding: .utf8)) ?? "}"
            settings.upstream = ["header X-API-Key agent-key"]
        }
    }

    /// The request that `METHOD TARGET` says.
    static func request(_ text: String) throws -> Request {
        let words = text.split(separator: " ").map(String.init)
        let request = Request(words[0], words[1])
        return ["POST", "PUT", "PATCH"].contains(words[0]) ? request.with(body: "{}") : request
    }
}

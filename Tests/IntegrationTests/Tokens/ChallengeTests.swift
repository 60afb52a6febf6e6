import Foundation
import Testing

@Suite("Challenges", .scene())
struct ChallengeTests {
    @Test func `without credentials the challenge names no error`() throws {
        let response = try GatewayScene.here().exchange(Request("GET", "/guarded/x"))
        #expect(response.status == 401)
        #expect(response.code == "credentials-missing")
        let challenge = try Challenge(response)
        #expect(challenge.scheme == "Bearer")
        #expect(challenge.parameters["error"] == nil)
        #expect(!challenge.parameters.isEmpty)
        #expect(challenge.parameters["resource_metadata"] == Self.metadata)
    }

    @Test func `a bad token is an invalid token`() throws {
        let response = try GatewayScene.here().exchange(Request("GET", "/guarded/x").bearing("x"))
        #expect(response.status == 401)
        let challenge = try Challenge(response)
        #expect(challenge.parameters["error"] == "invalid_token")
        #expect(challenge.parameters["resource_metadata"] == Self.metadata)
    }

    @Test func `a missing role is an insufficient scope`() throws {
        let token = try TokenOrder(roles: ["auditor"]).signed()
        let response = try GatewayScene.here().exchange(Request("GET", "/guarded/x").bearing(token))
        #expect(response.status == 403)
        #expect(response.code == "role-missing")
        let challenge = try Challenge(response)
        #expect(challenge.parameters["error"] == "insufficient_scope")
        #expect(challenge.parameters["resource_metadata"] == Self.metadata)
    }

    @Test func `the metadata's address is the tenant's, not the Host field's spelling`() throws {
        let request = Request("GET", "/guarded/x", host: "BETA.test")
        let challenge = try Challenge(try GatewayScene.here().exchange(request))
        let address = challenge.parameters["resource_metadata"] ?? ""
        #expect(address.lowercased().hasPrefix("https://beta.test"))
        #expect(address.hasSuffix("/.well-known/oauth-protected-resource"))
    }

    @Test("only 401 and 403 challenge", arguments: ["/unnamed", "/open//x", "/open/x"])
    func elsewhere(_ target: String) throws {
        let response = try GatewayScene.here().exchange(Request("GET", target))
        #expect(response["WWW-Authenticate"] == nil)
    }

    @Test func `an OAuth route challenges as well`() throws {
        let response = try GatewayScene.here().exchange(
            Request("GET", "/oauth/guarded").bearing("x")
        )
        #expect(try Challenge(response).parameters["error"] == "invalid_token")
    }

    private static let metadata = "https://acme.test/.well-known/oauth-protected-resource"

    /// A `WWW-Authenticate` field, taken apart.
    struct Challenge {
        var scheme: String
        var parameters: [String: String] = [:]

        init(_ response: Response) throws {
            let values = response.values("WWW-Authenticate")
            guard values.count == 1, let space = values[0].firstIndex(of: " ") else {
                throw Trouble.malformed("challenge \(values)")
            }
            scheme = String(values[0][..<space])
            var rest = values[0][space...].dropFirst()
            while !rest.isEmpty {
                guard let equals = rest.range(of: "=\"") else {
                    throw Trouble.malformed("challenge \(values)")
                }
                let name = rest[..<equals.lowerBound]
                rest = rest[equals.upperBound...]
                guard let quote = rest.firstIndex(of: "\"") else {
                    throw Trouble.malformed("challenge \(values)")
                }
                parameters[name.trimmed] = String(rest[..<quote])
                rest = rest[quote...].dropFirst().drop { $0 == "," || $0 == " " }
            }
        }
    }
}

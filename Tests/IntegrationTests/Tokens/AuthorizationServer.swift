import Foundation

/// An authorization server that knows opaque tokens and is asked about them, RFC 7662.
final class AuthorizationServer: Sendable {
    static let secret = "s3cret: of/introspection"

    /// What it says of a token; of any other that it is not active.
    let words = Observed<[String: JSON]>([:])

    /// Whether questions wait until it is let go.
    let isHeld = Observed(false)

    /// The status of its answers.
    let status = Observed(200)

    let port: UInt16
    private let server: Observed<RecordingUpstream>

    init() throws {
        let server = try Self.start(0, words, isHeld, status)
        self.server = Observed(server)
        port = server.port
    }

    var questions: [RecordingUpstream.Arrival] { server.value.arrivals(at: "/introspect") }

    /// The tokens it was asked about, in order.
    var asked: [String] {
        questions.map { arrival in
            var form = URLComponents()
            form.percentEncodedQuery = String(decoding: arrival.body, as: UTF8.self)
            return form.queryItems?.first { $0.name == "token" }?.value ?? ""
        }
    }

    /// Says that a token is good until it is told otherwise.
    func know(_ token: String, _ more: [String: JSON] = [:]) {
        let word: [String: JSON] = [
            "active": true, "client_id": "opaque-client", "sub": "opaque-subject",
            "roles": ["admin"],
        ]
        words.update { $0[token] = .object(word.merging(more) { $1 }) }
    }

    /// Breaks every connection and listens no more.
    func stop() {
        isHeld.update { $0 = false }
        server.value.stop()
    }

    /// Listens again; what was asked before is forgotten.
    func restart() throws {
        let again = try Self.start(port, words, isHeld, status)
        server.update { $0 = again }
    }

    private static func start(
        _ port: UInt16,
        _ words: Observed<[String: JSON]>,
        _ isHeld: Observed<Bool>,
        _ status: Observed<Int>
    ) throws -> RecordingUpstream {
        try RecordingUpstream(port: port) { call in
            var form = URLComponents()
            form.percentEncodedQuery = String(decoding: try call.body(), as: UTF8.self)
            let token = form.queryItems?.first { $0.name == "token" }?.value ?? ""
            _ = isHeld.wait(seconds: 20) { $0 ? nil : true }
            let word = words.value[token] ?? ["active": false]
            try call.respond(
                status.value,
                text: word.text,
                [Field("Content-Type", "application/json")]
            )
        }
    }
}

extension SceneSettings {
    /// A tenant that has tokens looked up at `url`.
    static func introspecting(
        _ url: String,
        cache: String = "60s",
        _ more: [String] = [],
        ca: Bool = false
    ) -> SceneSettings {
        .with { settings in
            let secret = AuthorizationServer.secret
            settings.acme.tokens =
                [
                    "issuer https://idp.test/", "audience https://acme.test", "roles claim roles",
                    "introspect \(url) client gate:way secret \"\(secret)\" cache \(cache)",
                ] + more + (ca ? ["ca tls/ca.pem"] : [])
        }
    }
}

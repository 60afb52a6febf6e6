import Foundation
import Testing

@Suite("Starts that cannot succeed")
struct StartTests {
    /// Something spoilt and the words that must be said of it.
    struct Fault: Sendable, CustomTestStringConvertible {
        var name: String
        var words: [String]
        var spoil: @Sendable (GatewayScene) throws -> Void
        var testDescription: String { name }

        init(
            _ name: String,
            _ words: String...,
            spoil: @escaping @Sendable (GatewayScene) throws -> Void
        ) {
            self.name = name
            self.words = words
            self.spoil = spoil
        }
    }

    static let faults: [Fault] = [
        Fault("no certificate", "acme.pem") { try $0.folder.remove("tls/acme.pem") },
        Fault("no key", "acme.key") { try $0.folder.remove("tls/acme.key") },
        Fault("a certificate that is none", "acme.pem") {
            _ = try $0.folder.write("tls/acme.pem", "nonsense")
        },
        Fault("a key that is none", "acme.key") {
            _ = try $0.folder.write("tls/acme.key", "nonsense")
        },
        Fault("a key that is not the certificate's", "acme.key") { scene in
            let authority = try CertificateAuthority.shared()
            try scene.folder.copy(authority.path("beta.key"), to: "tls/acme.key")
        },
        Fault("no key set", "keys.json") { try $0.folder.remove("keys.json") },
        Fault("a key set that is none", "keys.json") {
            _ = try $0.folder.write("keys.json", "{]")
        },
        Fault("no policies", "policies") { try $0.folder.remove("policies") },
        Fault("no configuration", "postern.conf") { try $0.folder.remove("postern.conf") },
    ]

    @Test("what is unreadable is named, and the exit status is 2", arguments: faults)
    func unreadable(_ fault: Fault) throws {
        let scene = try GatewayScene()
        defer { scene.end() }
        try fault.spoil(scene)
        let outcome = try Command.postern(["serve", "--config", scene.configuration], seconds: 10)
        #expect(outcome.status == 2)
        for word in fault.words { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
        #expect(!outcome.errors.contains("Fatal error"))
    }

    @Test func `a port in use is named`() throws {
        let scene = try GatewayScene()
        defer { scene.end() }
        let occupier = try Socket.listening(on: scene.port)
        defer { occupier.close() }
        let outcome = try Command.postern(["serve", "--config", scene.configuration], seconds: 10)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("\(scene.port)"), "\(outcome.errors)")
    }

    @Test func `an admin port in use is named`() throws {
        let scene = try GatewayScene()
        defer { scene.end() }
        let occupier = try Socket.listening(on: scene.adminPort)
        defer { occupier.close() }
        let outcome = try Command.postern(["serve", "--config", scene.configuration], seconds: 10)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("\(scene.adminPort)"), "\(outcome.errors)")
    }

    @Test func `a second gateway on the same port is refused, and the first goes on`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        let second = try GatewayScene()
        defer { second.end() }
        let text = scene.settings.value.text(
            port: scene.port,
            admin: second.adminPort,
            upstream: second.upstream.port
        )
        try second.folder.write("postern.conf", text)
        let outcome = try Command.postern(["serve", "--config", second.configuration], seconds: 10)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("\(scene.port)"), "\(outcome.errors)")
        #expect(try scene.exchange(Request("GET", "/open/x")).status == 200)
    }

    @Test func `the same journal twice is refused`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        let text = scene.settings.value.text(
            port: try FreePort.next(),
            admin: try FreePort.next(),
            upstream: scene.upstream.port
        )
        let path = try scene.folder.write("second.conf", text)
        let outcome = try Command.postern(["serve", "--config", path], seconds: 10)
        #expect(outcome.status == 2, "\(outcome.errors)")
        #expect(outcome.errors.contains("events"), "\(outcome.errors)")
        let response = try scene.exchange(Request("GET", "/open/x"))
        let events = try scene.events(ofRequest: response["X-Request-Id"] ?? "none")
        #expect(events.count == 2)
    }
}

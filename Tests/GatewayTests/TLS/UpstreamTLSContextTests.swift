import COpenSSL
import Testing

@testable import Gateway

@Suite("Upstream TLS context")
struct UpstreamTLSContextTests {
    @Test(
        "the certificate must be the host's",
        arguments: [
            ("issuer.example", true), ("ISSUER.example", true), ("a.wild.example", true),
            ("other.example", false), ("127.0.0.1", true), ("127.0.0.2", false), ("::1", true),
        ]
    )
    func hosts(_ host: String, _ isAccepted: Bool) throws {
        let scene = try CertificateScene()
        let names = ["issuer.example", "*.wild.example", "127.0.0.1", "::1"]
        let server = try TLSContext(certificates: [scene.issue(names)])
        let client = try UpstreamTLSContext(caPath: scene.caPath)
        let handshake = try #require(
            unsafe MemoryHandshake(
                client: client.makeClientSession(host: host, fd: 0),
                server: server.makeServerSession()
            )
        )
        #expect(handshake.run() == isAccepted)
    }

    @Test("an authority that is not named is not trusted, nor one that has expired")
    func authorities() throws {
        let scene = try CertificateScene()
        let other = try CertificateScene()
        let cases = [
            (try scene.issue(["issuer.example"]), other.caPath as String?),
            (try scene.issue(["issuer.example"]), nil),
            (try scene.issue(["issuer.example"], days: -10 ... -1), scene.caPath),
        ]
        for (files, caPath) in cases {
            let server = try TLSContext(certificates: [files])
            let client = try UpstreamTLSContext(caPath: caPath)
            let handshake = try #require(
                unsafe MemoryHandshake(
                    client: client.makeClientSession(host: "issuer.example", fd: 0),
                    server: server.makeServerSession()
                )
            )
            #expect(!handshake.run())
        }
    }

    @Test("an authority file that is missing or empty is named")
    func files() throws {
        let scene = try CertificateScene()
        try scene.write("nothing\n", to: "empty.pem")
        let missing = TLSFailure(
            .unreadable(path: scene.folder + "/no.pem", because: "No such file or directory")
        )
        #expect(throws: missing) { try UpstreamTLSContext(caPath: scene.folder + "/no.pem") }
        #expect(throws: TLSFailure(.noCertificate(path: scene.folder + "/empty.pem"))) {
            try UpstreamTLSContext(caPath: scene.folder + "/empty.pem")
        }
    }
}

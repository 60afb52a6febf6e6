import COpenSSL
import Testing

@testable import Gateway

@Suite("TLS context")
struct TLSContextTests {
    @Test(
        "the certificate is chosen by server name, the first is the default",
        arguments: [
            ("acme.example", "acme.example"), ("ACME.example", "acme.example"),
            ("globex.example", "globex.example"), ("a.wild.example", "*.wild.example"),
            ("a.b.wild.example", "acme.example"), ("wild.example", "acme.example"),
            ("unknown.example", "acme.example"), (nil, "acme.example"),
        ]
    )
    func serverNames(_ asked: String?, _ shown: String) throws {
        let scene = try CertificateScene()
        let context = try TLSContext(certificates: [
            scene.issue(["acme.example"]), scene.issue(["globex.example"]),
            scene.issue(["*.wild.example"]),
        ])
        let handshake = try #require(
            unsafe MemoryHandshake(
                client: MemoryHandshake.plainClient(name: asked),
                server: context.makeServerSession()
            )
        )
        #expect(handshake.run())
        #expect(handshake.commonName == shown)
    }

    @Test("of two certificates for a name the one for fewer names is shown")
    func specificity() throws {
        let scene = try CertificateScene()
        let context = try TLSContext(certificates: [
            scene.issue(["acme.example", "globex.example"]), scene.issue(["globex.example"]),
        ])
        for name in ["acme.example", "globex.example"] {
            let handshake = try #require(
                unsafe MemoryHandshake(
                    client: MemoryHandshake.plainClient(name: name),
                    server: context.makeServerSession()
                )
            )
            #expect(handshake.run())
            #expect(handshake.commonName == name)
        }
    }

    @Test(
        "http/1.1 is chosen when it is offered, else nothing is",
        arguments: [
            (["http/1.1"], "http/1.1"), (["h2", "http/1.1"], "http/1.1"), (["h2"], ""), ([], ""),
            (["http/1.10"], ""),
        ]
    )
    func protocols(_ offered: [String], _ chosen: String) throws {
        let scene = try CertificateScene()
        let context = try TLSContext(certificates: [scene.issue(["acme.example"])])
        let handshake = try #require(
            unsafe MemoryHandshake(
                client: MemoryHandshake.plainClient(name: nil, protocols: offered),
                server: context.makeServerSession()
            )
        )
        #expect(handshake.run())
        #expect(handshake.chosenProtocol == chosen)
    }

    @Test("TLS 1.3 is spoken where both can, 1.2 with forward secrecy, 1.1 never")
    func versions() throws {
        let scene = try CertificateScene()
        let context = try TLSContext(certificates: [scene.issue(["acme.example"])])
        let cases: [(Int32, String?)] = [
            (TLS1_3_VERSION, "TLSv1.3"), (TLS1_2_VERSION, "TLSv1.2"), (TLS1_1_VERSION, nil),
        ]
        for (newest, spoken) in cases {
            let handshake = try #require(
                unsafe MemoryHandshake(
                    client: MemoryHandshake.plainClient(name: nil, versionMax: newest),
                    server: context.makeServerSession()
                )
            )
            #expect(handshake.run() == (spoken != nil))
            guard let spoken else { continue }
            #expect(handshake.version == spoken)
            if spoken == "TLSv1.2" { #expect(handshake.cipher.hasPrefix("ECDHE-ECDSA-")) }
        }
    }

    @Test(
        "a client resumes with a ticket unless tickets are off",
        arguments: [TLS1_2_VERSION, TLS1_3_VERSION],
        [true, false]
    )
    func resumption(_ version: Int32, _ hasTickets: Bool) throws {
        let scene = try CertificateScene()
        let context = try TLSContext(
            certificates: [scene.issue(["acme.example"]), scene.issue(["globex.example"])],
            sessionTickets: hasTickets
        )
        func connect() throws -> MemoryHandshake {
            try #require(
                unsafe MemoryHandshake(
                    client: MemoryHandshake.plainClient(
                        name: "globex.example",
                        versionMax: version
                    ),
                    server: context.makeServerSession()
                )
            )
        }
        let first = try connect()
        #expect(first.run())
        let session = unsafe first.session()
        defer { unsafe SSL_SESSION_free(session) }
        let second = try connect()
        unsafe second.offer(session)
        #expect(second.run())
        #expect(second.isResumed == hasTickets)
    }

    @Test("a session goes on when its context is dropped")
    func outliving() throws {
        let scene = try CertificateScene()
        var context: TLSContext? = try TLSContext(certificates: [
            scene.issue(["acme.example"]), scene.issue(["globex.example"]),
        ])
        let handshake = try #require(
            unsafe MemoryHandshake(
                client: MemoryHandshake.plainClient(name: "globex.example"),
                server: context?.makeServerSession()
            )
        )
        context = nil
        #expect(handshake.run())
        #expect(handshake.commonName == "globex.example")
    }
}

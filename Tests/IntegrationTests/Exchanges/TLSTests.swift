import COpenSSL
import Testing

@Suite(
    "TLS",
    .scene(
        .with { settings in
            settings.listener = [
                "certificate tls/acme.pem tls/acme.key", "certificate tls/beta.pem tls/beta.key",
            ]
            settings.topLevel = ["workers 1", "drain 3s"]
        }
    )
)
struct TLSTests {
    @Test(
        "the name decides the certificate, the first is for everybody else",
        arguments: [
            ("acme.test", "/CN=acme"), ("beta.test", "/CN=beta"), ("BETA.test", "/CN=beta"),
            ("nobody.test", "/CN=acme"), (nil, "/CN=acme"),
        ]
    )
    func certificates(_ name: String?, _ subject: String) throws {
        let scene = try GatewayScene.here()
        let client = try RawTLSClient(port: scene.port, .init(serverName: name))
        defer { client.close() }
        #expect(client.certificateSubject == subject)
    }

    @Test func `the chain verifies`() throws {
        let scene = try GatewayScene.here()
        let options = RawTLSClient.Options(verifiesCertificate: true)
        let conversation = try scene.connect(options)
        #expect(try conversation.exchange(Request("GET", "/open/x")).status == 200)
    }

    @Test("TLS 1.2 and 1.3 are spoken", arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func versions(_ version: Int32) throws {
        let scene = try GatewayScene.here()
        let client = try RawTLSClient(port: scene.port, .init(highestVersion: version))
        #expect(client.negotiatedVersion == version)
        let response = try Conversation(client).exchange(Request("GET", "/open/x"))
        #expect(response.status == 200)
    }

    @Test("anything older is not", arguments: [TLS1_VERSION, TLS1_1_VERSION])
    func tooOld(_ version: Int32) throws {
        let scene = try GatewayScene.here()
        let options = RawTLSClient.Options(highestVersion: version, lowestVersion: version)
        #expect(throws: (any Error).self) { try RawTLSClient(port: scene.port, options) }
    }

    @Test func `HTTP 1.1 is agreed on`() throws {
        let scene = try GatewayScene.here()
        let client = try RawTLSClient(port: scene.port, .init(protocols: ["h2", "http/1.1"]))
        let agreed = client.negotiatedProtocol
        #expect(agreed == "http/1.1" || agreed == "h2")
        let plain = try RawTLSClient(port: scene.port, .init(protocols: ["http/1.1"]))
        #expect(plain.negotiatedProtocol == "http/1.1")
        #expect(try Conversation(plain).exchange(Request("GET", "/open/x")).status == 200)
    }

    @Test("a session is resumed", arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func resumption(_ version: Int32) throws {
        let scene = try GatewayScene.here()
        let first = try RawTLSClient(port: scene.port, .init(highestVersion: version))
        #expect(try Conversation(first).exchange(Request("GET", "/open/x")).status == 200)
        let session = first.session
        first.close()
        let options = RawTLSClient.Options(highestVersion: version, session: session)
        let second = try RawTLSClient(port: scene.port, options)
        #expect(try Conversation(second).exchange(Request("GET", "/open/x")).status == 200)
        #expect(second.isResumed)
    }

    @Test(
        "what is not TLS is ended, and nothing else",
        arguments: [
            "GET /open/x HTTP/1.1\r\nHost: acme.test\r\n\r\n", "\0\0\0\0\0\0\0\0",
            "\u{16}\u{3}\u{1}\u{2}\0garbage that is no hello at all, not even remotely",
            "SSH-2.0-client\r\n",
        ]
    )
    func noTLS(_ text: String) throws {
        let scene = try GatewayScene.here()
        let other = try scene.connect()
        defer { other.close() }
        #expect(try other.exchange(Request("GET", "/open/x")).status == 200)
        let socket = try Socket.connected(to: scene.port)
        try socket.send(Array(text.utf8))
        socket.shutdownWriting()
        var isEnded = false
        do {
            while !isEnded { isEnded = try socket.receive(Deadline(seconds: 5)).isEmpty }
        } catch Trouble.reset {
            isEnded = true
        }
        #expect(isEnded)
        #expect(try other.exchange(Request("GET", "/open/x")).status == 200)
    }

    @Test func `a damaged record ends its connection alone`() throws {
        let scene = try GatewayScene.here()
        let other = try scene.connect()
        defer { other.close() }
        let wire = try RawTLSClient(port: scene.port)
        var records = try wire.records(for: Request("GET", "/open/damaged").bytes)
        records[records.count - 1] ^= 0xFF
        try wire.socket.send(records)
        #expect(Conversation(wire).isEndedSomehow())
        #expect(try other.exchange(Request("GET", "/open/x")).status == 200)
        #expect(scene.upstream.arrivals(at: "/open/damaged").isEmpty)
    }

    @Test func `the end of an answer is said on the level of TLS`() throws {
        let scene = try GatewayScene.here()
        let wire = try RawTLSClient(port: scene.port)
        let conversation = Conversation(wire)
        let request = Request("GET", "/open/x").with("Connection", "close")
        #expect(try conversation.exchange(request).status == 200)
        #expect(conversation.isClosed())
        #expect(wire.ending == .closeNotify)
    }

    @Test func `a client that says nothing more after its request is answered`() throws {
        let scene = try GatewayScene.here()
        let wire = try RawTLSClient(port: scene.port)
        let conversation = Conversation(wire)
        try conversation.send(Request("GET", "/open/said").with("Connection", "close"))
        try wire.sendCloseNotify()
        // Answering is kind, ending is allowed; hanging is neither.
        if let response = try? conversation.response(seconds: 5) { #expect(response.status == 200) }
        #expect(conversation.isClosed())
    }
}

@Suite(
    "TLS without tickets",
    .scene(.with { $0.listener.append("session-tickets off") })
)
struct TicketlessTests {
    @Test("every handshake is a full one", arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func full(_ version: Int32) throws {
        let scene = try GatewayScene.here()
        let first = try RawTLSClient(port: scene.port, .init(highestVersion: version))
        #expect(try Conversation(first).exchange(Request("GET", "/open/x")).status == 200)
        let session = first.session
        first.close()
        let options = RawTLSClient.Options(highestVersion: version, session: session)
        let second = try RawTLSClient(port: scene.port, options)
        #expect(try Conversation(second).exchange(Request("GET", "/open/x")).status == 200)
        #expect(!second.isResumed)
    }
}

extension Conversation {
    /// Whether the connection ends, with whatever words.
    fileprivate func isEndedSomehow() -> Bool {
        do {
            _ = try response(seconds: 5)
            return isClosed()
        } catch Trouble.timedOut {
            return false
        } catch {
            return true
        }
    }
}

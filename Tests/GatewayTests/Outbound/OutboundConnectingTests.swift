import Testing

@testable import Gateway

@Suite("Outbound connecting")
struct OutboundConnectingTests {
    static let ok = OutboundClientTests.ok

    @Test func `nobody listening is a connection failure`() throws {
        let any = try #require(SocketAddress(numeric: "127.0.0.1", port: 0))
        let listener = try Socket.listen(on: any, sharesPort: false)
        let port = try Socket.localAddress(of: listener.number).port
        _ = consume listener
        #expect(throws: OutboundFailure.connection("Connection refused")) {
            try OutboundClient().get("http://127.0.0.1:\(port)/")
        }
    }

    @Test func `a host without addresses is unresolved`() throws {
        let client = OutboundClient { _, _ in [] }
        #expect(throws: OutboundFailure.unresolved(host: "idp.example")) {
            try client.get("https://IDP.example/")
        }
    }

    @Test func `what is not encrypted stays on this machine whatever the resolver says`() throws {
        let client = OutboundClient { _, port in
            [SocketAddress(numeric: "192.0.2.1", port: port)].compactMap(\.self)
        }
        #expect(throws: OutboundFailure.unresolved(host: "localhost")) {
            try client.get("http://localhost:9/")
        }
    }

    @Test func `the next address is tried when one refuses or does not answer`() throws {
        let server = try LoopbackServer.answering { _ in Self.ok }
        // A full backlog: connections to it are neither made nor refused.
        let silent = try SilentListener()
        let (good, mute) = (server.port, silent.port)
        let client = OutboundClient { _, port in
            [("127.0.0.1", 1), ("127.0.0.1", mute), ("127.0.0.1", good)]
                .compactMap { SocketAddress(numeric: $0.0, port: $0.1) }
        }
        let answer = try client.get("http://localhost/") { $0.deadlineMilliseconds = 3_000 }
        #expect(answer.status == 200)
        withExtendedLifetime(silent) {}
    }

    @Test func `a resolver that hangs for one host holds up no other and not the deadline`() throws
    {
        let server = try LoopbackServer.answering { _ in Self.ok }
        let lookups = LoopbackServer.Count()
        let client = OutboundClient { host, port in
            if host == "hangs.example" {
                lookups.add()
                _ = Readiness.wait(for: .reading, of: -1, milliseconds: 5_000)
                return []
            }
            return SocketAddress.resolve(host: "127.0.0.1", port: port)
        }
        let url = try #require(OutboundURL("https://hangs.example/"))
        var request = OutboundRequest(url)
        request.deadlineMilliseconds = 300
        let timedOut = LoopbackServer.Count()
        for _ in 0..<100 {
            client.send(request) { if $0 == .failure(.timeout) { timedOut.add() } }
        }
        _ = try client.get("http://localhost:\(server.port)/")
        OutboundClientTests.wait { timedOut.value == 100 }
        #expect(lookups.value == 1)
    }

    @Test func `over TLS the certificate and the name are verified`() throws {
        let scene = try CertificateScene()
        let context = try TLSContext(certificates: [try scene.issue(["localhost"])])
        let server = try LoopbackServer.answering(context: context) { _ in Self.ok }
        let client = OutboundClient { _, port in
            SocketAddress.resolve(host: "127.0.0.1", port: port)
        }
        let trusting: (inout OutboundRequest) -> Void = { $0.caPath = scene.caPath }
        let url = "https://localhost:\(server.port)/"
        for _ in 0..<3 { #expect(try client.get(url, trusting).status == 200) }
        #expect(server.connectionsCount == 1)
        let cases: [(String, String?, String)] = [
            ("127.0.0.1", scene.caPath, "IP address mismatch"),
            ("other.example", scene.caPath, "hostname mismatch"),
            ("localhost", nil, "unable to get local issuer certificate"),
            (
                "localhost", scene.folder + "/no.pem",
                "cannot read `\(scene.folder)/no.pem`: No such file or directory"
            ),
        ]
        for (host, caPath, trouble) in cases {
            #expect(throws: OutboundFailure.tls(trouble), "\(host)") {
                try client.get("https://\(host):\(server.port)/") { $0.caPath = caPath }
            }
        }
    }

    @Test func `a server without TLS behind https is a TLS failure`() throws {
        let server = try LoopbackServer { stream, _ in
            try stream.write(Array("HTTP/1.1 400 No\r\n\r\n".utf8))
            try stream.waitForEnd()
        }
        #expect(throws: OutboundFailure.tls("the handshake failed")) {
            try OutboundClient().get("https://127.0.0.1:\(server.port)/")
        }
    }

    @Test func `a file of authorities that was renewed counts for new connections`() throws {
        let scene = try CertificateScene()
        let other = try CertificateScene()
        let context = try TLSContext(certificates: [try other.issue(["127.0.0.1"])])
        let server = try LoopbackServer.answering(context: context) { _ in Self.ok }
        let client = OutboundClient()
        let url = "https://127.0.0.1:\(server.port)/"
        #expect(throws: OutboundFailure.self) {
            try client.get(url) { $0.caPath = scene.caPath }
        }
        try scene.move(other.caPath, to: "new.pem")
        try scene.replace("ca.pem", with: "new.pem")
        let answer = try client.get(url) { $0.caPath = scene.caPath }
        #expect(answer.status == 200)
    }

    @Test func `many requests leave no descriptor open`() throws {
        let server = try LoopbackServer { stream, _ in
            let request = try stream.readRequest()
            if request.hasPrefix("GET /hang") { return try stream.waitForEnd() }
            try stream.write(Array(Self.ok.utf8))
        }
        // Counted by the numbers of this client alone: other tests open descriptors too.
        var client: OutboundClient? = OutboundClient()
        for round in 0..<200 {
            let path = round % 10 == 0 ? "/hang" : "/"
            _ = try? client?.get(server.url(path)) {
                $0.deadlineMilliseconds = path == "/" ? 20_000 : 20
            }
        }
        let address = try #require(SocketAddress(numeric: "127.0.0.1", port: server.port))
        #expect(OpenSockets.count(connectedTo: address.port) <= 1)
        client = nil
        OutboundClientTests.wait { OpenSockets.count(connectedTo: address.port) == 0 }
    }
}

import Testing

@testable import Gateway

@Suite("Key set fetcher")
struct KeySetFetcherTests {
    static let body = "{\"keys\":[\(SignatureVectorTests.vectors[1].jwk)]}"

    static let answers: [String] = [
        ScriptedServer.ok(body), ScriptedServer.ok(body, "Connection: close\r\n"),
        "HTTP/1.1 200 OK\r\n\r\n\(body)", "HTTP/1.0 200\r\n\r\n\(body)",
        "HTTP/1.1 100 Continue\r\n\r\n" + ScriptedServer.ok(body),
        """
        HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n\(body.prefix(5))\r\n\
        \(String(body.utf8.count - 5, radix: 16));x=y\r\n\(body.dropFirst(5))\r\n0\r\nT: 1\r\n\r\n
        """,
    ]

    @Test("a key set is read however it is framed and cut", arguments: answers, [1, 7, Int.max])
    func frames(_ answer: String, _ piece: Int) throws {
        let server = try ScriptedServer(piece: piece) { _ in answer }
        let url = "http://127.0.0.1:\(server.port)/jwks"
        let fetched = try KeySetFetcher().fetch(.url(url))
        #expect(fetched.keys.keys.count == 1)
    }

    static let failures: [(String, KeyFailure)] = [
        ("HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", .status(302)),
        ("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", .status(500)),
        ("HTTP/2 200\r\n\r\n", .notHTTP), ("nonsense\r\n\r\n", .notHTTP),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n12345", .notHTTP),
        ("HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n", .tooLarge),
        ("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: " ", count: 300_000), .tooLarge),
        ("", .connection("closed before the answer was complete")),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}",
            .connection("closed before the answer was complete")
        ),
        (ScriptedServer.ok("{}"), .notAKeySet),
    ]

    @Test("everything else is a failure with its reason", arguments: failures)
    func fails(_ answer: String, _ failure: KeyFailure) throws {
        let server = try ScriptedServer { _ in answer }
        let url = "http://127.0.0.1:\(server.port)/jwks"
        #expect(throws: failure) { _ = try KeySetFetcher().fetch(.url(url)) }
    }

    @Test func `max-age comes with the keys`() throws {
        let server = try ScriptedServer { _ in
            ScriptedServer.ok(Self.body, "Cache-Control: public, max-age=120\r\n")
        }
        let fetched = try KeySetFetcher().fetch(.url("http://127.0.0.1:\(server.port)/"))
        #expect(fetched.maxAgeSeconds == 120)
    }

    @Test func `nobody listening is a connection failure`() throws {
        let server = try ScriptedServer { _ in "" }
        let port = server.port
        _ = consume server
        #expect(throws: KeyFailure.self) {
            _ = try KeySetFetcher().fetch(.url("http://127.0.0.1:\(port)/"))
        }
    }

    @Test func `discovery follows metadata that is the issuer's own`() throws {
        let server = try ScriptedServer { path in
            // The host of the issuer is the path's last part: it holds the port.
            let parts = path.split(separator: "/")
            guard let port = parts.last else { return ScriptedServer.ok(Self.body) }
            let origin = "http://127.0.0.1:\(port)"
            switch parts.dropLast().joined(separator: "/") {
            case ".well-known/oauth-authorization-server/good":
                return ScriptedServer.ok(
                    #"{"issuer":"\#(origin)/good/\#(port)","jwks_uri":"\#(origin)/"}"#
                )
            case ".well-known/oauth-authorization-server/other":
                return ScriptedServer.ok(#"{"issuer":"http://x/","jwks_uri":"\#(origin)/"}"#)
            case ".well-known/oauth-authorization-server/plain":
                return ScriptedServer.ok(
                    #"{"issuer":"\#(origin)/plain/\#(port)","jwks_uri":"http://evil.example/"}"#
                )
            default: return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
            }
        }
        func issuer(_ name: String) -> Configuration.KeySource {
            .discovery(issuer: "http://127.0.0.1:\(server.port)/\(name)/\(server.port)")
        }
        #expect(try KeySetFetcher().fetch(issuer("good")).keys.keys.count == 1)
        for name in ["other", "plain", "none"] {
            #expect(throws: KeyFailure.self) { _ = try KeySetFetcher().fetch(issuer(name)) }
        }
    }

    @Test func `over TLS the certificate and the name are verified`() throws {
        let scene = try CertificateScene()
        let context = try TLSContext(certificates: [try scene.issue(["localhost"])])
        let server = try ScriptedServer(context: context) { _ in ScriptedServer.ok(Self.body) }
        let good = KeySetFetcher(caPath: scene.caPath)
        let fetched = try good.fetch(.url("https://localhost:\(server.port)/jwks"))
        #expect(fetched.keys.keys.count == 1)
        #expect(throws: KeyFailure.self) {
            _ = try good.fetch(.url("https://127.0.0.1:\(server.port)/jwks"))
        }
        #expect(throws: KeyFailure.self) {
            _ = try KeySetFetcher().fetch(.url("https://localhost:\(server.port)/jwks"))
        }
    }

    @Test func `a file is read, and one that is missing is named`() throws {
        let scene = try CertificateScene()
        try scene.write(Self.body, to: "keys.json")
        let fetched = try KeySetFetcher().fetch(.file(scene.folder + "/keys.json"))
        #expect(fetched.keys.keys.count == 1)
        let missing = KeyFailure.unreadable(path: "/no/such", because: "No such file or directory")
        #expect(throws: missing) { _ = try KeySetFetcher().fetch(.file("/no/such")) }
    }
}

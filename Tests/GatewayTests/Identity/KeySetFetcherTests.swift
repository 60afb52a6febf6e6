import Policy
import Synchronization
import Testing

@testable import Gateway

@Suite("Key set fetcher")
struct KeySetFetcherTests {
    static let body = "{\"keys\":[\(SignatureVectorTests.vectors[1].jwk)]}"

    /// A network of which every page is known.
    final class Pages: Sendable {
        private let pages: @Sendable (OutboundRequest) -> Result<OutboundAnswer, OutboundFailure>
        private let asked = Mutex<[OutboundRequest]>([])

        init(
            _ pages:
                @escaping @Sendable (OutboundRequest) -> Result<
                    OutboundAnswer, OutboundFailure
                >
        ) { self.pages = pages }

        /// The same for every request.
        convenience init(_ result: Result<OutboundAnswer, OutboundFailure>) {
            self.init { _ in result }
        }

        /// What was asked for, in order.
        var requests: [OutboundRequest] { asked.withLock { $0 } }

        var fetcher: KeySetFetcher {
            KeySetFetcher { request, completion in
                self.asked.withLock { $0.append(request) }
                completion(self.pages(request))
            }
        }

        static func page(
            _ body: String,
            status: Int = 200,
            maxAge: Int64? = nil
        ) -> Result<OutboundAnswer, OutboundFailure> {
            .success(
                OutboundAnswer(status: status, body: Array(body.utf8), maxAgeSeconds: maxAge)
            )
        }
    }

    @Test func `a key set is read, with how long it may be kept`() throws {
        let pages = Pages(Pages.page(Self.body, maxAge: 120))
        let fetched = try pages.fetcher.fetch(.url("https://idp.example/jwks"))
        #expect(fetched.keys.keys.count == 1)
        #expect(fetched.maxAgeSeconds == 120)
        #expect(fetched.text == Array(Self.body.utf8))
    }

    @Test func `a request is bounded in time, bytes and redirects, and verified with the place's`()
        throws
    {
        let pages = Pages(Pages.page(Self.body))
        let place = Configuration.KeyPlace.url("https://idp.example/jwks")
            .with { $0.caPath = "/tls/ca.pem" }
        _ = try pages.fetcher.fetch(place)
        let request = try #require(pages.requests.first)
        #expect(pages.requests.count == 1)
        #expect(request.url.description == "https://idp.example/jwks")
        #expect(request.caPath == "/tls/ca.pem")
        #expect(request.answerBytesMax == 256 * 1_024)
        #expect(1...5_000 ~= request.deadlineMilliseconds)
        #expect(request.redirectsMax == 3)
        #expect(request.fields.map(\.name) == ["Accept"])
    }

    static let failures: [(Result<OutboundAnswer, OutboundFailure>, KeyFailure)] = [
        (Pages.page("", status: 302), .status(302)), (Pages.page(body, status: 500), .status(500)),
        (Pages.page(body, status: 204), .status(204)), (Pages.page("{}"), .notAKeySet),
        (Pages.page(#"{"keys":[]}"#), .noUsableKey(problems: [])),
        (.failure(.unresolved(host: "idp")), .unresolved(host: "idp")),
        (.failure(.connection("refused")), .connection("refused")),
        (.failure(.tls("expired")), .tls("expired")), (.failure(.timeout), .timeout),
        (.failure(.notHTTP), .notHTTP), (.failure(.tooLarge), .tooLarge),
        (.failure(.redirected), .redirected), (.failure(.stopped), .stopped),
        (.failure(.busy), .busy),
    ]

    @Test("everything else is a failure with its reason", arguments: failures)
    func fails(_ result: Result<OutboundAnswer, OutboundFailure>, _ failure: KeyFailure) {
        let pages = Pages(result)
        #expect(throws: failure) { _ = try pages.fetcher.fetch(.url("https://idp.example/")) }
    }

    @Test(
        "what is no https URL is never asked",
        arguments: [
            "http://idp.example/jwks", "ftp://idp.example/", "idp.example",
            "https://u:p@idp.example/",
            "https://idp.example/#x", "",
        ]
    )
    func badURL(_ url: String) {
        let pages = Pages(Pages.page(Self.body))
        #expect(throws: KeyFailure.badURL(url)) { _ = try pages.fetcher.fetch(.url(url)) }
        #expect(throws: KeyFailure.badURL(url)) { _ = try pages.fetcher.fetch(.discovery(url)) }
        #expect(pages.requests.isEmpty)
    }

    static let candidates: [(String, [String])] = [
        (
            "https://idp.example",
            [
                "https://idp.example/.well-known/openid-configuration",
                "https://idp.example/.well-known/oauth-authorization-server",
            ]
        ),
        (
            "https://idp.example/",
            [
                "https://idp.example/.well-known/openid-configuration",
                "https://idp.example/.well-known/oauth-authorization-server",
            ]
        ),
        (
            "https://idp.example:8443/realms/acme/",
            [
                "https://idp.example:8443/realms/acme/.well-known/openid-configuration",
                "https://idp.example:8443/.well-known/oauth-authorization-server/realms/acme",
                "https://idp.example:8443/.well-known/openid-configuration/realms/acme",
            ]
        ),
        (
            "http://127.0.0.1:9/a",
            [
                "http://127.0.0.1:9/a/.well-known/openid-configuration",
                "http://127.0.0.1:9/.well-known/oauth-authorization-server/a",
                "http://127.0.0.1:9/.well-known/openid-configuration/a",
            ]
        ),
    ]

    @Test("metadata is looked for after OpenID Connect and RFC 8414", arguments: candidates)
    func places(_ issuer: String, _ places: [String]) throws {
        let found = try KeySetFetcher.metadata(ofIssuer: issuer)
        #expect(found.map(\.description) == places)
        let pages = Pages(Pages.page("", status: 404))
        #expect(throws: KeyFailure.self) { _ = try pages.fetcher.fetch(.discovery(issuer)) }
        #expect(pages.requests.map(\.url.description) == places)
    }

    @Test("each place is followed when those before have none", arguments: 0..<3)
    func discovers(_ index: Int) throws {
        let issuer = "https://idp.example/a"
        let place = try KeySetFetcher.metadata(ofIssuer: issuer)[index]
        let pages = Pages { request in
            if request.url == place {
                return Pages.page(#"{"issuer":"\#(issuer)","jwks_uri":"https://keys.example/k"}"#)
            }
            if request.url.description == "https://keys.example/k" { return Pages.page(Self.body) }
            return Pages.page("<html>", status: index == 1 ? 200 : 404)
        }
        let fetched = try pages.fetcher.fetch(.discovery(issuer))
        #expect(fetched.keys.keys.count == 1)
        #expect(pages.requests.count == index + 2)
    }

    static let documents: [(String, String)] = [
        (#"{"issuer":"https://idp.example/a/","jwks_uri":"https://k/"}"#, "its `issuer` is not"),
        (#"{"issuer":"https://IDP.example/a","jwks_uri":"https://k/"}"#, "its `issuer` is not"),
        (#"{"issuer":7,"jwks_uri":"https://k/"}"#, "its `issuer` is not"),
        (#"{"jwks_uri":"https://k/"}"#, "its `issuer` is not"),
        (#"{"issuer":"https://idp.example/a"}"#, "it has no `jwks_uri`"),
        (#"{"issuer":"https://idp.example/a","jwks_uri":7}"#, "it has no `jwks_uri`"),
        (
            #"{"issuer":"https://idp.example/a","jwks_uri":"http://k/"}"#,
            "its `jwks_uri` is not an https URL"
        ),
        (
            #"{"issuer":"https://idp.example/a","jwks_uri":"file:///etc/passwd"}"#,
            "its `jwks_uri` is not an https URL"
        ),
    ]

    @Test("metadata of somebody else, or without keys, end the search", arguments: documents)
    func refuses(_ document: String, _ because: String) {
        let pages = Pages(Pages.page(document))
        do throws(KeyFailure) {
            _ = try pages.fetcher.fetch(.discovery("https://idp.example/a"))
            Issue.record("keys came of `\(document)`")
        } catch {
            #expect(error.description.contains(because), "\(error)")
        }
        #expect(pages.requests.count == 1)
    }

    @Test func `a metadata server that is away is no reason to ask elsewhere`() {
        let pages = Pages(.failure(.timeout))
        #expect(throws: KeyFailure.timeout) {
            _ = try pages.fetcher.fetch(.discovery("https://idp.example/a"))
        }
        #expect(pages.requests.count == 1)
    }

    @Test func `a file is read, and one that is missing is named`() throws {
        let scene = try CertificateScene()
        try scene.write(Self.body, to: "keys.json")
        let fetcher = Pages(.failure(.stopped)).fetcher
        let fetched = try fetcher.fetch(.file(scene.folder + "/keys.json"))
        #expect(fetched.keys.keys.count == 1)
        let missing = KeyFailure.unreadable(path: "/no/such", because: "No such file or directory")
        #expect(throws: missing) { _ = try fetcher.fetch(.file("/no/such")) }
        try scene.write(String(repeating: " ", count: KeySet.bytesMax + 1), to: "large.json")
        #expect(throws: KeyFailure.tooLarge) {
            _ = try fetcher.fetch(.file(scene.folder + "/large.json"))
        }
    }
}

import Foundation
import Testing

@Suite(
    "The page of a refused authorization request",
    .scene(AuthorizeScene.settings, upstream: AuthorizeScene.issuer)
)
struct AuthorizePageTests {
    @Test func `a browser gets a page that stands for itself`() throws {
        let scene = try GatewayScene.here()
        let target = AuthorizeScene.with("redirect_uri=https://evil.example/cb")
        let response = try scene.exchange(
            Request("GET", target).with("Accept", AuthorizeScene.browser)
        )
        #expect(response.status == 400)
        #expect(response["Content-Type"] == "text/html; charset=utf-8")
        #expect(response["X-Content-Type-Options"] == "nosniff")
        let policy = response["Content-Security-Policy"] ?? ""
        #expect(policy.hasPrefix("default-src 'none'; style-src 'unsafe-inline'"))
        #expect(policy.contains("frame-ancestors 'none'"))
        AuthorizeTests.expectProtected(response)
        #expect(response.text.hasPrefix("<!DOCTYPE html>"))
        #expect(response.text.hasSuffix("</html>\n"))
        #expect(response.text.contains("redirect_uri is none of the client&#39;s"))
        #expect(response.text.contains("redirect-uri-unknown"))
        #expect(response.text.contains(response["X-Request-Id"] ?? "none"))
        for word in ["<script", "http://", "https://", "src=", "href=", "evil.example"] {
            #expect(!response.text.contains(word), "\(word)")
        }
    }

    @Test("what was sent is not repeated", arguments: ["client_id", "redirect_uri", "state", "x"])
    func hostile(_ name: String) throws {
        let scene = try GatewayScene.here()
        let markup = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
        let target = AuthorizeScene.with("scope=a%22") + "&\(name)=\(markup)"
        for request in [
            Request("GET", target),
            Request("GET", AuthorizeScene.with("\(name)=\(markup)") + "&scope=b"),
            Request("GET", target).with("X-Request-Id", "\"><script>alert(1)</script>"),
            Request("GET", target).with("Referer", "https://x/<script>alert(1)</script>"),
        ] {
            let response = try scene.exchange(request.with("Accept", "text/html"))
            #expect(response.status == 400)
            #expect(response["Content-Type"] == "text/html; charset=utf-8")
            for word in ["<script", "alert(1)", "%22%3E"] {
                #expect(!response.text.contains(word), "\(word)")
            }
        }
    }

    @Test(
        "programs get JSON",
        arguments: [nil, "*/*", "application/json", "application/json, text/html;q=0.9"]
    )
    func programs(_ accept: String?) throws {
        let plain = Request("GET", AuthorizeScene.with("scope"))
        let request = accept.map { plain.with("Accept", $0) } ?? plain
        let response = try GatewayScene.here().exchange(request)
        #expect(response.status == 400)
        #expect(response["Content-Type"] == "application/json")
        #expect(response["Content-Security-Policy"] == nil)
        #expect(response["X-Content-Type-Options"] == "nosniff")
        #expect(response.json?["error"]?.string == "invalid_request")
    }

    @Test func `a refusal elsewhere is no page`() throws {
        let response = try GatewayScene.here().exchange(
            Request("GET", "/guarded/x").with("Accept", AuthorizeScene.browser)
        )
        #expect(response.status == 401)
        #expect(response["Content-Type"] == "application/json")
        #expect(response["Referrer-Policy"] == nil)
    }

    @Test func `curl is told the same over TLS`() throws {
        let scene = try GatewayScene.here()
        let outcome = try Command.run(
            "curl",
            [
                "-sS", "-i", "--noproxy", "*", "--max-time", "20", "--http1.1",
                "--cacert", scene.folder.path(of: "tls/ca.pem"),
                "--resolve", "acme.test:\(scene.port):127.0.0.1", "-H", "Accept: text/html",
                "https://acme.test:\(scene.port)" + AuthorizeScene.with("client_id=mallory"),
            ]
        )
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.hasPrefix("HTTP/1.1 400 "))
        #expect(outcome.output.contains("client-unknown"))
        #expect(!outcome.output.contains("mallory"))
    }

    /// A browser that shows what it made of a page; not everywhere is one installed.
    private static let chromium: String? = {
        for name in ["chromium", "chromium-browser", "google-chrome"] {
            let found = try? Command.run("sh", ["-c", "command -v \(name)"])
            if let found, found.status == 0 { return found.lines.first }
        }
        return nil
    }()

    @Test(
        "a real browser shows it, and runs nothing of it",
        .enabled(if: chromium != nil, "no chromium is installed")
    )
    func browser() throws {
        let scene = try GatewayScene.here()
        let program = try #require(Self.chromium)
        let profile = try TemporaryFolder("chromium")
        let markup = "%3Cscript%3Edocument.title=1%3C/script%3E"
        let target = AuthorizeScene.with("redirect_uri=https://evil.example/\(markup)")
        let outcome = try Command.run(
            program,
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--no-proxy-server",
                "--ignore-certificate-errors", "--user-data-dir=\(profile.path)",
                "--host-resolver-rules=MAP acme.test 127.0.0.1", "--dump-dom",
                "https://acme.test:\(scene.port)" + target,
            ],
            seconds: 120
        )
        #expect(outcome.output.contains("<title>This request cannot go on</title>"))
        #expect(outcome.output.contains("redirect-uri-unknown"), "\(outcome.errors)")
        #expect(!outcome.output.contains("<script"))
        let arrived = scene.upstream.arrivals.contains { $0.target.contains("evil.example") }
        #expect(!arrived)
    }
}

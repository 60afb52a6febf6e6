import Testing

@testable import Policy

@Suite("Redirect URIs")
struct RedirectURITests {
    @Test(
        "What browsers may be sent to can be registered",
        arguments: [
            "https://wallet.example/cb", "https://wallet.example", "https://wallet.example:8443/cb",
            "https://wallet.example/cb?a=b%20c", "https://192.0.2.1/cb", "https://[2001:db8::1]/cb",
            "http://127.0.0.1/cb", "http://127.0.0.1:8080/cb", "http://127.8.9.1/",
            "http://[::1]/cb",
            "http://localhost/cb", "http://localhost:3000", "com.example.app:/cb",
            "com.example.app://cb", "io.example.wallet:cb", "openid-credential-offer://",
            "haip://cb", "eudi-openid4ci://authorize", "openid://cb",
        ]
    )
    func accepted(_ text: String) throws {
        let uri = try RedirectURI(text)
        #expect(uri.matches(Array(text.utf8)[...]))
    }

    static let refused: [(text: String, failure: RedirectURI.Failure)] = [
        ("", .notAbsolute),
        ("/cb", .notAbsolute),
        ("wallet.example/cb", .notAbsolute),
        ("//wallet.example/cb", .notAbsolute),
        ("1https://wallet.example/cb", .notAbsolute),
        ("HTTPS://wallet.example/cb", .notAbsolute),
        ("JavaScript:alert(1)", .notAbsolute),
        (":cb", .notAbsolute),
        ("https://wallet.example/cb#x", .fragment),
        ("https://wallet.example/cb#", .fragment),
        ("https://*.example/cb", .wildcard),
        ("https://wallet.example/*", .wildcard),
        ("https://wallet.example/c b", .forbiddenCharacter),
        ("https://wallet.example/\u{E9}", .forbiddenCharacter),
        ("https://wallet.example\\@evil.example/", .forbiddenCharacter),
        ("https://wallet.example/<x>", .forbiddenCharacter),
        ("https://wallet.example/\"", .forbiddenCharacter),
        ("https://wallet.example/%zz", .forbiddenCharacter),
        ("https://wallet.example/%4", .forbiddenCharacter),
        ("https://wallet.example/\u{0}", .forbiddenCharacter),
        ("https://user@wallet.example/cb", .userInformation),
        ("https://user:secret@wallet.example/cb", .userInformation),
        ("http://127.0.0.1@evil.example/cb", .userInformation),
        ("com.example.app://user@cb", .userInformation),
        ("https://wallet.example/a/../cb", .dotSegment),
        ("https://wallet.example/./cb", .dotSegment),
        ("https:///cb", .host),
        ("https:/cb", .host),
        ("https:cb", .host),
        ("https://wallet.example:port/cb", .host),
        ("https://wallet.example:0/cb", .host),
        ("https://wallet.example:65536/cb", .host),
        ("https://[::1/cb", .host),
        ("https://[x]/cb", .host),
        ("https://wallet,example/cb", .host),
        ("http://wallet.example/cb", .plainHTTP),
        ("http://127.0.0.1.evil.example/cb", .plainHTTP),
        ("http://127.0.0.256/cb", .plainHTTP),
        ("http://127.1/cb", .plainHTTP),
        ("http://0127.0.0.1/cb", .plainHTTP),
        ("http://localhost.evil.example/cb", .plainHTTP),
        ("http://[::2]/cb", .plainHTTP),
        ("http://0.0.0.0/cb", .plainHTTP),
        ("com.example.app:", .nothingBehindScheme),
    ]

    @Test("What they must not be sent to cannot", arguments: refused)
    func refuses(_ text: String, _ failure: RedirectURI.Failure) {
        #expect(throws: failure) { try RedirectURI(text) }
    }

    @Test(
        "A scheme that a browser acts on is refused by its name",
        arguments: [
            "javascript", "data", "vbscript", "file", "blob", "about", "view-source", "ws", "wss",
            "ftp", "filesystem", "intent", "content", "mailto", "tel", "jar", "wyciwyg", "chrome",
            "res", "ms-settings", "wallet", "urn",
        ]
    )
    func schemes(_ scheme: String) {
        for rest in [":x", "://x/y", ":alert(1)"] {
            #expect(throws: RedirectURI.Failure.scheme(scheme)) { try RedirectURI(scheme + rest) }
        }
    }

    @Test func `one that is too long is refused`() {
        let text = "https://wallet.example/" + String(repeating: "a", count: 2_048)
        #expect(throws: RedirectURI.Failure.tooLong) { try RedirectURI(text) }
    }

    @Test("Only on the loopback interface the port is free", arguments: ["", ":1", ":65535"])
    func ports(_ port: String) throws {
        for host in ["127.0.0.1", "[::1]", "localhost"] {
            for registered in ["", ":9000"] {
                let uri = try RedirectURI("http://\(host)\(registered)/cb?x=1")
                let asked = "http://\(host)\(port)/cb?x=1"
                #expect(uri.matches(Array(asked.utf8)[...]), "\(asked)")
            }
        }
        let far = try RedirectURI("https://wallet.example/cb")
        let asked = "https://wallet.example\(port)/cb"
        #expect(far.matches(Array(asked.utf8)[...]) == port.isEmpty)
        let near = try RedirectURI("https://127.0.0.1/cb")
        #expect(near.matches(Array("https://127.0.0.1\(port)/cb".utf8)[...]) == port.isEmpty)
    }

    @Test(
        "What merely begins like one on the loopback interface is another",
        arguments: [
            "http://127.0.0.1", "http://127.0.0.1:8080", "http://127.0.0.1:8080/cb/",
            "http://127.0.0.1:8080/cbx", "http://127.0.0.1:/cb", "http://127.0.0.1:0/cb",
            "http://127.0.0.1:00080/cb", "http://127.0.0.1:65536/cb", "http://127.0.0.1:+1/cb",
            "http://127.0.0.1:8080.evil.example/cb", "http://127.0.0.1.evil.example/cb",
            "http://127.0.0.1:1:2/cb", "http://127.0.0.10/cb", "http://127.0.0.1/cb#x",
            "http://127.0.0.1:99999999999999999999/cb", "HTTP://127.0.0.1/cb", "",
        ]
    )
    func beginnings(_ asked: String) throws {
        let uri = try RedirectURI("http://127.0.0.1/cb")
        #expect(!uri.matches(Array(asked.utf8)[...]))
    }
}

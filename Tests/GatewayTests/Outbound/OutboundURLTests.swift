import Testing

@testable import Gateway

@Suite("Key URL")
struct OutboundURLTests {
    static let accepted: [(String, String, UInt16, String, String)] = [
        ("https://idp.example/jwks.json", "idp.example", 443, "/jwks.json", "idp.example"),
        ("https://idp.example", "idp.example", 443, "/", "idp.example"),
        ("HTTPS://idp.example:8443/a?b=c", "idp.example", 8_443, "/a?b=c", "idp.example:8443"),
        ("https://idp.example?x=1", "idp.example", 443, "/?x=1", "idp.example"),
        ("https://[2001:db8::1]:444/", "2001:db8::1", 444, "/", "[2001:db8::1]:444"),
        ("http://127.0.0.1:8080/k", "127.0.0.1", 8_080, "/k", "127.0.0.1:8080"),
        ("http://[::1]/", "::1", 80, "/", "[::1]"),
        ("http://localhost/", "localhost", 80, "/", "localhost"),
    ]

    @Test("https anywhere and http on this machine", arguments: accepted)
    func reads(
        _ text: String,
        _ host: String,
        _ port: UInt16,
        _ target: String,
        _ authority: String
    ) throws {
        let url = try #require(OutboundURL(text))
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.target == target)
        #expect(url.authority == authority)
    }

    static let refused = [
        "", "https://", "https:///x", "ftp://idp/", "idp.example", "http://idp.example/",
        "http://128.0.0.1/", "http://127.0.0.1.example/", "https://user@idp/", "https://idp/#x",
        "https://idp:0/", "https://idp:65536/", "https://idp:/", "https://idp:+1/",
        "https://idp:x/",
        "https://idp/a b", "https://idp/\r\nX: y", "https://idp/é", "https://[::1", "https://[x]/",
        "https://idp\\@evil/", "file:///etc/passwd",
    ]

    @Test("everything else is refused", arguments: refused)
    func refuses(_ text: String) {
        #expect(OutboundURL(text) == nil)
    }
}

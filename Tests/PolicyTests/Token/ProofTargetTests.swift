import Policy
import Testing

@Suite("Proof target")
struct ProofTargetTests {
    static let same: [(String, String, String)] = [
        ("https://a.example/x", "https://a.example", "/x"),
        ("HTTPS://A.Example/x", "https://a.example", "/x"),
        ("https://a.example:443/x", "https://a.example", "/x"),
        ("https://a.example:0443/x", "https://a.example", "/x"),
        ("https://a.example:/x", "https://a.example", "/x"),
        ("https://a.example:8443/x", "https://a.example:8443", "/x"),
        ("http://127.0.0.1:80/x", "http://127.0.0.1", "/x"),
        ("http://127.0.0.1:443/x", "http://127.0.0.1:443", "/x"),
        ("https://[2001:DB8::1]:443/x", "https://[2001:db8::1]", "/x"),
        ("https://[::1]:8443/x", "https://[::1]:8443", "/x"),
        ("https://a.example", "https://a.example", "/"),
        ("https://a.example?q=/x", "https://a.example", "/"),
        ("https://a.example/x?q=1", "https://a.example", "/x"),
        ("https://a.example/x#part?y", "https://a.example", "/x"),
        ("https://a.example/x/", "https://a.example", "/x/"),
        ("https://a.example/%7Eb/%41", "https://a.example", "/~b/A"),
        ("https://a.example/%c3%a9", "https://a.example", "/%C3%A9"),
        ("https://a.example/a/./b/../c", "https://a.example", "/a/c"),
        ("https://a.example/a/%2e%2E/c", "https://a.example", "/c"),
        ("https://a.example/../..", "https://a.example", "/"),
        ("https://a.example/a/..", "https://a.example", "/"),
        ("https://a.example/a/.", "https://a.example", "/a/"),
        ("https://a.example/a//b", "https://a.example", "/a//b"),
        ("https://a.example/a%2Fb", "https://a.example", "/a%2Fb"),
    ]

    @Test("a URI has one spelling", arguments: same)
    func spelling(_ uri: String, _ origin: String, _ path: String) throws {
        let target = try #require(ProofTarget(Array(uri.utf8)))
        #expect(String(decoding: target.origin, as: UTF8.self) == origin)
        #expect(String(decoding: target.path, as: UTF8.self) == path)
    }

    static let refused = [
        "", "/x", "a.example/x", "//a.example/x", "https:/a.example/x", "https:a.example",
        "ftp://a.example/x", "https://", "https:///x", "https://:443/x", "https://u@a.example/x",
        "https://u:p@a.example/x", "https://a.example:65536/x", "https://a.example:x/",
        "https://a.example/%", "https://a.example/%4", "https://a.example/%zz",
        "https://a.example/ x", "https://a.example/é", "https://a.example/x\n",
        " https://a.example/x",
    ]

    @Test("what is no absolute http URI is refused", arguments: refused)
    func refuses(_ uri: String) {
        #expect(ProofTarget(Array(uri.utf8)) == nil)
    }
}

import Testing

@testable import Gateway

@Suite("Outbound reference")
struct OutboundReferenceTests {
    /// RFC 3986 section 5.4, with a base that the gateway may ask.
    static let cases: [(String, String?)] = [
        ("g", "https://a/b/c/g"), ("./g", "https://a/b/c/g"), ("g/", "https://a/b/c/g/"),
        ("/g", "https://a/g"), ("//g", "https://g/"), ("?y", "https://a/b/c/d;p?y"),
        ("g?y", "https://a/b/c/g?y"), ("#s", "https://a/b/c/d;p?q"), ("g#s", "https://a/b/c/g"),
        ("g?y#s", "https://a/b/c/g?y"), (";x", "https://a/b/c/;x"), ("g;x", "https://a/b/c/g;x"),
        ("", "https://a/b/c/d;p?q"), (".", "https://a/b/c/"), ("./", "https://a/b/c/"),
        ("..", "https://a/b/"), ("../", "https://a/b/"), ("../g", "https://a/b/g"),
        ("../..", "https://a/"), ("../../", "https://a/"), ("../../g", "https://a/g"),
        ("../../../g", "https://a/g"), ("../../../../g", "https://a/g"), ("/./g", "https://a/g"),
        ("/../g", "https://a/g"), ("g.", "https://a/b/c/g."), ("..g", "https://a/b/c/..g"),
        ("./../g", "https://a/b/g"), ("./g/.", "https://a/b/c/g/"), ("g/./h", "https://a/b/c/g/h"),
        ("g/../h", "https://a/b/c/h"), ("g;x=1/../y", "https://a/b/c/y"),
        ("g?y/../x", "https://a/b/c/g?y/../x"), ("a:b", nil), ("g:h", nil), ("http:g", nil),
        ("https://x/../y", "https://x/y"), ("http://x/", nil), ("1:2", "https://a/b/c/1:2"),
    ]

    @Test("a reference leads where RFC 3986 says", arguments: cases)
    func resolves(_ reference: String, _ wanted: String?) throws {
        let base = try #require(OutboundURL("https://a/b/c/d;p?q"))
        #expect(base.resolving(reference)?.description == wanted)
    }
}

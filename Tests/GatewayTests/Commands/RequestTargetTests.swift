import Testing

@testable import Gateway

@Suite("Request target of a URL")
struct RequestTargetTests {
    @Test(
        "host, path and query are what a client would send",
        arguments: [
            ("https://ACME.example:8443/a%2fb/../c?x=1#top", "acme.example", "/a%2fb/../c", "x=1"),
            ("http://acme.example", "acme.example", "/", nil),
            ("https://acme.example?x", "acme.example", "/", "x"),
            ("https://[::1]:8443/", "::1", "/", nil), ("/v1/events?a=1", nil, "/v1/events", "a=1"),
            ("/a?", nil, "/a", ""),
        ] as [(String, String?, String, String?)]
    )
    func parts(_ url: String, _ host: String?, _ path: String, _ query: String?) throws {
        let target = try #require(RequestTarget(url))
        #expect(target.host == host)
        #expect(target.path == path)
        #expect(target.query == query)
    }

    @Test(
        "what is no URL is refused",
        arguments: [
            "", "acme.example/", "ftp://a/", "https:///a", "#", "https://a:port/", "https://a:/",
            "https://a:0/", "https://a:65536/", "https://a:+1/", "https://[::1]:x/",
            "https://[::1]8443/", "https://[::1/", "https://a:1:2/",
        ]
    )
    func malformed(_ url: String) { #expect(RequestTarget(url) == nil) }
}

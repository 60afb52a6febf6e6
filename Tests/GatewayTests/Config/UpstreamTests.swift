import Testing

@Suite("Upstream")
struct UpstreamTests {
    /// What is replaced in the small configuration, by what, and what is then wrong.
    static let cases: [(old: String, new: String, faults: [String])] = [
        (
            "upstream up {", "upstream u/p {",
            ["5:10 `u/p` is no name; wanted 1 to 63 letters, digits, `.`, `_` and `-`"]
        ),
        (
            "upstream up {", "upstream {",
            ["5:1 `upstream` wants `upstream NAME`"]
        ),
        (
            "upstream up {\n    server http://127.0.0.1:8080\n}", "upstream up {\n}",
            ["5:1 an `upstream` block needs a line `server URL`"]
        ),
        (
            "policies p.policy", "policies p.policy\nupstream up {\nserver http://b\n}",
            ["8:10 upstream `up` is given twice; the first is on line 5"]
        ),
        (
            "server http://127.0.0.1:8080", "server 127.0.0.1:8080",
            ["6:12 `127.0.0.1:8080` has no scheme (http://127.0.0.1:8080?)"]
        ),
        (
            "server http://127.0.0.1:8080", "server htps://127.0.0.1:8080",
            ["6:12 `htps://127.0.0.1:8080` begins with neither `http://` nor `https://`"]
        ),
        (
            "server http://127.0.0.1:8080", "server http://127.0.0.1:8080/api",
            ["6:12 `http://127.0.0.1:8080/api` has a path or a query (http://127.0.0.1:8080?)"]
        ),
        (
            "server http://127.0.0.1:8080", "server http://127.0.0.1:8080?x",
            ["6:12 `http://127.0.0.1:8080?x` has a path or a query (http://127.0.0.1:8080?)"]
        ),
        (
            "server http://127.0.0.1:8080", "server http://user:pw@host",
            ["6:12 a server has no user name or password in its URL"]
        ),
        (
            "server http://127.0.0.1:8080", "server http://",
            ["6:12 `http://` names no host"]
        ),
        (
            "server http://127.0.0.1:8080", "server http://a:0",
            ["6:12 `http://a:0` has no port between 1 and 65535"]
        ),
        (
            "server http://127.0.0.1:8080", "server http://a:99999",
            ["6:12 `http://a:99999` has no port between 1 and 65535"]
        ),
        (
            "server http://127.0.0.1:8080", "server http://a:",
            ["6:12 `http://a:` has no port between 1 and 65535"]
        ),
        (
            "server http://127.0.0.1:8080", "server http://1.2.3.999",
            ["6:12 `http://1.2.3.999` names no host"]
        ),
        (
            "server http://127.0.0.1:8080",
            "server http://a\nconnect-timeout 0s\nresponse-timeout 2d\nhost a/b\nca",
            [
                "7:17 `0s` is not between 1ms and 5m", "8:18 `2d` is not between 1ms and 1d",
                "9:6 `a/b` is neither a host nor a host and a port", "10:1 `ca` wants `ca FILE`",
            ]
        ),
        (
            "server http://127.0.0.1:8080", "server http://a\nheader X",
            ["7:1 `header` wants `header NAME VALUE...`"]
        ),
        (
            "server http://127.0.0.1:8080", "server http://a\nheader X:Y z",
            ["7:8 `X:Y` is no header name"]
        ),
        (
            "server http://127.0.0.1:8080", "server http://a\nheader Host z",
            ["7:8 header `Host` is set by a `host NAME` line"]
        ),
        (
            "server http://127.0.0.1:8080", "server http://a\nheader transfer_encoding z",
            ["7:8 header `transfer_encoding` belongs to a single connection"]
        ),
        (
            "server http://127.0.0.1:8080", "server http://a\nheader Connection z",
            ["7:8 header `Connection` belongs to a single connection"]
        ),
        (
            "server http://127.0.0.1:8080", "server http://a\nheader X-Postern-Roles admin",
            ["7:8 header `X-Postern-Roles` is set by the gateway itself"]
        ),
        (
            "server http://127.0.0.1:8080", "server http://a\nheader X {subjct}",
            ["7:10 unknown placeholder in `{subjct}` ({subject}?)"]
        ),
        (
            "server http://127.0.0.1:8080", "server http://a\nheader X {subject}}",
            ["7:10 `}` without its `{`"]
        ),
        (
            "server http://127.0.0.1:8080", "server http://a\nheader X {subject",
            ["7:10 `{` without its `}`"]
        ),
        (
            "server http://127.0.0.1:8080", "server http://a\nheader X {claim}",
            ["7:10 `{claim}` names no claim; wanted `{claim NAME...}`"]
        ),
        (
            "server http://127.0.0.1:8080", "server http://a\nheader X {roles admin}",
            ["7:10 nothing may follow the name in `{roles}`"]
        ),
        (
            "server http://127.0.0.1:8080", "server http://a\nheader X \"a\\nb\"",
            ["7:10 `a\\u{A}b` puts a control character into a header"]
        ),
        (
            "server http://127.0.0.1:8080", "server http://a\nheader X é",
            ["7:10 `é` puts more than ASCII into a header"]
        ),
        (
            "server http://127.0.0.1:8080", "server http://a\nheader X ${file:lines}",
            ["7:10 `${file:lines}` puts a control character into a header"]
        ),
        (
            "server http://127.0.0.1:8080", "server http://a\nheader X ${file:nothing}",
            ["7:10 `${file:nothing}` is empty"]
        ),
        (
            "server http://127.0.0.1:8080", "server http://a\nheader X-A 1\nheader x_a 2",
            ["8:8 header `x_a` is given twice"]
        ),
    ]

    @Test("a fault of an upstream is named at its place", arguments: cases)
    func faults(_ old: String, _ new: String, _ faults: [String]) throws {
        #expect(try faultsOfSmallConfiguration(old, new) == faults)
    }
}

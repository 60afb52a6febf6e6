/// Spellings of requests that look like one thing to one reader and like another to the next.
enum CanonicalCases {
    /// Paths; `@` stands for the path of a route.
    static let paths: [String] =
        structure + encodings + encodedText + rawBytes + [
            "/%6Fpen/x", "/%67uarded/x", "/o%70en/x", "/guarde%64/x", "/open%2F..%2Fguarded/x",
        ]

    private static let structure = [
        "@//x", "/@/x", "@/x//", "@///x", "@/./x", "@/.", "@/x/.", "@/x/./", "@/..", "@/../x",
        "@/x/..", "@/x/../y", "@/x/../../guarded/y", "/..@/x", "/.@/x", "/x/..@/y", "@/x/../../..",
        "@/x;a=b", "@;a/x", "@/;/x", "@/;", "@/..;/x", "@/.;/x", "@/x;", "@/x#part", "@#", "@/x*",
    ]

    private static let encodings = [
        "@/%2Fx", "@/%2fx", "@%2Fx", "@%2fx", "@/%2F%2Fx", "@/%5Cx", "@/%5cx", "@/..%5Cx", "@/%2e",
        "@/%2E", "@/%2E%2E/x", "@/%2e%2e/x", "@/.%2e/x", "@/%2e./x", "@/%2E%2E%2Fguarded/x",
        "@/..%2Fx", "@/%252e%252e/x", "@/%252Fx", "@/%25x", "@/%3Bx", "@/%3bx", "@/x%23part",
        "@/x%3Fa=b", "@/%2A", "@/%61", "@/%41", "@/%30", "@/%7Ex", "@/%2D", "@/%5F", "@/%40",
        "@/%3A", "@/%21", "@/%2C",
    ]

    private static let encodedText = [
        "@/%", "@/x%", "@/%4", "@/%G0", "@/%0g", "@/%zz", "@/%%41", "@/% 41", "@/%u002f",
        "@/%00x", "@/x%00", "@/%09", "@/%0A", "@/%0D%0AX:y", "@/%0d%0aX:y", "@/%1F", "@/%7F",
        "@/%C0%AF", "@/%c0%ae", "@/%C1%9C", "@/%E0%80%AF", "@/%E0%80%AE", "@/%F0%80%80%AF",
        "@/%ED%A0%80", "@/%ED%BF%BF", "@/%F4%90%80%80", "@/%F8%88%80%80%80", "@/%FF", "@/%FE",
        "@/%C3", "@/%C3x", "@/%C3%28", "@/%80", "@/%BF", "@/%C2%85", "@/%E2%82", "@/%c3%a9",
        "@/%C3%a9", "@/%e2%82%ac",
    ]

    private static let rawBytes = [
        "@/\\x", "@\\x", "@/..\\x", "@/\u{E9}", "@/\u{2215}x", "@/\u{FF0E}\u{FF0E}/x", "@/\"x\"",
        "@/<x>", "@/{x}", "@/x|y", "@/x^y", "@/x`y", "@/[x]", "@/x\u{7F}", "@/x\u{01}", "@/x\0",
        "@/x\ty", "@/x\u{0B}y",
    ]

    /// Queries that are not well formed, behind the `?` of a target that is.
    static let queries = [
        "#", "a#b", "a=%23#", " ", "a b", "\"", "<", ">", "[", "]", "\\", "^", "`", "{", "|", "}",
        "%", "a%", "a=%2", "%2G", "%G2", "%%41", "% 1", "\u{E9}", "\u{7F}", "\0", "\t", "\u{01}",
    ]

    /// Queries that are, each a spelling of its own.
    static let goodQueries = [
        "", "a", "a=b", "a=b&a=c", "&&a", "a==b", "a=%2F..%2f&b=//x/../y", "a;b", "%61=%41",
        "a=%00",
        "a?b/c", "-._~!$'()*+,;:@", "a=%C0%AF", "redirect=https://wallet.test/cb?x=y",
        "/../guarded/x",
    ]

    /// Values of `Host` that name no tenant, or not in the one way.
    static let hosts = [
        "acme.test.", "acme.test..", "acme.test/", "acme.test,beta.test", "acme.test beta.test",
        "x@acme.test", "acme.test:x", "acme.test:-1", "acme.test:+1", "acme.test:99999999",
        "acme.test#", "acme.test?x", "acme%2Etest", "%61cme.test", "[acme.test]", "", ":443",
        "acme..test", ".acme.test", "acme.test:443:443", "acme.test\\", "acme.test;",
        "\"acme.test\"",
        "acme.test\u{E9}", "https://acme.test",
    ]

    /// Targets that are no path, or bring a host of their own.
    static let targets = [
        "https://beta.test/open/x", "http://beta.test/open/x", "HTTPS://beta.test/open/x",
        "https://nobody.test/open/x", "https://acme.test.nobody.test/open/x",
        "https://acme.test@beta.test/open/x", "https://beta.test@acme.test/open/x",
        "https://acme.test:443@beta.test/open/x", "https://acme.test./open/x", "https:///open/x",
        "https:/open/x", "https:open/x", "https://acme.test/open/../x", "https://acme.test//open/x",
        "https://acme.test/open/%2Fx", "https://acme.test\\open/x", "ftp://beta.test/open/x",
        "//acme.test/open/x", "//beta.test/open/x", "\\\\acme.test/open/x", "open/x", "?x", "#x",
        "./open/x", "../open/x", "x:y", "acme.test:443", "acme.test", "%2Fopen/x", "",
    ]

    /// Names under which a client may try to say who it is.
    static let identities = [
        "X-Postern-Client", "x-postern-client", "X-POSTERN-CLIENT", "X_Postern_Client",
        "X.Postern.Client", "x_postern-client", "X-Postern_Client", "X-Postern-Subject",
        "X_POSTERN_SUBJECT", "X-Postern-Roles", "x.postern.roles", "X-Postern-Tenant",
        "X_postern.tenant", "X-Postern-Anything", "X_Postern_Anything", "X-Auth-Subject",
        "x_auth_subject", "X.Auth.Subject", "X-AUTH_SUBJECT", "X-API-Key", "x_api_key", "X.Api-Key",
        "X-Forwarded-For", "X_Forwarded_For", "x.forwarded.for", "X-Forwarded-Proto",
        "X-Forwarded-Host", "X_Forwarded-Host", "Forwarded", "Authorization", "aUTHORIZATION",
        "Cookie",
    ]
}

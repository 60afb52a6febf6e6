import Testing

@Suite("Tokens")
struct TokensTests {
    /// What is replaced in the small configuration, by what, and what is then wrong.
    static let cases: [(old: String, new: String, faults: [String])] = [
        (
            "        issuer https://idp.example/\n", "",
            ["11:5 a `tokens` block needs a line `issuer ISSUER`"]
        ),
        (
            "        audience https://acme.example\n", "",
            ["11:5 a `tokens` block needs a line `audience AUDIENCE`"]
        ),
        (
            "issuer https://idp.example/", "issuer \"\"",
            ["12:16 `\"\"` is empty"]
        ),
        (
            "issuer https://idp.example/", "issuer idp",
            ["12:16 `idp` is no URL to discover keys from: add a `keys` line"]
        ),
        (
            "issuer https://idp.example/", "issuer http://idp.example/",
            [
                "12:16 keys come over https, or over http from a loopback address: correct it or add a `keys` line"
            ]
        ),
        (
            "issuer https://idp.example/", "issuer https://idp.example/?x",
            ["12:16 an issuer to discover keys from has no query: correct it or add a `keys` line"]
        ),
        (
            "audience https://acme.example", "audience a\nkeys keys.json",
            ["14:6 `keys.json` is neither `file:PATH` nor a URL (file:keys.json?)"]
        ),
        (
            "audience https://acme.example", "audience a\nkeys file:",
            ["14:6 `file:` names no file; wanted `file:PATH`"]
        ),
        (
            "audience https://acme.example", "audience a\nkeys http://idp.example/jwks",
            ["14:6 keys come over https, or over http from a loopback address"]
        ),
        (
            "audience https://acme.example", "audience a\nkeys https://",
            ["14:6 the URL names no host"]
        ),
        (
            "audience https://acme.example", "audience a\nkeys https://u:p@idp.example/jwks",
            ["14:6 a URL of keys has no user name or password"]
        ),
        (
            "audience https://acme.example", "audience a\nkeys https://idp.example:99999/jwks",
            ["14:6 a URL of keys has a port between 1 and 65535"]
        ),
        (
            "audience https://acme.example", "audience a\nkeys ftp://idp.example/jwks",
            ["14:6 unknown scheme of a URL; wanted `https`"]
        ),
        (
            "audience https://acme.example",
            "audience a\nalgorithms RS256 HS256 none rs256 ES265 XYZ",
            [
                "14:18 `HS256` is symmetric: whoever can verify a token could also make one",
                "14:24 `none` means that tokens are not signed: anybody could make one",
                "14:29 unknown algorithm `rs256` (RS256?)",
                "14:35 unknown algorithm `ES265` (ES256?)", "14:41 unknown algorithm `XYZ`",
            ]
        ),
        (
            "audience https://acme.example", "audience a\nalgorithms",
            ["14:1 `algorithms` wants `algorithms ALGORITHM...`"]
        ),
        (
            "audience https://acme.example", "audience a\ntypes",
            ["14:1 `types` wants `types TYPE...`"]
        ),
        (
            "audience https://acme.example", "audience a\nleeway 10m",
            ["14:8 `10m` is not between 0s and 5m"]
        ),
        (
            "audience https://acme.example", "audience a\nleeway 500ms",
            ["14:8 `500ms` is not a whole number of seconds"]
        ),
        (
            "audience https://acme.example", "audience a\nmax-lifetime 0s",
            ["14:14 `0s` is not between 1s and 366d"]
        ),
        (
            "audience https://acme.example", "audience a\nroles realm_access",
            ["14:1 `roles` wants `roles claim NAME...`"]
        ),
        (
            "audience https://acme.example", "audience a\nroles claims realm_access",
            ["14:7 `claims` stands where `claim` should; wanted `roles claim NAME...` (claim?)"]
        ),
        (
            "audience https://acme.example", "audience a\nrole issuer form manager",
            ["14:13 `form` stands where `from` should; wanted `role ROLE from VALUE...` (from?)"]
        ),
        (
            "audience https://acme.example", "audience a\nrole issuer",
            ["14:1 `role` wants `role ROLE from VALUE...`"]
        ),
        (
            "audience https://acme.example", "audience a\nclient azp",
            ["14:1 `client` wants `client claim NAME...`"]
        ),
        (
            "audience https://acme.example", "audience a\ntenant claim x eqals y",
            [
                "14:16 `eqals` stands where `equals` should; wanted `tenant claim NAME... equals VALUE` (equals?)"
            ]
        ),
        (
            "audience https://acme.example", "audience a\ntenant claim x",
            ["14:1 `tenant` wants `tenant claim NAME... equals VALUE`"]
        ),
        (
            "audience https://acme.example", "audience a\ntenant claim x equals y z",
            ["14:23 `y` stands where `equals` should; wanted `tenant claim NAME... equals VALUE`"]
        ),
        (
            "audience https://acme.example", "audience a\nlisten 127.0.0.1:1 {\n}",
            ["14:1 `listen` belongs outside of all blocks, not in a `tokens` block"]
        ),
    ]

    @Test("a fault of a tokens block is named at its place", arguments: cases)
    func faults(_ old: String, _ new: String, _ faults: [String]) throws {
        #expect(try faultsOfSmallConfiguration(old, new) == faults)
    }
}

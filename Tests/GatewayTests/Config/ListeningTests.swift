import Testing

@Suite("Listening")
struct ListeningTests {
    /// What is replaced in the small configuration, by what, and what is then wrong.
    static let cases: [(old: String, new: String, faults: [String])] = [
        (
            "listen 127.0.0.1:8443", "listen :8443",
            ["1:8 `:8443` has no address (0.0.0.0:8443?)"]
        ),
        (
            "listen 127.0.0.1:8443", "listen 8443",
            ["1:8 `8443` has no address (0.0.0.0:8443?)"]
        ),
        (
            "listen 127.0.0.1:8443", "listen *:8443",
            ["1:8 `*:8443` has no address (0.0.0.0:8443?)"]
        ),
        (
            "listen 127.0.0.1:8443", "listen ::1:8443",
            ["1:8 `::1:8443`: an IPv6 address stands in brackets ([::1]:8443?)"]
        ),
        (
            "listen 127.0.0.1:8443", "listen [::1]",
            ["1:8 `[::1]` has no port; wanted `ADDRESS:PORT`"]
        ),
        (
            "listen 127.0.0.1:8443", "listen [127.0.0.1]:8443",
            ["1:8 `[127.0.0.1]:8443` begins with neither an IP address nor `localhost`"]
        ),
        (
            "listen 127.0.0.1:8443", "listen 127.0.0.1",
            ["1:8 `127.0.0.1` has no port; wanted `ADDRESS:PORT`"]
        ),
        (
            "listen 127.0.0.1:8443", "listen 127.0.0.1:0",
            ["1:8 `127.0.0.1:0` has no port between 1 and 65535"]
        ),
        (
            "listen 127.0.0.1:8443", "listen 127.0.0.1:65536",
            ["1:8 `127.0.0.1:65536` has no port between 1 and 65535"]
        ),
        (
            "listen 127.0.0.1:8443", "listen 127.0.0.1:08443",
            ["1:8 `127.0.0.1:08443` has no port between 1 and 65535"]
        ),
        (
            "listen 127.0.0.1:8443", "listen 127.0.0.1:https",
            ["1:8 `127.0.0.1:https` has no port between 1 and 65535"]
        ),
        (
            "listen 127.0.0.1:8443", "listen 127.1:8443",
            ["1:8 `127.1:8443` begins with neither an IP address nor `localhost`"]
        ),
        (
            "listen 127.0.0.1:8443", "listen example.org:8443",
            ["1:8 `example.org:8443` begins with neither an IP address nor `localhost`"]
        ),
        (
            "listen 127.0.0.1:8443", "listen",
            ["1:1 `listen` wants `listen ADDRESS:PORT`"]
        ),
        (
            "listen 127.0.0.1:8443", "listen 127.0.0.1:8443 ssl",
            ["1:23 unexpected `ssl`; wanted `listen ADDRESS:PORT`"]
        ),
        (
            "listen 127.0.0.1:8443 {\n    certificate a.pem a.key\n}", "listen 127.0.0.1:8443",
            ["1:1 `listen` needs a block: `{` at the end of the line"]
        ),
        (
            "    certificate a.pem a.key\n", "",
            ["1:1 a `listen` block needs a line `certificate CHAIN KEY`"]
        ),
        (
            "certificate a.pem a.key", "certificate a.pem",
            ["2:5 `certificate` wants `certificate CHAIN KEY`"]
        ),
        (
            "certificate a.pem a.key", "certificat a.pem a.key",
            ["2:5 unknown word `certificat` in a `listen` block (certificate?)"]
        ),
        (
            "certificate a.pem a.key", "certificate a.pem a.key\nsession-tickets maybe",
            ["3:17 `maybe` is not `on` or `off`"]
        ),
        (
            "certificate a.pem a.key", "certificate a.pem a.key\nhost x",
            ["3:1 `host` belongs in a `tenant` block, not in a `listen` block"]
        ),
        (
            "policies", "listen 127.0.0.1:8443 {\ncertificate b.pem b.key\n}\npolicies",
            ["4:8 address `127.0.0.1:8443` is given twice; the first is on line 1"]
        ),
        (
            "policies", "admin 127.0.0.1:8443\npolicies",
            ["4:7 address `127.0.0.1:8443` is given twice; the first is on line 1"]
        ),
        (
            "policies", "admin 0.0.0.0:9901\npolicies",
            [
                "4:7 `0.0.0.0:9901` is no loopback address: the block needs a `certificate` and a `token` line"
            ]
        ),
        (
            "policies", "admin 0.0.0.0:9901 {\ncertificate a b\n}\npolicies",
            [
                "4:7 `0.0.0.0:9901` is no loopback address: the block needs a `certificate` and a `token` line"
            ]
        ),
        (
            "policies", "admin [::]:9901 {\ntoken x\n}\npolicies",
            [
                "4:7 `[::]:9901` is no loopback address: the block needs a `certificate` and a `token` line"
            ]
        ),
        (
            "policies", "admin 127.0.0.1:9901 {\ntoken \"a b\"\n}\npolicies",
            ["5:7 a token holds only visible ASCII characters"]
        ),
        (
            "policies", "admin 127.0.0.1:9901\nadmin 127.0.0.1:9902\npolicies",
            ["5:1 `admin` is given twice; the first is on line 4"]
        ),
    ]

    @Test("a fault of a listen or admin statement is named at its place", arguments: cases)
    func faults(_ old: String, _ new: String, _ faults: [String]) throws {
        #expect(try faultsOfSmallConfiguration(old, new) == faults)
    }
}

import Policy
import Testing

@testable import Gateway

@Suite("Tenant")
struct TenantTests {
    /// What is replaced in the small configuration, by what, and what is then wrong.
    static let cases: [(old: String, new: String, faults: [String])] = [
        (
            "tenant acme {", "tenant Acme {",
            ["8:8 `Acme` is no name; wanted 1 to 63 of `a-z`, `0-9` and `-`, not `-` first"]
        ),
        (
            "tenant acme {", "tenant -acme {",
            ["8:8 `-acme` is no name; wanted 1 to 63 of `a-z`, `0-9` and `-`, not `-` first"]
        ),
        (
            "tenant acme {", "tenant a_b {",
            ["8:8 `a_b` is no name; wanted 1 to 63 of `a-z`, `0-9` and `-`, not `-` first"]
        ),
        (
            "tenant acme {",
            "tenant aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa {",
            [
                "8:8 `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa` is no name; wanted 1 to 63 of `a-z`, `0-9` and `-`, not `-` first"
            ]
        ),
        (
            "    host acme.example\n", "",
            ["8:1 a `tenant` block needs a line `host NAME`"]
        ),
        (
            "    upstream up\n", "",
            ["8:1 a `tenant` block needs a line `upstream NAME`"]
        ),
        (
            "    upstream up\n", "    upstream upp\n",
            ["10:14 unknown upstream `upp` (up?)"]
        ),
        (
            "    upstream up\n", "    upstream up\n    upstream up\n",
            ["11:5 `upstream` is given twice; the first is on line 10"]
        ),
        (
            "host acme.example", "host acme.example:8443",
            ["9:10 `acme.example:8443` has a port; a host answers on any (acme.example?)"]
        ),
        (
            "host acme.example", "host https://acme.example/",
            ["9:10 `https://acme.example/` is a URL; wanted its host (acme.example?)"]
        ),
        (
            "host acme.example", "host acme.example.",
            ["9:10 `acme.example.` ends in a dot (acme.example?)"]
        ),
        (
            "host acme.example", "host acme..example",
            ["9:10 `acme..example` has an empty label"]
        ),
        (
            "host acme.example", "host *",
            ["9:10 `*` has a `*` where none may be; wanted it first, as in `*.example`"]
        ),
        (
            "host acme.example", "host a.*.example",
            ["9:10 `a.*.example` has a `*` where none may be; wanted it first, as in `*.example`"]
        ),
        (
            "host acme.example", "host *acme.example",
            ["9:10 `*acme.example` has a `*` where none may be; wanted it first, as in `*.example`"]
        ),
        (
            "host acme.example", "host acme_1.example",
            ["9:10 `acme_1.example` is no host name"]
        ),
        (
            "host acme.example", "host -acme.example",
            ["9:10 `-acme.example` is no host name"]
        ),
        (
            "host acme.example", "host münchen.example",
            ["9:10 `münchen.example` has characters other than ASCII: write its `xn--` form"]
        ),
        (
            "host acme.example", "host ::1",
            ["9:10 `::1` is an IPv6 address without brackets ([::1]?)"]
        ),
        (
            "host acme.example", "host 1.2.3",
            ["9:10 `1.2.3` is neither a host name nor an IP address"]
        ),
        (
            "host acme.example",
            "host aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example",
            [
                "9:10 `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example` has a label of more than 63 characters"
            ]
        ),
        (
            "host acme.example", "host acme.example\n    host ACME.example",
            ["10:10 host `acme.example` is given twice; the first is on line 9"]
        ),
        (
            "tenant acme {", "tenant other {\nhost Acme.Example\nupstream up\n}\ntenant acme {",
            ["13:10 host `acme.example` is given twice; the first is on line 9"]
        ),
        (
            "tenant acme {", "tenant acme {\nhost other.example\nupstream up\n}\ntenant acme {",
            ["12:8 tenant `acme` is given twice; the first is on line 8"]
        ),
        (
            "    upstream up\n", "    upstream up\nroute a {\n}\nroute a {\n}\nroute b\n",
            [
                "11:7 route `a` needs an `allow` or `deny` line",
                "13:7 `a` is given twice; the first is on line 11",
                "15:1 `route` needs a block: `{` at the end of the line",
            ]
        ),
        (
            "    upstream up\n", "    upstream up\n    suspended 404\n",
            ["11:15 `404` is not `503` or `403` (403?)"]
        ),
        (
            "    upstream up\n", "    upstream up\n    read-only\n    read-only\n",
            ["12:5 `read-only` is given twice; the first is on line 11"]
        ),
        (
            "    upstream up\n", "    upstream up\n    level 4\n",
            ["11:11 `4` is not `1`, `2` or `3`"]
        ),
        (
            "    upstream up\n", "    upstream up\n    issuer x\n",
            ["11:5 `issuer` belongs in a `tokens` block, not in a `tenant` block"]
        ),
    ]

    @Test("a tenant may have a level of its own", arguments: [("", nil), ("level 3", 3)])
    func level(_ line: String, _ level: Int?) throws {
        let text = smallConfiguration.replacing(
            "    upstream up\n",
            with: "upstream up\n\(line)\n"
        )
        let folder = try ConfigurationFolder(["postern.conf": text, "p.policy": ""])
        #expect(try folder.load().configuration.tenants[0].level == level)
    }

    @Test(
        "of two states the stricter counts",
        arguments: [
            ("", .active, nil), ("read-only", .readOnly, 11), ("suspended", .suspended, 11),
            ("suspended 503", .suspended, 11), ("suspended 403", .closed, 11),
            ("read-only\nsuspended", .suspended, 12), ("suspended\nread-only", .suspended, 11),
        ] as [(String, Configuration.TenantState, Int?)]
    )
    func states(_ lines: String, _ state: Configuration.TenantState, _ line: Int?) throws {
        let text = smallConfiguration.replacing(
            "    upstream up\n",
            with: "upstream up\n\(lines)\n"
        )
        let folder = try ConfigurationFolder(["postern.conf": text, "p.policy": ""])
        let tenant = try folder.load().configuration.tenants[0]
        #expect(tenant.state == state)
        #expect(tenant.statePosition?.line == line)
    }

    @Test("a fault of a tenant is named at its place", arguments: cases)
    func faults(_ old: String, _ new: String, _ faults: [String]) throws {
        #expect(try faultsOfSmallConfiguration(old, new) == faults)
    }
}

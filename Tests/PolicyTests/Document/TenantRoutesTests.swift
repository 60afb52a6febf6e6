import Testing

@testable import Policy

@Suite("Routes of tenants")
struct TenantRoutesTests {
    static let policy = """
        roles admin issuer
        group staff = admin issuer
        route a {
            match GET /a
            allow role admin
        }
        route b {
            match GET /b
            allow role admin
        }

        """

    @Test func `lines that are shared are reported where each stands`() {
        let routes = """
            route a {
                allow role nobody
            }
            route b {
                allow role admin
                allow role nobody
            }
            """
        let text = PolicyText(policy: Self.policy, tenants: [("t", routes), ("u", routes)])
        let faults = ["2:16 unknown role `nobody`", "6:16 unknown role `nobody`"]
        #expect(text.faults == faults + faults)
    }

    @Test func `a line that is the same but for its quotes is another line`() throws {
        let policy = Self.policy + "route c {\n    match GET /c\n    allow any\n}\n"
        let text = PolicyText(
            policy: policy,
            tenants: [("t", "route a {\n    allow any\n}\nroute c {\n    allow \"any\"\n}")]
        )
        #expect(text.faults.count == 1)
    }

    @Test func `equal lines are kept once`() throws {
        var sources = SourceMap()
        let bytes = Array("route a {\n  allow role x\n}\nroute b {\n  allow role x\n}".utf8)
        let file = sources.add(path: "t", bytes: bytes)
        let parsed = StatementParser.parse(bytes, file: file) { _ in .success("") }
        var reader = StatementReader(sources: sources)
        var shared = SharedRuleLines()
        let line = try #require(parsed.statements[0].block?.first)
        let other = try #require(parsed.statements[1].block?.first)
        let name = parsed.statements[0].words[1]
        let first = shared.line(line, of: name, &reader)
        #expect(first === shared.line(other, of: name, &reader))
        #expect(first?.rule(at: other.position).position.line == 5)
    }
}

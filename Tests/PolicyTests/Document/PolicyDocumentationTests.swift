import Testing

@Suite("The page about the language")
struct PolicyDocumentationTests {
    @Test func `every policy on it compiles`() throws {
        let page = try PolicyText.file("docs/policy.md")
        let examples = page.components(between: "```policy\n", and: "```")
        #expect(examples.count == 7)
        for example in examples {
            #expect(PolicyText(policy: example).faults == [], "\(example)")
        }
    }

    @Test func `the tenant on it replaces lines of the route on it`() throws {
        let page = try PolicyText.file("docs/policy.md")
        let policy = try #require(
            page.components(between: "```policy\n", and: "```").first { $0.contains("offerDelete") }
        )
        let block = try #require(page.components(between: "tenant acme {\n", and: "\n}\n").first)
        let text = PolicyText(
            policy: policy
                + """
                test "own lines" DELETE /v1/openid/offers/\(BuiltInPolicyTests.id) tenant acme role admin suspended expect allow
                """,
            tenants: [("acme", block)]
        )
        #expect(text.faults == [])
    }
}

extension String {
    /// What stands between each `start` and the next `end`.
    fileprivate func components(between start: String, and end: String) -> [String] {
        split(separator: start, omittingEmptySubsequences: false).dropFirst().map { part in
            String(part.split(separator: end, omittingEmptySubsequences: false)[0])
        }
    }
}

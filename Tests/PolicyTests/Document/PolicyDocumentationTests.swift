import Testing

@Suite("The pages about the language")
struct PolicyDocumentationTests {
    /// A page, and the fewest policies that it shows.
    static let pages = [("policy", 5), ("policy-reference", 6), ("proof", 0), ("packs", 0)]

    @Test("every policy on them compiles, and its tests hold", arguments: pages)
    func examples(_ name: String, _ fewest: Int) throws {
        let page = try PolicyText.file("docs/\(name).md")
        let examples = page.components(between: "```policy\n", and: "```")
        #expect(examples.count >= fewest)
        for example in examples {
            #expect(PolicyText(policy: example).faults == [], "\(example)")
        }
    }

    @Test func `the language fits on two pages`() throws {
        let lines = try PolicyText.file("docs/policy.md").split(separator: "\n")
        #expect(lines.count <= 140)
        // Test lines are as long as their paths.
        let long = lines.filter { $0.count > 150 && !$0.hasPrefix("test ") }
        #expect(long == [])
    }

    @Test(
        "every link leads to a page and a heading on it",
        arguments: ["README.md"]
            + ["policy", "policy-reference", "proof", "packs", "configuration", "architecture"].map
        {
            "docs/\($0).md"
        }
    )
    func links(_ path: String) throws {
        let folder = path.hasPrefix("docs/") ? "docs/" : ""
        let links = try PolicyText.file(path).components(between: "](", and: ")")
            .filter { !$0.contains(":") && $0.contains(".md") || $0.hasPrefix("#") }
        #expect(!links.isEmpty)
        for link in links {
            let parts = link.split(separator: "#", omittingEmptySubsequences: false)
            let page = try PolicyText.file(parts[0].isEmpty ? path : folder + parts[0])
            guard parts.count > 1 else { continue }
            let headings = page.split(separator: "\n").filter { $0.hasPrefix("#") }.map(Self.anchor)
            #expect(headings.contains(String(parts[1])), "\(link)")
        }
    }

    /// What a heading is linked by.
    private static func anchor(_ heading: Substring) -> String {
        let words = heading.drop { $0 == "#" || $0 == " " }.lowercased()
        return String(words.filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == " " })
            .replacing(" ", with: "-")
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

import Policy
import Testing

@testable import Gateway

/// Every statement is known everywhere that names statements.
@Suite("Vocabulary")
struct VocabularyTests {
    /// Every block with the usages of its statements.
    static let blocks: [(place: String, usages: [String])] = [
        block(ConfigurationDraft.grammar), block(Configuration.Listener.grammar),
        block(Configuration.Admin.grammar), block(Configuration.Upstream.grammar),
        block(TenantDraft.grammar), block(TokensDraft.grammar),
        block(Configuration.Analytics.grammar), block(Configuration.Journal.grammar),
        block(ClientDraft.grammar), block(Configuration.Shipper.grammar),
        block(Configuration.Limits.grammar),
    ]

    private static func block<Target>(_ grammar: Grammar<Target>) -> (String, [String]) {
        (grammar.place, grammar.rules.map(\.usage))
    }

    @Test("every statement is documented as it is written", arguments: blocks)
    func documentation(_ place: String, _ usages: [String]) throws {
        let page = try SampleConfigurationTests.repositoryFile("docs/configuration.md")
        for usage in usages {
            let shown = "`" + usage.replacing("|", with: "\\|")
            #expect(page.contains(shown), "\(usage) in \(place)")
        }
    }

    @Test("every statement stands in the sample, be it commented out", arguments: blocks)
    func sample(_ place: String, _ usages: [String]) throws {
        let sample = try SampleConfigurationTests.repositoryFile("deploy/postern.conf")
        let lines = sample.split(separator: "\n").map { line in
            String(line.drop { $0 == " " || $0 == "#" })
        }
        for usage in usages {
            let keyword = usage.split(separator: " ")[0]
            let isThere = lines.contains { $0 == keyword || $0.hasPrefix(keyword + " ") }
            #expect(isThere, "\(usage) in \(place)")
        }
    }

    @Test("every statement has a home for the message about a wrong place", arguments: blocks)
    func homes(_ place: String, _ usages: [String]) {
        for usage in usages {
            let keyword = String(usage.split(separator: " ")[0])
            #expect(KeywordHomes.homes[keyword] != nil, "\(keyword) in \(place)")
        }
    }

    static let refusedHeaders = [
        "Host", "host", "Content-Length", "content_length", "Transfer-Encoding", "TE", "Trailer",
        "Connection", "Keep-Alive", "Proxy-Connection", "Upgrade", "X-Postern-Tenant",
        "x_postern_roles", "X.Postern.Client", "X-Request-Id", "traceparent", "Forwarded",
        "X-Forwarded-For",
    ]

    @Test("a header of the connection or of the gateway cannot be set", arguments: refusedHeaders)
    func refusedHeader(_ name: String) {
        #expect(HeaderName.fault(of: name) != nil)
    }

    @Test(
        "any other header can be set",
        arguments: ["Authorization", "X-API-Key", "Hosts", "X-Host", "Cookie", "X-Forwarded-Port"]
    )
    func header(_ name: String) {
        #expect(HeaderName.fault(of: name) == nil)
    }

    static let tokens: [(text: String, isToken: Bool)] = [
        ("X-A", true), ("a!#$%&'*+-.^_`|~9", true), ("", false), ("a b", false), ("a:b", false),
        ("a(b", false), ("a\"", false), ("a{", false), ("a@b", false), ("a[", false), ("é", false),
        ("a\u{7F}", false),
    ]

    @Test("a header name is a token", arguments: tokens)
    func token(_ text: String, _ isToken: Bool) {
        #expect(HeaderName.isToken(text) == isToken)
    }
}

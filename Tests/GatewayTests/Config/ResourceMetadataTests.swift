import HTTP
import Policy
import Testing

@testable import Gateway

@Suite("Resource metadata")
struct ResourceMetadataTests {
    private static let position = SourcePosition(file: 0, line: 1, column: 1)

    private static func metadata(
        origins: [String] = [],
        mode: Configuration.ProofRules.Mode = .accept,
        scopes: [String] = [],
        asksForCertificates: Bool = false
    ) -> ResourceMetadata {
        var tenant = Configuration.Tenant(name: "acme", hosts: [], upstream: 0, position: position)
        tenant.origins = origins
        var tokens = Configuration.Tokens(
            rules: TokenRules(issuer: "https://idp/\"x", audiences: ["a"]),
            keysPosition: position,
            position: position
        )
        tokens.proofs.mode = mode
        return ResourceMetadata(
            of: tenant,
            tokens,
            scopes: scopes,
            asksForCertificates: asksForCertificates,
            isAnswered: true
        )
    }

    private static func json(_ metadata: ResourceMetadata) -> String {
        String(decoding: metadata.json(authority: Array("h:1".utf8).span), as: UTF8.self)
    }

    @Test func `it is one JSON object with the names of the RFC`() {
        #expect(
            Self.json(Self.metadata(mode: .refuse)) == #"""
                {"resource":"https://h:1","authorization_servers":["https://idp/\"x"],\#
                "bearer_methods_supported":["header"]}

                """#
        )
        let whole = Self.json(
            Self.metadata(
                origins: ["https://api", "https://other"],
                mode: .require,
                scopes: ["a", "b\\"],
                asksForCertificates: true
            )
        )
        #expect(whole.hasPrefix(#"{"resource":"https://api","#))
        #expect(whole.contains(#","scopes_supported":["a","b\\"],"#))
        #expect(whole.contains(#","tls_client_certificate_bound_access_tokens":true,"#))
        #expect(whole.contains(#","dpop_signing_alg_values_supported":["RS256","#))
        #expect(whole.hasSuffix(",\"dpop_bound_access_tokens_required\":true}\n"))
        #expect((try? JSONDocument(Array(whole.utf8))) != nil)
    }

    @Test(
        "its address is below the resource",
        arguments: [([], "https://h:1"), (["https://api", "https://other"], "https://api")]
    )
    func address(_ origins: [String], _ resource: String) {
        var output = OutputBuffer(capacity: 200)
        Self.metadata(origins: origins).appendAddress(
            authority: Array("h:1".utf8).span,
            to: &output
        )
        let address = String(decoding: output.span.copied, as: UTF8.self)
        #expect(address == resource + "/.well-known/oauth-protected-resource")
    }

    @Test(
        "only the path itself is its path",
        arguments: [
            ("/.well-known/oauth-protected-resource", true), ("/", false), ("", false),
            ("/.well-known/oauth-protected-resource/", false),
            ("/.well-known/oauth-protected-resourcf", false),
            ("/.Well-known/oauth-protected-resource", false),
        ]
    )
    func path(_ path: String, _ isPath: Bool) {
        #expect(ResourceMetadata.isPath(Array(path.utf8).span) == isPath)
    }
}

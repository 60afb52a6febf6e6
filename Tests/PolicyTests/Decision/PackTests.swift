import Testing

@testable import Policy

@Suite("The policies of the packs")
struct PackTests {
    /// A pack, and what may be called in it without a token of ours.
    struct Pack: Sendable, CustomTestStringConvertible {
        let name: String

        /// Routes that anybody may call.
        let open: Set<String>

        /// Routes whose credential the upstream judges.
        let wallet: Set<String>

        /// Routes whose answers may be kept.
        let kept: Set<String>

        var testDescription: String { name }

        var path: String { "policies/\(name).policy" }
    }

    static let packs = [
        Pack(
            name: "openid4vci",
            open: [
                "authorize", "offerRead", "nonce", "issuerMetadata",
                "authorizationServerMetadata",
            ],
            wallet: [
                "pushedAuthorization", "token", "credential", "deferredCredential", "notification",
            ],
            kept: [
                "preAuthorizedOfferDelete", "authorize", "notification", "issuerMetadata",
                "authorizationServerMetadata",
            ]
        ),
        Pack(
            name: "acapy",
            open: [
                "offerRead", "token", "nonce", "issuerMetadata", "authorizationServerMetadata",
                "statusList",
            ],
            wallet: ["credential", "notification"],
            kept: [
                "supportedCreate", "supportedRead", "supportedUpdate", "supportedDelete",
                "keyCreate", "issuerMetadata", "authorizationServerMetadata", "statusList",
            ]
        ),
        Pack(
            name: "eudi",
            open: [
                "authorize", "pageFiles", "offerRead", "nonce", "issuerMetadata",
                "authorizationServerMetadata",
            ],
            wallet: [
                "pushedAuthorization", "token", "userVerified", "userAuthentication",
                "userPresentation", "credential", "deferredCredential", "notification",
            ],
            kept: ["pageFiles", "issuerMetadata", "authorizationServerMetadata"]
        ),
        Pack(
            name: "keycloak",
            open: [
                "masterRealm", "pageFiles", "offerRead", "nonce", "issuerMetadata",
                "authorizationServerMetadata",
            ],
            wallet: ["authorize", "pushedAuthorization", "token", "login", "credential"],
            kept: ["masterRealm", "pageFiles", "issuerMetadata", "authorizationServerMetadata"]
        ),
    ]

    private static func compiled(_ pack: Pack, _ more: [String] = []) throws -> CompiledPolicy {
        let text = try PolicyText.file(pack.path) + "\n" + more.joined(separator: "\n")
        return try PolicyText(policy: text).compile()
    }

    private static func tests(_ pack: Pack) throws -> [PolicyTest] {
        BuiltInPolicyTests.document(try PolicyText.file(pack.path)).tests
    }

    @Test("A pack compiles, and its own tests hold", arguments: packs)
    func compiles(_ pack: Pack) throws {
        #expect(PolicyText(policy: try PolicyText.file(pack.path)).faults == [])
    }

    @Test("Every route of a pack has a test line", arguments: packs)
    func covers(_ pack: Pack) throws {
        let policy = try Self.compiled(pack)
        let tests = try Self.tests(pack)
        #expect(tests.count >= 30)
        let tested = Set(tests.compactMap { policy.outcome(of: $0, nil).route })
        let untested = policy.routes.indices.filter { !tested.contains($0) }
        #expect(untested.map { policy.routes[$0].name } == [])
    }

    @Test(
        "Every guarded route of a pack has a line for who may and one for who may not",
        arguments: packs
    )
    func refusals(_ pack: Pack) throws {
        let policy = try Self.compiled(pack)
        var outcomes: [Int: Set<PolicyOutcome>] = [:]
        for test in try Self.tests(pack) {
            let (outcome, route) = policy.outcome(of: test, nil)
            if let route { outcomes[route, default: []].insert(outcome) }
        }
        for (index, route) in policy.routes.enumerated() where route.access == .authorized {
            let seen = outcomes[index] ?? []
            #expect(seen.contains(.allow), "\(route.name)")
            #expect(
                !seen.isDisjoint(with: [.credentialsMissing, .roleMissing, .denied]),
                "\(route.name)"
            )
        }
    }

    @Test("Only these routes of a pack take callers without a token of ours", arguments: packs)
    func access(_ pack: Pack) throws {
        let routes = try Self.compiled(pack).routes
        #expect(Set(routes.filter { $0.access == .public }.map(\.name)) == pack.open)
        #expect(Set(routes.filter { $0.access == .credentialsPass }.map(\.name)) == pack.wallet)
    }

    @Test("Only answers of these routes of a pack may be kept", arguments: packs)
    func storing(_ pack: Pack) throws {
        let routes = try Self.compiled(pack).routes
        #expect(Set(routes.filter { !$0.isNoStore }.map(\.name)) == pack.kept)
    }

    @Test(
        "Every guarded path of a pack refuses who has no token, and who has no role",
        arguments: packs
    )
    func everyPath(_ pack: Pack) throws {
        let routes = try Self.compiled(pack).routes.filter { $0.access == .authorized }
        let lines = routes.flatMap(\.matches).flatMap { match in
            let request = "\(match.method) \(Self.path(match.template))"
            return [
                "test \"unseen\" \(request) expect 401",
                "test \"no role\" \(request) client nobody scope admin expect 403",
                "test \"a role nobody has\" \(request) role administrator expect 403",
            ]
        }
        #expect(lines.count >= 6)
        // A test may name a role that the policy does not declare only if it declares none.
        let text = try PolicyText.file(pack.path).replacing(
            "\nroles ",
            with: "\nroles administrator "
        )
        let policy = PolicyText(policy: text + "\n" + lines.joined(separator: "\n"))
        #expect(policy.faults == [])
    }

    @Test("Transaction codes are guarded, and what needs no token is limited", arguments: packs)
    func protections(_ pack: Pack) throws {
        let routes = try Self.compiled(pack).routes
        let guarded = routes.filter { $0.attempts != nil }
        #expect(guarded.map(\.name) == ["token"])
        #expect(
            guarded.first?.limits.contains("guard attempts 3 by form pre-authorized_code") == true
        )
        let limited = routes.filter { !$0.rates.isEmpty }
        #expect(limited.allSatisfy { $0.rates.map(\.key) == [.address] })
        let wanted: Set = ["token", "pushedAuthorization", "offerRead", "nonce"]
        #expect(Set(limited.map(\.name)) == wanted.intersection(routes.map(\.name)))
        let checked = routes.filter { $0.checksAuthorization || $0.checksPushedAuthorization }
        let isEUDI = pack.name == "eudi"
        #expect(checked.map(\.name) == (isEUDI ? ["authorize", "pushedAuthorization"] : []))
    }

    @Test("What no pack names is not there", arguments: packs)
    func closed(_ pack: Pack) throws {
        let paths = [
            "/", "/admin", "/metrics", "/api/doc", "/swagger", "/health", "/.env", "/.git/config",
            "/v1", "/v1/credentials", "/.well-known", "/.well-known/webfinger", "/v1/events/",
        ]
        let lines = paths.map { "test \"closed\" GET \($0) role admin expect 404" }
        _ = try Self.compiled(pack, lines)
    }

    /// A path that a template matches.
    private static func path(_ template: String) -> String {
        template.split(separator: "/").map { segment in
            guard segment.hasPrefix("{") else { return "/\(segment)" }
            if segment.hasSuffix(":uuid}") { return "/\(BuiltInPolicyTests.id)" }
            return segment.hasSuffix(":int}") ? "/7" : "/some"
        }.joined()
    }
}

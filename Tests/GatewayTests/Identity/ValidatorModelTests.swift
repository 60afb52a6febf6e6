import Policy
import Testing

@testable import Gateway

/// Two validators see the same requests: one remembers tokens, the other cannot.
///
/// Time passes, keys come and go, rules change; whatever happens they say the same.
@Suite("Token validator, remembered and not")
struct ValidatorModelTests {
    @Test("what is remembered is judged as if it were new", arguments: 1...8)
    func sameVerdict(_ seed: Int) throws {
        var random = SeededNumbers(UInt64(seed))
        var world = try World(&random)
        let memory = [65_536, 8_192, 2_048][seed % 3]
        var remembering = TokenValidator(cache: VerifiedTokenCache(bytesMax: memory))
        var forgetful = TokenValidator(cache: VerifiedTokenCache(bytesMax: 1))
        var seen: Set<String> = []
        for step in 0..<2_500 {
            try world.change(&random)
            let request = world.request(&random)
            let verdict = Self.verdict(&forgetful, request)
            let remembered = Self.verdict(&remembering, request)
            try #require(remembered == verdict, "step \(step)")
            seen.insert(verdict)
        }
        #expect(forgetful.hitsCount == 0)
        #expect(remembering.hitsCount > 40)
        #expect(seen.count >= 20, "\(seen)")
    }

    static func verdict(_ validator: inout TokenValidator, _ request: World.Request) -> String {
        let outcome = validator.validate(
            request.token.span,
            tenant: request.tenant,
            hasWaited: request.hasWaited,
            now: request.now
        )
        return switch outcome {
        case .valid(let principal):
            "valid \(principal.subject) \(principal.roles) \(principal.facts.contains(0))"
        // Names of absent keys may push each other out of the table that they share.
        case .refused(let refusal), .wantsKeys(let refusal): "\(refusal)"
        case .opaque: "opaque"
        }
    }
}

/// Issuers, tenants and tokens that change.
struct World {
    struct Request {
        let token: [UInt8]
        let tenant: TenantIdentity
        let hasWaited: Bool
        let now: Int64
    }

    private let signers: [SigningKey]
    private let tokens: [[UInt8]]
    private var published: Set<Int> = [0, 1, 2]
    private var source = KeyStanding.Source.current
    private var generations: [UInt64] = [1, 2, 3]
    private var leeways: [Int64] = [30, 30, 30]
    private var lastGeneration: UInt64 = 3
    private var now = IdentityScene.now
    private var last: [UInt8] = []
    private var keys: KeySet

    private static let audiences = ["https://acme", "https://acme", "https://beta"]

    init(_ random: inout SeededNumbers) throws {
        // Two keys share a name, one has none.
        signers = try ["a", "a", "b", "c", nil].map {
            try SigningKey.generate(.curve(.p256), keyID: $0)
        }
        var tokens: [[UInt8]] = []
        for number in 0..<60 {
            let claims = Self.claims(number, &random)
            let header = random.happens(onceIn: 12) ? #"{"typ":"dpop+jwt"}"# : "{}"
            guard let signer = signers.randomElement(using: &random) else { continue }
            var token = Array(try TokenSigner(signer).sign(claims: claims, header: header).utf8)
            if random.happens(onceIn: 15) { token[token.count - 20] ^= 3 }
            tokens.append(token)
        }
        self.tokens = tokens
        keys = try IdentityScene.keySet([signers[0], signers[1], signers[2]])
    }

    private static func claims(_ number: Int, _ random: inout SeededNumbers) -> String {
        let begin = IdentityScene.now + Int64.random(in: -500...800, using: &random)
        let end = begin + Int64.random(in: 500...2_000, using: &random)
        let audience = [
            #""https://acme""#, #""https://beta""#, #"["https://beta","https://acme"]"#,
            #"["https://beta","https://acme"]"#, "[]",
        ].randomElement(using: &random)
        let extra = [
            "", "", #","nbf":\#(begin + 40)"#, #","nbf":\#(begin).5"#, #","cnf":{}"#,
            #","roles":["admin"]"#,
        ].randomElement(using: &random)
        return """
            {"iss":"https://idp/","aud":\(audience ?? "7"),"exp":\(end),"iat":\(begin),\
            "sub":"s\(number)"\(extra ?? "")}
            """
    }

    /// Lets time pass and, now and then, something happen.
    mutating func change(_ random: inout SeededNumbers) throws {
        if random.happens(onceIn: 2) { now += Int64.random(in: 0...2, using: &random) }
        if random.happens(onceIn: 40) {
            let index = Int.random(in: signers.indices, using: &random)
            if published.remove(index) == nil { published.insert(index) }
            if published.isEmpty { published = [0] }
            keys = try IdentityScene.keySet(published.sorted().map { signers[$0] })
        }
        if random.happens(onceIn: 60) {
            let sources: [KeyStanding.Source] = [.current, .current, .failing, .loading]
            source = sources.randomElement(using: &random) ?? .current
        }
        if random.happens(onceIn: 80) {
            let index = Int.random(in: 0..<3, using: &random)
            lastGeneration += 1
            generations[index] = lastGeneration
            leeways[index] = leeways[index] == 30 ? 0 : 30
        }
    }

    /// Some token for some tenant, now.
    mutating func request(_ random: inout SeededNumbers) -> Request {
        let index = Int.random(in: 0..<3, using: &random)
        if last.isEmpty || random.happens(onceIn: 4) {
            last = tokens.randomElement(using: &random) ?? []
        }
        var rules = TokenRules(issuer: "https://idp/", audiences: [Self.audiences[index]])
        rules.rolesPath = ["roles"]
        rules.leewaySeconds = leeways[index]
        let tenant = TenantIdentity(
            index: index,
            name: "tenant-\(index)",
            rules: CompiledTokenRules(rules),
            conditions: CompiledConditions([.role("admin")]),
            rulesGeneration: generations[index],
            standing: KeyStanding(keys: source == .loading ? nil : keys, source: source)
        )
        return Request(
            token: last,
            tenant: tenant,
            hasWaited: random.happens(onceIn: 3),
            now: now
        )
    }
}

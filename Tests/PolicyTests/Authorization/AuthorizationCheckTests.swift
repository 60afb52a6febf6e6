import Testing

@testable import Policy

@Suite("The check of authorization requests")
struct AuthorizationCheckTests {
    /// A request that passes, parameter by parameter.
    static let good = [
        "response_type=code", "client_id=wallet", "redirect_uri=https%3A%2F%2Fwallet.example%2Fcb",
        "scope=badge", "state=af0ifjsldkj",
        "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method=S256",
    ]

    static let pushed = "client_id=wallet&request_uri=urn:ietf:params:oauth:request_uri:6esc_11ACC"

    /// The good request with one parameter left out, replaced or added.
    static func with(_ parameter: String) -> String {
        let name = parameter.prefix { $0 != "=" }
        let isRemoval = !parameter.contains("=")
        let kept = good.filter { !$0.hasPrefix(name + "=") }
        return (isRemoval ? kept : kept + [parameter]).joined(separator: "&")
    }

    static let check: AuthorizationCheck = {
        let redirects = [
            "https://wallet.example/cb", "https://wallet.example/cb?a=b", "http://127.0.0.1/cb",
            "http://[::1]:4000/cb", "com.example.app:/cb", "openid-credential-offer://done",
        ]
        let other = ["https://other.example/cb"]
        return AuthorizationCheck(clients: [
            RegisteredClient(identifier: "wallet", redirects: redirects.compactMap(uri)),
            RegisteredClient(identifier: "other wallet", redirects: other.compactMap(uri)),
        ])
    }()

    private static func uri(_ text: String) -> RedirectURI? { try? RedirectURI(text) }

    static func fault(_ query: String) -> AuthorizationFault? {
        check.fault(in: Array(query.utf8).span)
    }

    @Test(
        "A request that is as it should be passes",
        arguments: [
            good.joined(separator: "&"), good.reversed().joined(separator: "&"), pushed,
            pushed + "&state=xyz", pushed + "&issuer_state=x&ui_locales=de",
            "client_id=wallet&request_uri=urn:uuid:8241400f-de3b-42c5-ad7c-8a380039e796",
            "client_id=wallet&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3Aabc",
            with("state"), with("state="), with("redirect_uri=http://127.0.0.1:51004/cb"),
            with("redirect_uri=http://127.0.0.1/cb"), with("redirect_uri=http://[::1]:1/cb"),
            with("redirect_uri=http%3A%2F%2F%5B%3A%3A1%5D%2Fcb"),
            with("redirect_uri=com.example.app:/cb"),
            with("redirect_uri=openid-credential-offer://done"),
            with("redirect_uri=https%3a%2f%2fwallet.example%2fcb%3Fa%3Db"),
            with("scope=badge+licence"), with("scope=badge%20licence"),
            with("issuer_state=anything%3B+here"), with("unknown=%FF%00"), with("resource=a"),
            with("resource=a") + "&resource=b", "&&" + good.joined(separator: "&&") + "&",
            with("scope")
                + "&authorization_details=%5B%7B%22type%22%3A%22openid_credential%22%7D%5D",
            with("authorization_details=%5B%7B%22type%22%3A%22a%22%7D%5D"),
            with("client%5Fid=wallet").replacing("client_id=wallet&", with: ""),
            with("dpop_jkt=abc"), with("response_mode=query"),
        ]
    )
    func passes(_ query: String) {
        #expect(Self.fault(query) == nil, "\(query)")
    }

    static let refused: [(query: String, fault: AuthorizationFault)] = [
        ("", .clientMissing),
        ("client_id", .clientMissing),
        (with("client_id"), .clientMissing),
        (with("client_id="), .clientMissing),
        (with("client_id=stranger"), .clientUnknown),
        (with("client_id=Wallet"), .clientUnknown),
        (with("client_id=wallet%20"), .clientUnknown),
        (with("client_id=wallet%00"), .clientUnknown),
        (with("client_id=walle"), .clientUnknown),
        (with("redirect_uri"), .redirectMissing),
        (with("redirect_uri="), .redirectMissing),
        (with("redirect_uri=https://evil.example/cb"), .redirectUnknown),
        (with("redirect_uri=https://other.example/cb"), .redirectUnknown),
        (with("redirect_uri=https://wallet.example/cb/"), .redirectUnknown),
        (with("redirect_uri=https://wallet.example/cb%23x"), .redirectUnknown),
        (with("redirect_uri=https://wallet.example/CB"), .redirectUnknown),
        (with("redirect_uri=https://WALLET.example/cb"), .redirectUnknown),
        (with("redirect_uri=https://wallet.example/cb?x=y"), .redirectUnknown),
        (with("redirect_uri=https://wallet.example/%2563b"), .redirectUnknown),
        (with("redirect_uri=https://wallet.example:443/cb"), .redirectUnknown),
        (with("redirect_uri=https://wallet.example.evil.example/cb"), .redirectUnknown),
        (with("redirect_uri=https://wallet.example@evil.example/cb"), .redirectUnknown),
        (with("redirect_uri=https://evil.example/https://wallet.example/cb"), .redirectUnknown),
        (with("redirect_uri=http://wallet.example/cb"), .redirectUnknown),
        (with("redirect_uri=//wallet.example/cb"), .redirectUnknown),
        (with("redirect_uri=/cb"), .redirectUnknown),
        (with("redirect_uri=javascript:alert(1)"), .redirectUnknown),
        (with("redirect_uri=JavaScript:alert(1)"), .redirectUnknown),
        (with("redirect_uri=data:text/html,x"), .redirectUnknown),
        (with("redirect_uri=com.example.app:/cb2"), .redirectUnknown),
        (with("redirect_uri=http://localhost/cb"), .redirectUnknown),
        (with("redirect_uri=http://127.0.0.1:0/cb"), .redirectUnknown),
        (with("redirect_uri=http://127.0.0.1:70000/cb"), .redirectUnknown),
        (with("redirect_uri=http://127.0.0.1:080/cb"), .redirectUnknown),
        (with("redirect_uri=http://127.0.0.1:/cb"), .redirectUnknown),
        (with("redirect_uri=http://127.0.0.1:8080/other"), .redirectUnknown),
        (with("redirect_uri=http://127.0.0.1:8080@evil.example/cb"), .redirectUnknown),
        (with("redirect_uri=http://127.0.0.1.evil.example/cb"), .redirectUnknown),
        (with("redirect_uri=http://127.0.0.2:8080/cb"), .redirectUnknown),
        (with("redirect_uri=https://127.0.0.1:8080/cb"), .redirectUnknown),
        (with("redirect_uri=https://wallet.example/cb%0d%0aX:y"), .redirectUnknown),
        (with("response_type"), .responseTypeMissing),
        (with("response_type=token"), .responseTypeUnsupported),
        (with("response_type=code+token"), .responseTypeUnsupported),
        (with("response_type=CODE"), .responseTypeUnsupported),
        (with("code_challenge_method"), .challengeMethodInvalid),
        (with("code_challenge_method=plain"), .challengeMethodInvalid),
        (with("code_challenge_method=s256"), .challengeMethodInvalid),
        (with("code_challenge"), .challengeMissing),
        (with("code_challenge=short"), .challengeInvalid),
        (with("code_challenge=" + String(repeating: "a", count: 42)), .challengeInvalid),
        (with("code_challenge=" + String(repeating: "a", count: 44)), .challengeInvalid),
        (with("code_challenge=" + String(repeating: "a", count: 42) + "%3D"), .challengeInvalid),
        (with("code_challenge=" + String(repeating: "a", count: 42) + "+"), .challengeInvalid),
        (with("scope"), .scopeMissing),
        (with("scope="), .scopeMissing),
        (with("scope=a%22b"), .scopeInvalid),
        (with("scope=a++b"), .scopeInvalid),
        (with("scope=+a"), .scopeInvalid),
        (with("scope=a%0Ab"), .scopeInvalid),
        (with("authorization_details=%7B%7D"), .detailsInvalid),
        (with("authorization_details=%5B%5D"), .detailsInvalid),
        (with("authorization_details=%5B%7B%7D%5D"), .detailsInvalid),
        (with("authorization_details=%5B%7B%22type%22%3A1%7D%5D"), .detailsInvalid),
        (with("authorization_details=nonsense"), .detailsInvalid),
        (with("state=a%0Ab"), .stateInvalid),
        (with("state=%C3%A9"), .stateInvalid),
        (with("state=" + String(repeating: "s", count: 2_049)), .stateInvalid),
        (with("request=eyJhbGciOiJub25lIn0.e30."), .requestObject),
        (pushed + "&request=x", .requestObject),
        (pushed + "&redirect_uri=https://evil.example/cb", .besideRequestURI),
        (pushed + "&redirect_uri=https://wallet.example/cb", .besideRequestURI),
        (pushed + "&response_type=code", .besideRequestURI),
        (pushed + "&scope=badge", .besideRequestURI),
        (pushed + "&code_challenge=x", .besideRequestURI),
        (pushed + "&code_challenge_method=plain", .besideRequestURI),
        (pushed + "&authorization_details=x", .besideRequestURI),
        (pushed.replacing("wallet", with: "stranger"), .clientUnknown),
        ("request_uri=urn:ietf:params:oauth:request_uri:abc", .clientMissing),
        ("client_id=wallet&request_uri=https://evil.example/request.jwt", .requestURIInvalid),
        ("client_id=wallet&request_uri=urn:ietf:params:oauth:request_uri:", .requestURIInvalid),
        ("client_id=wallet&request_uri=urn:example:abc", .requestURIInvalid),
        (pushed + "%0a", .requestURIInvalid),
        (pushed + "%23", .requestURIInvalid),
        (pushed + String(repeating: "a", count: 512), .requestURIInvalid),
        (with("client_id=wallet") + "&client_id=wallet", .repeated),
        (with("client_id=wallet") + "&client%5fid=other", .repeated),
        (with("state=a") + "&state=b", .repeated),
        (with("state=a") + "&state=", .repeated),
        (with("other=a") + "&other=a", .repeated),
        (with("other=a") + "&Other=a", .repeated),
        (with("Redirect_Uri=https://evil.example"), .nameInvalid),
        (with("redirect.uri=https://evil.example"), .nameInvalid),
        (with("redirect-uri=https://evil.example"), .nameInvalid),
        (with("redirect_uri%5B%5D=https://evil.example"), .nameInvalid),
        (with("redirect_uri%00=https://evil.example"), .nameInvalid),
        (with("REQUEST_URI=urn:uuid:1"), .nameInvalid),
        (with("=x"), .nameInvalid),
        (with("state=a;redirect_uri=https://evil.example"), .malformed),
        (with("state=%"), .malformed),
        (with("state=%4"), .malformed),
        (with("state=%zz"), .malformed),
        (with("%=a"), .malformed),
        ((0..<65).map { "p\($0)=" }.joined(separator: "&"), .tooManyParameters),
    ]

    @Test("A request that is not is refused for what is wrong first", arguments: refused)
    func refuses(_ query: String, _ fault: AuthorizationFault) {
        #expect(Self.fault(query) == fault, "\(query)")
    }

    @Test func `every fault is met by one of these requests`() {
        var met = Set(Self.refused.map(\.fault))
        met.formUnion([.bodyUnexpected, .pushedAgain])
        #expect(met == Set(AuthorizationFault.allCases))
    }

    @Test func `a pushed request is whole`() {
        func fault(_ form: String) -> AuthorizationFault? {
            Self.check.fault(in: Array(form.utf8).span, .pushed)
        }
        let good = Self.good.joined(separator: "&")
        #expect(fault(good + "&client_secret=x&client_assertion=a.b.c") == nil)
        #expect(fault(good + "&request_uri=urn:uuid:1") == .pushedAgain)
        #expect(fault(Self.pushed) == .pushedAgain)
        #expect(fault(good + "&request=a.b.c") == .requestObject)
        #expect(fault(Self.with("redirect_uri=javascript:alert(1)")) == .redirectUnknown)
        let last = Self.check.findings(in: Array(Self.pushed.utf8).span, .pushed).last
        #expect(last?.fault == .pushedAgain)
    }

    @Test func `a tenant without clients refuses everybody`() {
        let closed = AuthorizationCheck(clients: [])
        let query = Array(Self.good.joined(separator: "&").utf8)
        #expect(closed.fault(in: query.span) == .clientUnknown)
        #expect(closed.fault(in: Array(Self.pushed.utf8).span) == .clientUnknown)
    }

    @Test func `a client has no other client's redirect URIs`() {
        let query = Self.with("redirect_uri=https://other.example/cb")
        #expect(Self.fault(query) == .redirectUnknown)
        let own = query.replacing("client_id=wallet", with: "client_id=other+wallet")
        #expect(Self.fault(own) == nil)
    }

    @Test func `no query ends the process, however it is cut`() {
        let text = Array((Self.good.joined(separator: "&") + "&a=%41%&=&;&%5B").utf8)
        for start in text.indices {
            for end in stride(from: start, through: text.count, by: 7) {
                let part = Array(text[start..<end])
                let fault = Self.check.fault(in: part.span)
                let last = Self.check.findings(in: part.span).last?.fault
                #expect(fault == last)
            }
        }
    }

    @Test("Words that an answer says are those that RFC 6749 allows")
    func words() {
        for fault in AuthorizationFault.allCases {
            let text = "\(fault.message)"
            let isAllowed = text.unicodeScalars.allSatisfy { scalar in
                (0x20...0x7E).contains(scalar.value) && scalar != "\"" && scalar != "\\"
            }
            #expect(isAllowed, "\(text)")
        }
    }

    @Test func `findings name each check up to the one that fails`() {
        let query = Array(Self.with("code_challenge=short").utf8)
        let findings = Self.check.findings(in: query.span)
        #expect(
            findings.map(\.parameter) == [
                .request, .clientID, .redirectURI, .responseType, .codeChallengeMethod,
                .codeChallenge,
            ]
        )
        #expect(findings.last?.fault == .challengeInvalid)
        #expect(findings[2].value == "https://wallet.example/cb")
    }
}

/// Decides about the authorization requests of one tenant before its issuer sees them.
///
/// A request is either pushed (RFC 9126 section 4), and then says `client_id` and `request_uri`, or
/// whole: `response_type=code`, a client and a redirect URI of the tenant's, PKCE with S256, and
/// `scope` or `authorization_details` (OpenID4VCI 1.0 section 5, HAIP 1.0 section 4). What the
/// issuer makes of a request that passes is its own affair.
public struct AuthorizationCheck: Sendable {
    /// The clients by `client_id`; `nil`: any is taken for one, with any redirect URI that it
    /// could have registered.
    private let clients: [[UInt8]: RegisteredClient]?

    /// The most characters of a `state`.
    static let stateMax = 2_048

    /// The most bytes of a `request_uri`.
    static let requestURIMax = 512

    /// What a `request_uri` of a pushed request begins with.
    ///
    /// That of RFC 9126 section 2.2, and what servers on idpy-oidc give. A URL is never taken: the
    /// issuer would have to fetch it.
    static let requestURIBeginnings = ["urn:ietf:params:oauth:request_uri:", "urn:uuid:"]

    /// Creates the check of a tenant with these clients.
    public init(clients: [RegisteredClient]) {
        self.clients = Dictionary(
            clients.map { (Array($0.identifier.utf8), $0) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    private init() { clients = nil }

    /// The check of no tenant: everything but whose client it is.
    static let ofAnyTenant = AuthorizationCheck()

    /// How a request comes.
    public enum Way: Sendable {
        /// In the query of a browser.
        case asked

        /// In the form of a client (RFC 9126 section 2.1): whole, since a `request_uri` would stand
        /// for what was pushed before.
        case pushed
    }

    /// Why a request goes no further; `nil` when it may.
    ///
    /// - Parameters:
    ///   - text: What stands behind the `?` of its target, empty without one; of a pushed request
    ///     its body.
    ///   - way: Which of the two it is.
    /// - Returns: The first thing that is wrong.
    public func fault(in text: Span<UInt8>, _ way: Way = .asked) -> AuthorizationFault? {
        do throws(AuthorizationFault) {
            let request = try Self.request(text, way)
            for parameter in Self.checked(request) { try check(parameter, of: request) }
            return nil
        } catch {
            return error
        }
    }

    /// Every check of a request in order, up to the first that fails.
    public func findings(in text: Span<UInt8>, _ way: Way = .asked) -> [AuthorizationFinding] {
        var findings: [AuthorizationFinding] = []
        do throws(AuthorizationFault) {
            let request = try Self.request(text, way)
            for parameter in Self.checked(request) {
                var finding = AuthorizationFinding(parameter: parameter)
                finding.value = request[parameter].map { String(decoding: $0, as: UTF8.self) }
                findings.append(finding)
                try check(parameter, of: request)
            }
        } catch {
            if findings.isEmpty { findings.append(AuthorizationFinding(parameter: nil)) }
            findings[findings.count - 1].fault = error
        }
        return findings
    }

    private static func request(
        _ text: Span<UInt8>,
        _ way: Way
    ) throws(AuthorizationFault) -> AuthorizationRequest {
        let request = try AuthorizationRequest(text)
        guard way == .asked || request[.requestURI] == nil else { throw .pushedAgain }
        return request
    }
}

// The checks, in their order.
extension AuthorizationCheck {
    private static func checked(_ request: AuthorizationRequest) -> [AuthorizationParameter] {
        request[.requestURI] == nil
            ? [
                .request, .clientID, .redirectURI, .responseType, .codeChallengeMethod,
                .codeChallenge, .scope, .authorizationDetails, .state,
            ]
            : [.request, .clientID, .requestURI, .state]
    }

    private func check(
        _ parameter: AuthorizationParameter,
        of request: AuthorizationRequest
    ) throws(AuthorizationFault) {
        switch parameter {
        case .request: if request[.request] != nil { throw .requestObject }
        case .clientID: _ = try client(of: request)
        case .requestURI: try Self.checkRequestURI(request)
        case .redirectURI: try checkRedirect(request)
        case .responseType:
            guard let type = request[.responseType] else { throw .responseTypeMissing }
            guard type.elementsEqual("code".utf8) else { throw .responseTypeUnsupported }
        case .codeChallengeMethod:
            let method = request[.codeChallengeMethod] ?? []
            guard method.elementsEqual("S256".utf8) else { throw .challengeMethodInvalid }
        case .codeChallenge:
            guard let challenge = request[.codeChallenge] else { throw .challengeMissing }
            // Base64url of a SHA-256, RFC 7636 section 4.2.
            guard challenge.count == 43, challenge.allSatisfy(Self.isBase64URL) else {
                throw .challengeInvalid
            }
        case .scope: try Self.checkScope(request)
        case .authorizationDetails: try Self.checkDetails(request)
        case .state:
            let state = request[.state] ?? []
            guard state.count <= Self.stateMax, state.allSatisfy({ (0x20...0x7E).contains($0) })
            else { throw .stateInvalid }
        case .resource: break
        }
    }

    /// The client that a request names; `nil` when any is taken for one.
    private func client(
        of request: AuthorizationRequest
    ) throws(AuthorizationFault) -> RegisteredClient? {
        guard let identifier = request[.clientID] else { throw .clientMissing }
        guard let clients else { return nil }
        guard let client = clients[Array(identifier)] else { throw .clientUnknown }
        return client
    }

    private func checkRedirect(_ request: AuthorizationRequest) throws(AuthorizationFault) {
        guard let asked = request[.redirectURI] else { throw .redirectMissing }
        let isKnown =
            if let client = try client(of: request) {
                client.redirects.contains { $0.matches(asked) }
            } else {
                (try? RedirectURI(String(decoding: asked, as: UTF8.self))) != nil
            }
        guard isKnown else { throw .redirectUnknown }
    }

    /// Nothing that a pushed request has said may stand beside it: which of the two counts is not
    /// for the issuer to guess.
    private static func checkRequestURI(
        _ request: AuthorizationRequest
    ) throws(AuthorizationFault) {
        let uri = request[.requestURI] ?? []
        let beginning = requestURIBeginnings.first { uri.starts(with: $0.utf8) }
        guard let beginning, uri.count <= requestURIMax, uri.count > beginning.utf8.count,
            uri.allSatisfy(isURNByte)
        else { throw .requestURIInvalid }
        let pushed: [AuthorizationParameter] = [
            .redirectURI, .responseType, .codeChallengeMethod, .codeChallenge, .scope,
            .authorizationDetails,
        ]
        guard pushed.allSatisfy({ request[$0] == nil }) else { throw .besideRequestURI }
    }

    /// RFC 6749 section 3.3; OpenID4VCI 1.0 section 5.1 lets `authorization_details` say it.
    private static func checkScope(_ request: AuthorizationRequest) throws(AuthorizationFault) {
        guard let scope = request[.scope] else {
            guard request[.authorizationDetails] != nil else { throw .scopeMissing }
            return
        }
        let scopes = scope.split(separator: 0x20, omittingEmptySubsequences: false)
        guard scopes.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isScopeByte) }) else {
            throw .scopeInvalid
        }
    }

    /// RFC 9396 section 2.
    private static func checkDetails(_ request: AuthorizationRequest) throws(AuthorizationFault) {
        guard let text = request[.authorizationDetails] else { return }
        guard let details = try? JSONDocument(Array(text)),
            details.kind(of: details.root) == .array
        else { throw .detailsInvalid }
        var count = 0
        for element in details.elements(of: details.root) {
            guard details.kind(of: element) == .object,
                let type = details.member(Array("type".utf8), of: element),
                details.kind(of: type) == .string
            else { throw .detailsInvalid }
            count += 1
        }
        guard count > 0 else { throw .detailsInvalid }
    }

    private static func isBase64URL(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "-_".utf8.contains(byte)
        }
    }

    private static func isURNByte(_ byte: UInt8) -> Bool {
        isBase64URL(byte) || ".~:".utf8.contains(byte)
    }

    /// `NQCHAR`, RFC 6749 appendix A.
    private static func isScopeByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21, 0x23...0x5B, 0x5D...0x7E: true
        default: false
        }
    }
}

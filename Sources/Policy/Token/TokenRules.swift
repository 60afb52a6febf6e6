/// What one tenant asks of a token: the `tokens` block, read.
public struct TokenRules: Hashable, Sendable {
    /// The `iss` wanted, compared exactly.
    public var issuer: String

    /// The `aud` values wanted; any one suffices.
    public var audiences: [String]

    /// The signature algorithms accepted.
    public var algorithms: Set<SignatureAlgorithm> = Set(SignatureAlgorithm.allCases)

    /// The `typ` values accepted, lower-case and without `application/`.
    public var types: Set<String> = ["at+jwt", "jwt"]

    /// Whether a token without `typ` is accepted.
    public var acceptsMissingType = true

    /// Clock difference forgiven, in seconds.
    public var leewaySeconds: Int64 = 30

    /// The longest `exp` less `iat` (or less now, without `iat`), in seconds.
    public var lifetimeSecondsMax: Int64 = 86_400

    /// Where the roles are: member names, one a step.
    ///
    /// Empty: the token gives no roles.
    public var rolesPath: [String] = []

    /// The roles that each value of the roles claim gives, from the `role ... from` lines.
    ///
    /// Empty: the values themselves are the roles.
    public var roleMapping: [String: [String]] = [:]

    /// Where the client is; `nil` is `client_id`, then `azp`, then `sub`.
    public var clientPath: [String]?

    /// The claim that names the tenant, and its value.
    public var tenantBinding: TenantBinding?

    /// Creates rules with the defaults.
    public init(issuer: String, audiences: [String]) {
        self.issuer = issuer
        self.audiences = audiences
    }

    /// A claim that must have one value for the token to be this tenant's.
    public struct TenantBinding: Hashable, Sendable {
        /// Member names, one a step.
        public var path: [String]

        /// The value wanted.
        public var value: String

        /// Creates a binding.
        public init(path: [String], value: String) {
            self.path = path
            self.value = value
        }
    }
}

/// The signature algorithms of RFC 7518 section 3.1 and RFC 8037 that Postern accepts.
///
/// Symmetric ones and `none` are left out on purpose: they cannot be named, so they cannot be
/// enabled.
public enum SignatureAlgorithm: String, Hashable, Sendable, CaseIterable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case edDSA = "EdDSA"
}

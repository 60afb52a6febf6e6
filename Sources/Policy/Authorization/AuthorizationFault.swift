/// Why an authorization request goes no further: the one table from what is wrong to the
/// parameter, the words and the `error` of RFC 6749 section 4.1.2.1.
public enum AuthorizationFault: UInt8, Error, CaseIterable, Sendable {
    case malformed
    case tooManyParameters
    case nameInvalid
    case repeated
    case bodyUnexpected
    case clientMissing
    case clientUnknown
    case requestObject
    case requestURIInvalid
    case besideRequestURI
    case pushedAgain
    case redirectMissing
    case redirectUnknown
    case responseTypeMissing
    case responseTypeUnsupported
    case challengeMethodInvalid
    case challengeMissing
    case challengeInvalid
    case scopeMissing
    case scopeInvalid
    case detailsInvalid
    case stateInvalid
}

extension AuthorizationFault {
    /// The parameter at fault; `nil` when it is none of those that are looked at.
    public var parameter: AuthorizationParameter? {
        switch self {
        case .malformed, .tooManyParameters, .nameInvalid, .repeated, .bodyUnexpected: nil
        case .clientMissing, .clientUnknown: .clientID
        case .requestObject: .request
        case .requestURIInvalid, .besideRequestURI, .pushedAgain: .requestURI
        case .redirectMissing, .redirectUnknown: .redirectURI
        case .responseTypeMissing, .responseTypeUnsupported: .responseType
        case .challengeMethodInvalid: .codeChallengeMethod
        case .challengeMissing, .challengeInvalid: .codeChallenge
        case .scopeMissing, .scopeInvalid: .scope
        case .detailsInvalid: .authorizationDetails
        case .stateInvalid: .state
        }
    }

    /// The `error` that an answer names, RFC 6749 section 4.1.2.1 and RFC 9396 section 5.
    public var error: StaticString {
        switch self {
        case .clientUnknown: "unauthorized_client"
        case .responseTypeUnsupported: "unsupported_response_type"
        case .scopeInvalid: "invalid_scope"
        case .detailsInvalid: "invalid_authorization_details"
        default: "invalid_request"
        }
    }

    /// What is wrong, without anything that the request says.
    public var message: StaticString {
        switch self {
        case .malformed: "the request is malformed"
        case .tooManyParameters: "the request has more than 64 parameters"
        case .nameInvalid: "the name of a parameter is misspelt or has characters it may not have"
        case .repeated: "a parameter stands twice"
        case .bodyUnexpected: "an authorization request has no body"
        case .clientMissing: "client_id is missing"
        case .clientUnknown: "client_id is no client of this tenant"
        case .requestObject: "a request object is not taken: what it says cannot be checked"
        case .requestURIInvalid: "request_uri is not that of a pushed request"
        case .besideRequestURI: "only client_id and state stand beside request_uri"
        case .pushedAgain: "a pushed request has no request_uri"
        case .redirectMissing: "redirect_uri is missing"
        case .redirectUnknown: "redirect_uri is none of the client's"
        case .responseTypeMissing: "response_type is missing"
        case .responseTypeUnsupported: "response_type is not code"
        case .challengeMethodInvalid: "code_challenge_method is not S256"
        case .challengeMissing: "code_challenge is missing"
        case .challengeInvalid: "code_challenge is not 43 characters of base64url"
        case .scopeMissing: "neither scope nor authorization_details is there"
        case .scopeInvalid: "scope is not a list of scopes"
        case .detailsInvalid: "authorization_details is no JSON array of objects with a type"
        case .stateInvalid: "state has more than 2048 characters or some that are not visible"
        }
    }
}

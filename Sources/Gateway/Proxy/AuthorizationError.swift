import HTTP

/// The error that an authorization server tells a client by a redirect, RFC 6749 section 4.1.2.1.
enum AuthorizationError {
    /// The errors that are known by name: RFC 6749, RFC 8707, RFC 9101, RFC 9396, OpenID Connect Core
    /// section 3.1.2.6, Unmet Authentication Requirements 1.0, OpenID4VP 1.0.
    static let known: [StaticString] = [
        "invalid_request", "unauthorized_client", "access_denied", "unsupported_response_type",
        "invalid_scope", "server_error", "temporarily_unavailable", "interaction_required",
        "login_required", "account_selection_required", "consent_required", "invalid_request_uri",
        "invalid_request_object", "request_not_supported", "request_uri_not_supported",
        "registration_not_supported", "unmet_authentication_requirements", "invalid_target",
        "invalid_client", "invalid_authorization_details", "vp_formats_not_supported",
    ]

    private static let message: StaticString = "the redirect tells the client of an error"

    /// What a `Location` tells the client, in its query or its fragment; `nil` when it is no error.
    ///
    /// Nothing of it but a known name comes into an event: an error of another name is
    /// `authorization-error`.
    static func fault(in location: Span<UInt8>) -> EventOutcome.Fault? {
        var queryStart = location.count
        var queryEnd = location.count
        for index in location.indices {
            if location[index] == UInt8(ascii: "#") {
                queryEnd = index
                break
            }
            if location[index] == UInt8(ascii: "?"), queryStart == location.count {
                queryStart = index + 1
            }
        }
        let query = min(queryStart, queryEnd)..<queryEnd
        return fault(in: location, query)
            ?? fault(in: location, min(queryEnd + 1, location.count)..<location.count)
    }

    private static func fault(
        in location: Span<UInt8>,
        _ range: Range<Int>
    ) -> EventOutcome.Fault? {
        var parameters = QueryParameters(range)
        while let parameter = parameters.next(in: location) {
            guard FormEncoding.equals(location.extracting(parameter.name), "error") else {
                continue
            }
            let value = location.extracting(parameter.value)
            for name in known where FormEncoding.equals(value, name) {
                return EventOutcome.Fault(type: name, message: message)
            }
            return EventOutcome.Fault(type: "authorization-error", message: message)
        }
        return nil
    }
}

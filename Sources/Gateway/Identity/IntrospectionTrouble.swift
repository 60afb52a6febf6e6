/// Why an authorization server could not be asked about a token.
enum IntrospectionTrouble: Error, Hashable, Sendable, CustomStringConvertible {
    /// There was no answer.
    case request(OutboundFailure)

    /// It does not know the gateway, or does not let it ask (RFC 7662 section 2.3): 401 or 403.
    case credentials(status: Int)

    /// An answer with a status that says nothing of the token.
    case status(Int)

    /// An answer that is no JSON object with a boolean `active`.
    case notAnAnswer

    /// For an operator: never what was sent, nor what came back.
    var description: String {
        switch self {
        case .request(let failure): failure.description
        case .credentials(let status): "the server refuses the client id and secret (\(status))"
        case .status(let status): "the server answered with status \(status), wanted 200"
        case .notAnAnswer: "the answer is not a JSON object with a boolean `active`"
        }
    }
}

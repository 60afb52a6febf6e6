/// The header of a proof of possession, RFC 9449 section 4.2, under the closed rules of
/// `HeaderMembers`.
///
/// Unlike in an access token the embedded `jwk` counts. It proves nothing by itself, since anybody
/// can embed a key: it must be the one that the token is bound to.
public struct ProofHeader: Sendable {
    /// The whole header.
    public let document: JSONDocument

    /// The embedded key, not read yet.
    public let key: JSONNode?

    /// The algorithm, or `nil` for one that is not accepted.
    public let algorithm: SignatureAlgorithm?

    /// The type, lower-case and without `application/` in front, RFC 7515 section 4.1.9.
    public let type: [UInt8]?

    /// Reads a decoded header.
    ///
    /// - Throws: `.proof` when it is no JSON object or has a member that is refused.
    public init(_ bytes: [UInt8]) throws(TokenRefusal) {
        guard let members = HeaderMembers(bytes) else { throw .proof }
        document = members.document
        key = members.key
        algorithm = members.algorithm.flatMap { SignatureAlgorithm($0, in: members.document) }
        type = members.type.map { members.document.mediaType(of: $0) }
    }

    /// Whether `typ` says that this is a proof of possession and no other kind of JWT.
    public var isOfProof: Bool { type?.elementsEqual("dpop+jwt".utf8) ?? false }
}

/// The header of a token, RFC 7515 section 4.
///
/// `jku`, `x5u`, `jwk` and `x5c` are not looked at: the key of a token is found in the tenant's own
/// key set or not at all.
public struct TokenHeader: Sendable {
    private let document: JSONDocument
    private let keyIDNode: JSONNode?

    /// The algorithm, or `nil` for one that Postern does not know or does not want.
    public let algorithm: SignatureAlgorithm?

    /// The type, lower-case and without `application/` in front, RFC 7515 section 4.1.9.
    public let type: [UInt8]?

    /// Reads a decoded header.
    ///
    /// - Throws: `.malformed` when it is not a JSON object with string members `alg`, `typ` and
    ///   `kid` (the last two if present), or has a member that is refused, see `HeaderMembers`.
    public init(_ bytes: [UInt8]) throws(TokenRefusal) {
        guard let members = HeaderMembers(bytes), let name = members.algorithm else {
            throw .malformed
        }
        document = members.document
        keyIDNode = members.keyID
        algorithm = SignatureAlgorithm(name, in: members.document)
        type = members.type.map { members.document.mediaType(of: $0) }
    }

    /// Whether the token names its key.
    public var hasKeyID: Bool { keyIDNode != nil }

    /// Whether the token names the key `keyID`.
    public func names(keyID: [UInt8]) -> Bool {
        guard let keyIDNode else { return false }
        return document.equals(keyIDNode, keyID)
    }

    /// The name of the key.
    public var keyID: [UInt8]? { keyIDNode.flatMap { document.string(of: $0) } }

    /// The algorithm as written, for an explanation.
    public var algorithmName: String {
        guard let node = document.member("alg", of: document.root),
            let name = document.string(of: node)
        else { return "" }
        return String(decoding: name, as: UTF8.self)
    }
}

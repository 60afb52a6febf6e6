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

    /// The most members and values of a header.
    private static let nodesMax = 64

    /// Reads a decoded header.
    ///
    /// - Throws: `.malformed` when it is not a JSON object with string members `alg`, `typ` and
    ///   `kid` (the last two if present), or has `crit` or `b64`, none of whose extensions are
    ///   understood here.
    public init(_ bytes: [UInt8]) throws(TokenRefusal) {
        guard let document = try? JSONDocument(bytes, nodesMax: Self.nodesMax) else {
            throw .malformed
        }
        let root = document.root
        guard document.kind(of: root) == .object, document.member("crit", of: root) == nil,
            document.member("b64", of: root) == nil,
            let name = document.member("alg", of: root), document.kind(of: name) == .string
        else { throw .malformed }
        algorithm = SignatureAlgorithm(name, in: document)
        let typeNode = document.member("typ", of: root)
        keyIDNode = document.member("kid", of: root)
        for node in [typeNode, keyIDNode] {
            if let node, document.kind(of: node) != .string { throw .malformed }
        }
        self.document = document
        type = typeNode.flatMap { document.string(of: $0) }.map { Self.normalized($0) }
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

    /// A type in lower case and without `application/` in front.
    private static func normalized(_ written: [UInt8]) -> [UInt8] {
        var type = written
        for index in type.indices where 0x41...0x5A ~= type[index] { type[index] |= 0x20 }
        let prefix = "application/".utf8
        guard type.starts(with: prefix) else { return type }
        return Array(type.dropFirst(prefix.count))
    }

    /// The algorithm as written, for an explanation.
    public var algorithmName: String {
        guard let node = document.member("alg", of: document.root),
            let name = document.string(of: node)
        else { return "" }
        return String(decoding: name, as: UTF8.self)
    }
}

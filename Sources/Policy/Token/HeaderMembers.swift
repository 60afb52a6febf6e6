/// The members of a JOSE header that count, RFC 7515 section 4, found in one pass.
///
/// The rules are closed: a header is refused that has `crit` (no extension is understood here, and
/// an empty list is not allowed), `b64` (RFC 7797, another input of the signature), `zip` or `enc`
/// (it is encrypted), or whose `cty` says that another JWT is inside. What is not named here is not
/// looked at.
struct HeaderMembers {
    let document: JSONDocument
    private(set) var algorithm: JSONNode?
    private(set) var type: JSONNode?
    private(set) var keyID: JSONNode?
    private(set) var key: JSONNode?
    private var contentType: JSONNode?
    private var isRefused = false

    /// The most members and values of a header.
    private static let nodesMax = 64

    /// Reads a decoded header; `nil` when it is not accepted.
    init?(_ bytes: [UInt8]) {
        guard let document = try? JSONDocument(bytes, nodesMax: Self.nodesMax),
            document.kind(of: document.root) == .object
        else { return nil }
        self.document = document
        document.forEachMember(of: document.root) { name, value in
            take(name, value)
        }
        guard !isRefused, let algorithm, document.kind(of: algorithm) == .string,
            isStringOrAbsent(type), isStringOrAbsent(keyID), isStringOrAbsent(contentType)
        else { return nil }
        if let contentType, document.mediaType(of: contentType).elementsEqual("jwt".utf8) {
            return nil
        }
    }

    @inline(__always)
    private mutating func take(_ name: JSONNode, _ value: JSONNode) {
        switch document.threeLetters(name) {
        case JSONDocument.letters("alg"): algorithm = value
        case JSONDocument.letters("typ"): type = value
        case JSONDocument.letters("kid"): keyID = value
        case JSONDocument.letters("jwk"): key = value
        case JSONDocument.letters("cty"): contentType = value
        case JSONDocument.letters("b64"), JSONDocument.letters("zip"),
            JSONDocument.letters("enc"):
            isRefused = true
        case 0: if document.equals(name, "crit") { isRefused = true }
        default: break
        }
    }

    private func isStringOrAbsent(_ node: JSONNode?) -> Bool {
        guard let node else { return true }
        return document.kind(of: node) == .string
    }
}

extension JSONDocument {
    /// A media type in lower case and without `application/` in front, RFC 7515 section 4.1.9.
    func mediaType(of node: JSONNode) -> [UInt8] {
        if equals(node, "at+jwt") { return accessTokenType }
        if equals(node, "JWT") { return plainType }
        var type = string(of: node) ?? []
        for index in type.indices where 0x41...0x5A ~= type[index] { type[index] |= 0x20 }
        let prefix = "application/".utf8
        guard type.starts(with: prefix) else { return type }
        return Array(type.dropFirst(prefix.count))
    }
}

/// `at+jwt`, which most tokens are of.
private let accessTokenType: [UInt8] = [0x61, 0x74, 0x2B, 0x6A, 0x77, 0x74]

/// `jwt`, which the others are of.
private let plainType: [UInt8] = [0x6A, 0x77, 0x74]

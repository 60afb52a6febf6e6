import Policy

/// The body of `POST` and `DELETE /revocations`.
struct RevocationOrder {
    /// What is to be revoked or taken back; at least one entry.
    let revocations: [Revocation]

    /// The most bytes of a body.
    static let bytesMax = 1_048_576

    /// Why a body is refused.
    enum Fault: Error, Hashable {
        /// It is not what the documentation describes; the words say in what.
        case malformed(String)
        case unknownTenant(String)
    }

    /// The members and the claims that their values are compared with.
    private static let members: [String: Revocation.Kind] = [
        "token": .token, "tokens": .token, "jti": .token, "token_id": .token, "tokenId": .token,
        "subject": .subject, "subjects": .subject, "sub": .subject,
        "client": .client, "clients": .client, "client_id": .client, "clientId": .client,
    ]

    /// Reads lines as in a `revoked` file.
    init(text bytes: [UInt8]) throws(Fault) {
        var text: RevocationText
        do throws(RevocationText.Fault) {
            text = try RevocationText(bytes)
        } catch { throw .malformed("the body has \(error)") }
        var found: [Revocation] = []
        while let entry = text.next() {
            let kind: Revocation.Kind =
                switch entry.kinds {
                case _ where entry.whole != nil: .line
                case .token: .token
                case .subject: .subject
                case .client: .client
                default: .line
                }
            let value = Array(bytes[entry.whole ?? entry.value])
            found.append(Revocation(kind, tenant: nil, value: value))
        }
        guard !found.isEmpty else { throw .malformed("the body names nothing") }
        revocations = found
    }

    /// Reads a JSON object.
    ///
    /// - Parameters:
    ///   - bytes: The body.
    ///   - tenants: The names of the tenants that there are.
    /// - Throws: What is wrong with it.
    init(json bytes: [UInt8], tenants: [String]) throws(Fault) {
        let document: JSONDocument
        do throws(JSONFailure) {
            document = try JSONDocument(bytes, nodesMax: Self.bytesMax / 2)
        } catch { throw .malformed("\(error)") }
        guard document.kind(of: document.root) == .object else {
            throw .malformed("the body is no JSON object")
        }
        var tenant: String?
        var values: [(kind: Revocation.Kind, value: [UInt8])] = []
        for (name, value) in document.members(of: document.root) {
            let name = String(decoding: document.string(of: name) ?? [], as: UTF8.self)
            if name == "tenant" {
                tenant = try Self.tenant(document.string(of: value), among: tenants)
            } else if let kind = Self.members[name] {
                for text in try Self.strings(document, value, name) { values.append((kind, text)) }
            } else {
                throw Self.unknown(name)
            }
        }
        guard !values.isEmpty else {
            throw .malformed("the body names no token, subject or client")
        }
        revocations = values.map { Revocation($0.kind, tenant: tenant, value: $0.value) }
    }

    private static func tenant(
        _ name: [UInt8]?,
        among tenants: [String]
    ) throws(Fault) -> String {
        guard let name else { throw .malformed("`tenant` is no string") }
        let text = String(decoding: name, as: UTF8.self)
        guard tenants.contains(text) else {
            let nearest = NearestWord.of(text, among: tenants).map { ", perhaps `\($0)`" } ?? ""
            throw .unknownTenant("there is no tenant `\(Word.presentable(text))`" + nearest)
        }
        return text
    }

    private static func strings(
        _ document: JSONDocument,
        _ value: JSONNode,
        _ name: String
    ) throws(Fault) -> [[UInt8]] {
        let isArray = document.kind(of: value) == .array
        var strings: [[UInt8]] = []
        for node in isArray ? Array(document.elements(of: value)) : [value] {
            guard let text = document.string(of: node) else {
                throw .malformed("`\(name)` is neither a string nor an array of strings")
            }
            guard !text.isEmpty else { throw .malformed("`\(name)` has an empty value") }
            strings.append(text)
        }
        return strings
    }

    private static func unknown(_ name: String) -> Fault {
        let known = members.keys.sorted() + ["tenant"]
        let nearest = NearestWord.of(name, among: known).map { ", perhaps `\($0)`" } ?? ""
        return .malformed("unknown member `\(Word.presentable(name))`" + nearest)
    }
}

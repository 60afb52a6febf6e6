/// The claims of a token, RFC 7519 section 4, as read; nothing is checked but the JSON.
public struct Claims: Sendable {
    /// All of them.
    public let document: JSONDocument

    /// Where the known ones are.
    private let places: ClaimPlaces

    /// What the token's header says it is, lower-case and without `application/`.
    let type: [UInt8]?

    /// The most members and values.
    private static let nodesMax = 4_096

    /// Reads decoded claims.
    ///
    /// - Parameters:
    ///   - bytes: The JSON.
    ///   - type: The type in the token's header.
    /// - Throws: `.malformed` when it is not a JSON object.
    public init(_ bytes: [UInt8], type: [UInt8]? = nil) throws(TokenRefusal) {
        guard let document = try? JSONDocument(bytes, nodesMax: Self.nodesMax),
            document.kind(of: document.root) == .object
        else { throw .malformed }
        self.document = document
        self.type = type
        places = ClaimPlaces(document)
    }

    /// The value of a claim, or `nil`.
    @inline(__always)
    subscript(claim: KnownClaim) -> JSONNode? { places[claim] }

    /// Whether there is a claim that only other kinds of JWT have.
    var areOfOtherKind: Bool { places.areOfOtherKind }

    /// A date, or `nil` when there is none.
    ///
    /// - Throws: `.malformed` when the claim is not a number.
    func date(_ claim: KnownClaim) throws(TokenRefusal) -> NumericDate? {
        guard let node = places[claim] else { return nil }
        guard let date = document.date(of: node) else { throw .malformed }
        return date
    }

    /// What a string claim says; empty when there is none.
    ///
    /// - Throws: `.malformed` when the claim is not a string.
    func text(of claim: KnownClaim) throws(TokenRefusal) -> [UInt8] {
        guard let node = places[claim] else { return [] }
        guard let text = document.string(of: node) else { throw .malformed }
        return text
    }

    /// What a string claim says, or `nil` when there is no such claim or it is empty.
    ///
    /// - Throws: `.malformed` when the claim cannot stand in a header field.
    func name(at node: JSONNode?) throws(TokenRefusal) -> [UInt8]? {
        guard let node else { return nil }
        guard let text = document.string(of: node), HeaderText.isSafe(text.span) else {
            throw .malformed
        }
        return text.isEmpty ? nil : text
    }
}

/// Text that can stand in a header field value as it is, RFC 9110 section 5.5.
enum HeaderText {
    /// Whether all characters are printable ASCII, and neither the first nor the last a space.
    static func isSafe(_ text: Span<UInt8>) -> Bool {
        if text.isEmpty { return true }
        for index in text.indices where !(0x20...0x7E ~= text[index]) { return false }
        return text[0] != 0x20 && text[text.count - 1] != 0x20
    }
}

/// Where the three parts of a compact JWS are, RFC 7515 section 7.1.
///
/// The last part may be empty here, as in an unsecured JWS: its algorithm is refused next, and an
/// empty signature under any other one is refused as malformed by who decodes it.
public struct CompactToken: Hashable, Sendable {
    private let headerEnd: Int
    private let claimsEnd: Int
    private let count: Int

    /// Finds the parts.
    ///
    /// - Parameters:
    ///   - token: The token as it came.
    ///   - bytesMax: The most bytes of a token.
    /// - Throws: `.malformed` unless there are three parts of base64url characters, the first two
    ///   not empty, in at most `bytesMax` bytes.
    public init(_ token: Span<UInt8>, bytesMax: Int) throws(TokenRefusal) {
        guard token.count <= bytesMax else { throw .malformed }
        var dots = 0
        var first = 0
        var second = 0
        for index in token.indices {
            let byte = token[index]
            if Base64URL.isCharacter(byte) { continue }
            guard byte == UInt8(ascii: "."), dots < 2 else { throw .malformed }
            if dots == 0 { first = index } else { second = index }
            dots += 1
        }
        guard dots == 2, first > 0, second > first + 1 else { throw .malformed }
        headerEnd = first
        claimsEnd = second
        count = token.count
    }

    /// The encoded header.
    public var header: Range<Int> { 0..<headerEnd }

    /// The encoded claims.
    public var claims: Range<Int> { headerEnd + 1..<claimsEnd }

    /// The encoded signature.
    public var signature: Range<Int> { claimsEnd + 1..<count }

    /// What is signed: header and claims with the dot between them.
    public var signingInput: Range<Int> { 0..<claimsEnd }
}

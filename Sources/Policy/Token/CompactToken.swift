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
        let first = Self.dot(in: token, from: 0)
        let second = Self.dot(in: token, from: first + 1)
        guard first > 0, second > first + 1, second < token.count,
            Base64URL.isMadeOfCharacters(token.extracting(0..<first)),
            Base64URL.isMadeOfCharacters(token.extracting(first + 1..<second)),
            Base64URL.isMadeOfCharacters(token.extracting(second + 1..<token.count))
        else { throw .malformed }
        headerEnd = first
        claimsEnd = second
        count = token.count
    }

    /// Where the next dot is, or the end.
    @inline(__always)
    private static func dot(in token: Span<UInt8>, from start: Int) -> Int {
        var offset = start
        while offset &+ 8 <= token.count {
            let dots = ByteWord(token, at: offset).equal(to: UInt8(ascii: "."))
            offset &+= ByteWord.first(dots)
            if dots != 0 { return offset }
        }
        while offset < token.count, token[offset] != UInt8(ascii: ".") { offset &+= 1 }
        return min(offset, token.count)
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

/// A SHA-256 digest that names a key (RFC 7638) or a certificate (RFC 8705 section 3.1).
public struct Thumbprint: Hashable, Sendable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Takes a digest of 32 bytes; `nil` for any other length.
    public init?(digest: Span<UInt8>) {
        guard digest.count == 32 else { return nil }
        words = (
            Self.word(digest, at: 0), Self.word(digest, at: 8), Self.word(digest, at: 16),
            Self.word(digest, at: 24)
        )
    }

    /// Reads base64url without padding; `nil` unless it stands for 32 bytes.
    public init?(base64URL: Span<UInt8>) {
        guard base64URL.count == 43, let digest = Base64URL.decode(base64URL) else { return nil }
        self.init(digest: digest.span)
    }

    private static func word(_ digest: Span<UInt8>, at start: Int) -> UInt64 {
        var word: UInt64 = 0
        for index in start..<start + 8 { word = word << 8 | UInt64(digest[index]) }
        return word
    }

    /// Whether two digests are the same; how much of them agrees does not show in the time.
    public static func == (left: Thumbprint, right: Thumbprint) -> Bool {
        let (a, b) = (left.words, right.words)
        return (a.0 ^ b.0) | (a.1 ^ b.1) | (a.2 ^ b.2) | (a.3 ^ b.3) == 0
    }

    /// The digest, 32 bytes.
    public var bytes: [UInt8] {
        [words.0, words.1, words.2, words.3].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) }
        }
    }

    /// The digest in base64url.
    public var text: String { Base64URL.encode(bytes) }

    /// Feeds half of the digest, which is enough to tell digests apart.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.3)
    }
}

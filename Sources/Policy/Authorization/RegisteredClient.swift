/// A client of one tenant: who may ask its authorization endpoint, and where the answers go.
public struct RegisteredClient: Sendable {
    /// The `client_id`.
    public let identifier: String

    /// Where browsers may be sent; at least one.
    public let redirects: [RedirectURI]

    /// The most bytes of a `client_id`.
    public static let identifierBytesMax = 512

    /// The most redirect URIs of one client.
    public static let redirectsMax = 64

    /// Creates a client.
    public init(identifier: String, redirects: [RedirectURI]) {
        self.identifier = identifier
        self.redirects = redirects
    }

    /// Whether `text` can be a `client_id`: visible ASCII and spaces, RFC 6749 appendix A.1.
    public static func isIdentifier(_ text: String) -> Bool {
        (1...identifierBytesMax).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }
}

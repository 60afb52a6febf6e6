import Policy

/// A token that says nothing by itself.
enum OpaqueToken {
    /// Whether it follows the grammar of RFC 6750 section 2.1: characters, then any number of `=`.
    static func isWellFormed(_ token: Span<UInt8>) -> Bool {
        var end = token.count
        while end > 0, token[end - 1] == UInt8(ascii: "=") { end -= 1 }
        guard end > 0 else { return false }
        for index in 0..<end where !isCharacter(token[index]) { return false }
        return true
    }

    private static func isCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"),
            UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}

extension TenantIdentity {
    /// Whether the authorization server has to be asked about a token: always when the tenant has
    /// no keys to check it with, else when it does not have the shape of a signed JWT.
    func isOpaque(_ token: Span<UInt8>) -> Bool {
        guard standing.source != .none else { return true }
        return (try? CompactToken(token, bytesMax: tokenBytesMax)) == nil
    }
}

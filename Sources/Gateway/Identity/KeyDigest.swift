import COpenSSL

/// SHA-256 of what keys, and answers about tokens, are told apart by.
enum KeyDigest {
    /// All 32 bytes.
    static func bytes(_ text: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        let isMade = unsafe EVP_Digest(text, text.count, &digest, nil, EVP_sha256(), nil)
        precondition(isMade == 1, "no digest")
        return digest
    }

    /// The first eight bytes.
    static func word(_ text: [UInt8]) -> UInt64 {
        bytes(text).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// All of it in lower-case hexadecimal digits.
    static func text(_ text: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes(text).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}

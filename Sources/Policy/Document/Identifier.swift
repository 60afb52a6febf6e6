/// The names that a policy gives to its own things.
enum Identifier {
    /// Whether `name` is a letter or `_`, then letters, digits, `_`, `-` and `.`, all ASCII.
    static func isValid(_ name: String) -> Bool {
        guard let first = name.utf8.first, isLetter(first) else { return false }
        return name.utf8.allSatisfy { byte in
            isLetter(byte) || (0x30...0x39).contains(byte) || "-.".utf8.contains(byte)
        }
    }

    /// Whether `name` is an upper-case letter, then upper-case letters, digits and `_`.
    static func isEventFamily(_ name: String) -> Bool {
        guard let first = name.utf8.first, (0x41...0x5A).contains(first) else { return false }
        return name.utf8.allSatisfy { byte in
            (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5F
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
    }
}

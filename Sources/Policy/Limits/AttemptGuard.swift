/// How often a transaction code may be wrong for one pre-authorized code, OpenID4VCI section 13.6.3.
public struct AttemptGuard: Hashable, Sendable {
    /// The most attempts that fail.
    public static let attemptsRange = 1...100

    /// The names under which drafts and versions of OpenID4VCI send a transaction code.
    public static let transactionCodes: [[UInt8]] = ["tx_code", "transaction_code", "user_pin"]
        .map { Array($0.utf8) }

    /// The attempts that may fail.
    public let attemptsMax: Int

    /// The form field whose value they are counted by.
    public let field: [UInt8]

    /// Whether a parameter of this name belongs in the form, where the guard looks, and nowhere else.
    public func wantsInForm(_ name: [UInt8]) -> Bool {
        isLookedFor(name) || isMisspelt(name)
    }

    /// Whether some issuer may take a name for one that the guard looks for, which does not find it.
    ///
    /// Names that differ in capitals and in `-`, `_` and `.` only are the same to some.
    func isMisspelt(_ name: [UInt8]) -> Bool {
        guard !isLookedFor(name) else { return false }
        let folded = Self.folded(name)
        return (Self.transactionCodes + [field]).contains { Self.folded($0) == folded }
    }

    private func isLookedFor(_ name: [UInt8]) -> Bool {
        name == field || Self.transactionCodes.contains(name)
    }

    private static func folded(_ name: [UInt8]) -> [UInt8] {
        name.filter { !"-_.".utf8.contains($0) }
            .map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }
}

extension AttemptGuard: CustomStringConvertible {
    /// The line as it could be written, without its keyword.
    public var description: String {
        "attempts \(attemptsMax) by form \(String(decoding: field, as: UTF8.self))"
    }
}

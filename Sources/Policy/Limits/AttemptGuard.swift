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
        name == field || Self.transactionCodes.contains(name)
    }
}

extension AttemptGuard: CustomStringConvertible {
    /// The line as it could be written, without its keyword.
    public var description: String {
        "attempts \(attemptsMax) by form \(String(decoding: field, as: UTF8.self))"
    }
}

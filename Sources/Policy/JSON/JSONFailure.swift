/// Why a text is not the JSON that is accepted here.
public struct JSONFailure: Error, Hashable, Sendable {
    /// What is wrong.
    public let reason: Reason

    /// The offset of the byte at which it was found.
    public let offset: Int

    /// The kinds of fault.
    public enum Reason: Hashable, Sendable {
        /// The text ends inside a value.
        case truncated

        /// A byte is not allowed where it stands.
        case unexpectedByte

        /// Something other than white space follows the value.
        case trailingBytes

        /// An unknown escape, or half of a surrogate pair.
        case badEscape

        /// Bytes that are not well-formed UTF-8.
        case badUTF8

        /// An object names a member twice.
        case repeatedMember

        /// More than `JSONDocument.depthMax` containers inside each other.
        case tooDeep

        /// More values than the caller allows.
        case tooManyNodes

        /// A text of 256 MB or more.
        case tooLarge
    }
}

extension JSONFailure: CustomStringConvertible {
    /// What is wrong and where, without quoting the text.
    public var description: String { "\(reason.words) at byte \(offset)" }
}

extension JSONFailure.Reason {
    var words: String {
        switch self {
        case .truncated: "the JSON text ends too early"
        case .unexpectedByte: "unexpected byte in JSON"
        case .trailingBytes: "bytes after the JSON value"
        case .badEscape: "wrong escape in a JSON string"
        case .badUTF8: "a JSON string is not UTF-8"
        case .repeatedMember: "a JSON member is named twice"
        case .tooDeep: "JSON is nested too deeply"
        case .tooManyNodes: "JSON has too many values"
        case .tooLarge: "the JSON text is too large"
        }
    }
}

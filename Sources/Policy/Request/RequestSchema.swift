/// What the query and the body of a route's requests must be.
public struct RequestSchema: Sendable {
    /// The declared parameters of the query.
    let query: [ParameterRule]

    /// What is asked of the body.
    public let body: BodyRule

    /// The most declared parameters of a query, or fields of a form.
    static let parametersMax = 64

    /// Whether any parameter of the query is declared.
    public var hasQuery: Bool { !query.isEmpty }
}

/// A parameter of a query, or a field of a form.
struct ParameterRule: Sendable {
    let name: [UInt8]
    let isRequired: Bool
    let value: ValueRule
}

/// What is asked of a body.
public struct BodyRule: Sendable {
    /// What a body must be.
    public enum Kind: Hashable, Sendable {
        /// Anything, and nothing of it is looked at.
        case unchecked

        /// There must be none.
        case none

        /// One JSON text, RFC 8259.
        case json

        /// `application/x-www-form-urlencoded`.
        case form
    }

    /// What a body must be.
    public let kind: Kind

    /// The media types taken, lower-case, without parameters.
    public let mediaTypes: [[UInt8]]

    /// The most bytes; `nil`: what the configuration allows.
    public let bytesMax: Int?

    /// The declared fields.
    let fields: [FieldRule]

    /// The most bytes of a body that is looked at, which is kept whole until it was.
    public static let checkedBytesMax = 1_048_576

    /// Whether the body has to be there whole before the request goes on.
    public var wantsWhole: Bool { kind == .json || kind == .form }
}

/// A member of a JSON object, or a field of a form.
struct FieldRule: Sendable {
    let name: [UInt8]
    let isRequired: Bool
    let value: ValueRule

    /// The members of the object, or of each object of the array.
    let fields: [FieldRule]
}

/// One thing that is wrong with a request, for the `details` of the answer.
public struct RequestFault: Equatable, Sendable {
    /// Where a faulty value stands.
    public enum Location: String, Sendable {
        case path
        case query
        case body
        case header
    }

    /// The parameter, or the way to a member such as `credentials[0].profileId`.
    public let parameter: String

    /// Where it stands.
    public let location: Location

    /// What is wrong, without the value.
    public let message: String

    /// The value, where it may be repeated; never that of a body.
    public let value: [UInt8]

    /// Whether the policy declares the parameter, so that its name is none that a client made up.
    public private(set) var isDeclared = true

    /// The most faults that one answer names.
    public static let countMax = 32

    /// Creates a fault.
    public init(
        _ parameter: String,
        in location: Location,
        message: String = "Invalid value",
        value: [UInt8] = []
    ) {
        self.parameter = parameter
        self.location = location
        self.message = message
        self.value = value
    }

    /// A value that is not what the policy wants.
    static func invalid(
        _ parameter: String,
        in location: Location,
        _ rule: ValueRule,
        value: [UInt8] = []
    ) -> RequestFault {
        let message = "Invalid value, wanted " + rule.words
        return RequestFault(parameter, in: location, message: message, value: value)
    }

    /// A value that is missing.
    static func missing(_ parameter: String, in location: Location) -> RequestFault {
        RequestFault(parameter, in: location, message: "Invalid value, it is required")
    }

    /// A parameter that stands twice, RFC 6749 section 3.1.
    static func repeated(_ parameter: String, in location: Location) -> RequestFault {
        RequestFault(parameter, in: location, message: "Invalid value, it stands twice")
    }

    /// What is wrong with a parameter that nobody declared.
    static func undeclared(
        _ parameter: String,
        in location: Location,
        _ message: String
    ) -> RequestFault {
        var fault = RequestFault(parameter, in: location, message: message)
        fault.isDeclared = false
        return fault
    }

    /// A path parameter whose value, part of `path`, is not of its type.
    public init(_ fault: ParameterFault, in path: Span<UInt8>) {
        let isShown = !SensitiveNames.contain(Array(fault.name.utf8).span)
        self.init(
            fault.name,
            in: .path,
            value: isShown ? path.extracting(fault.value).copied : []
        )
    }
}

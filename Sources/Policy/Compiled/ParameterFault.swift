/// A path parameter whose value is not of the type that the template asks for.
public struct ParameterFault: Equatable, Sendable {
    /// The parameter's name in the template.
    public let name: String

    /// Where in the path the value stands.
    public let value: Range<Int>

    /// The type wanted.
    public let expected: ParameterType
}

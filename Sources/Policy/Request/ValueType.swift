/// What a value of a query, a form or a JSON body can be.
indirect enum ValueType: Hashable, Sendable {
    /// Text of a form that path parameters know too; in JSON a string, for `int` a number.
    case text(ParameterType)

    /// Any number of RFC 8259 section 6.
    case number

    /// `true` or `false`.
    case boolean

    /// A JSON object.
    case object

    /// A JSON array whose elements are all of one type.
    case array(of: ValueType)

    /// Whatever there is, but null.
    case any

    /// The type as a policy writes it.
    var name: String {
        switch self {
        case .text(let type): type.rawValue
        case .number: "number"
        case .boolean: "boolean"
        case .object: "object"
        case .array(let element): "array of \(element.name)"
        case .any: "any"
        }
    }

    /// The words that name a type, `array` apart.
    static let names =
        ParameterType.allCases.map(\.rawValue) + ["number", "boolean", "object", "any"]

    /// The type of one word, `nil` for an unknown one.
    init?(name: String) {
        switch name {
        case "number": self = .number
        case "boolean": self = .boolean
        case "object": self = .object
        case "any": self = .any
        default:
            guard let type = ParameterType(rawValue: name) else { return nil }
            self = .text(type)
        }
    }

    /// The type of an element, of an array; else the type itself.
    var innermost: ValueType {
        if case .array(let element) = self { element.innermost } else { self }
    }
}

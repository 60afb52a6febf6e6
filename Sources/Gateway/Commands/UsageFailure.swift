/// Why a command line cannot be run.
enum UsageFailure: Error, Hashable, Sendable {
    case unknownCommand(String, nearest: String?)
    case unknownOption(String, nearest: String?)
    case missingOption(String)
    case repeatedOption(String)
    case missingValue(option: String)
    case unwantedValue(option: String)
    case missingOperand(String)
    case unwantedOperand(String)

    /// The value of an option does not read as what is `wanted`.
    case badValue(option: String, value: String, wanted: String)

    /// The value of an option does not read as what is `wanted`, and is not for showing.
    case unreadableValue(option: String, wanted: String)

    /// Options that cannot stand together.
    case conflict(String, String)
}

extension UsageFailure: CustomStringConvertible {
    var description: String {
        switch self {
        case .unknownCommand(let word, let nearest):
            "unknown command `\(word)`" + Self.suggestion(nearest)
        case .unknownOption(let word, let nearest):
            "unknown option `\(word)`" + Self.suggestion(nearest)
        case .missingOption(let option): "`\(option)` is missing"
        case .repeatedOption(let option): "`\(option)` stands twice"
        case .missingValue(let option): "`\(option)` needs a value"
        case .unwantedValue(let option): "`\(option)` takes no value"
        case .missingOperand(let name): "\(name) is missing"
        case .unwantedOperand(let word): "one argument too many: `\(word)`"
        case .badValue(let option, let value, let wanted):
            "`\(option)` is `\(value)`, wanted \(wanted)"
        case .unreadableValue(let option, let wanted): "`\(option)` wants \(wanted)"
        case .conflict(let one, let other): "`\(one)` and `\(other)` cannot stand together"
        }
    }

    private static func suggestion(_ word: String?) -> String {
        guard let word else { return "" }
        return ", did you mean `\(word)`?"
    }
}

/// One keyword that a block may hold: how it is written, how often, and what it does to `Target`.
public struct StatementRule<Target>: Sendable {
    /// Takes in one statement that has been checked against the rule.
    public typealias Read = @Sendable (inout Target, Statement, inout StatementReader) -> Void

    /// How often a statement may stand in its block.
    public enum Occurrence: Sendable {
        /// Never or once.
        case once

        /// Exactly once.
        case required

        /// Any number of times.
        case repeatable

        /// Once or more.
        case requiredRepeatable
    }

    /// Whether a statement has a block.
    public enum Block: Sendable {
        /// It must not have one.
        case none

        /// It may have one.
        case optional

        /// It must have one.
        case required
    }

    /// The first word of the statement.
    public let keyword: String

    /// How the statement is written, such as `certificate CHAIN KEY`.
    public let usage: String

    let argumentsMin: Int

    /// `nil` when there is no end to them.
    let argumentsMax: Int?

    let occurrence: Occurrence
    let block: Block
    let read: Read

    /// Creates a rule.
    ///
    /// - Parameters:
    ///   - usage: The keyword and one word an argument: `NAME` is one, `NAME...` one or more,
    ///     `[NAME]` one or none, `[NAME...]` any number; `[word NAME]` may be left out at the end.
    ///   - occurrence: How often it may stand.
    ///   - block: Whether it has a block.
    ///   - read: Takes the statement in. It has as many arguments as it should, faulty ones in place
    ///     of missing ones, and its block when it must have one.
    public init(
        _ usage: String,
        _ occurrence: Occurrence = .once,
        block: Block = .none,
        read: @escaping Read
    ) {
        let words = usage.split(separator: " ")
        precondition(!words.isEmpty)
        keyword = String(words[0])
        self.usage = usage
        argumentsMin = Self.wanted(words.dropFirst())
        argumentsMax = usage.contains("...") ? nil : words.count - 1
        self.occurrence = occurrence
        self.block = block
        self.read = read
    }

    /// How many words of a usage stand in no brackets.
    private static func wanted(_ words: ArraySlice<Substring>) -> Int {
        var isOptional = false
        var count = 0
        for word in words {
            if word.hasPrefix("[") { isOptional = true }
            if !isOptional { count += 1 }
            if word.hasSuffix("]") { isOptional = false }
        }
        return count
    }

    var isRepeatable: Bool {
        switch occurrence {
        case .repeatable, .requiredRepeatable: true
        case .once, .required: false
        }
    }

    var isRequired: Bool {
        switch occurrence {
        case .required, .requiredRepeatable: true
        case .once, .repeatable: false
        }
    }

    /// The usage as it would stand in a file, with the `{` of its block.
    var example: String {
        switch block {
        case .required: usage + " {"
        case .none, .optional: usage
        }
    }
}

// Statements with one value that goes into one property.
extension StatementRule {
    /// Makes the rule of `KEYWORD VALUE` from a reader of one word.
    private static func value<Value>(
        _ usage: String,
        _ property: any WritableKeyPath<Target, Value> & Sendable,
        _ read: @escaping @Sendable (Word, inout StatementReader) -> Value?
    ) -> StatementRule {
        StatementRule(usage) { target, statement, reader in
            if let value = read(statement.words[1], &reader) { target[keyPath: property] = value }
        }
    }

    /// A duration, kept in milliseconds.
    public static func milliseconds(
        _ keyword: String,
        _ property: any WritableKeyPath<Target, Int> & Sendable,
        in range: ClosedRange<Int>
    ) -> StatementRule {
        value(keyword + " DURATION", property) { $1.milliseconds($0, in: range) }
    }

    /// A duration of whole seconds, kept in seconds.
    public static func seconds(
        _ keyword: String,
        _ property: any WritableKeyPath<Target, Int> & Sendable,
        in range: ClosedRange<Int>
    ) -> StatementRule {
        value(keyword + " DURATION", property) { $1.seconds($0, in: range) }
    }

    /// A size, kept in bytes.
    public static func bytes(
        _ keyword: String,
        _ property: any WritableKeyPath<Target, Int> & Sendable,
        in range: ClosedRange<Int>
    ) -> StatementRule {
        value(keyword + " SIZE", property) { $1.bytes($0, in: range) }
    }

    /// A whole number.
    public static func integer(
        _ keyword: String,
        _ property: any WritableKeyPath<Target, Int> & Sendable,
        in range: ClosedRange<Int>
    ) -> StatementRule {
        value(keyword + " NUMBER", property) { $1.integer($0, in: range) }
    }

    /// `on` or `off`.
    public static func toggle(
        _ keyword: String,
        _ property: any WritableKeyPath<Target, Bool> & Sendable
    ) -> StatementRule {
        value(keyword + " on|off", property) { $1.isOn($0) }
    }

    /// One of several words.
    public static func choice<Value: Sendable>(
        _ keyword: String,
        _ property: any WritableKeyPath<Target, Value> & Sendable,
        _ choices: KeyValuePairs<String, Value>
    ) -> StatementRule {
        let names = choices.map(\.key).joined(separator: "|")
        return value(keyword + " " + names, property) { $1.choice($0, choices) }
    }
}

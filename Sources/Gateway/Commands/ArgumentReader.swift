import Policy

/// What one subcommand takes, and the reading of it.
///
/// `--name value` and `--name=value` are the same; `--` ends the options. An option that is not
/// declared is refused with the nearest declared one.
struct ArgumentReader: Sendable {
    /// Options that take a value, such as `--config`.
    var valued: [String] = []

    /// Options that take none, such as `--follow`.
    var flags: [String] = []

    /// Options of `valued` that must be there.
    var required: [String] = []

    /// What the other arguments are called, in order; all of them must be there.
    var operands: [String] = []

    /// Reads the arguments after the subcommand.
    func read(_ arguments: [String]) throws(UsageFailure) -> Arguments {
        var read = Arguments()
        var rest = arguments[...]
        var endedOptions = false
        while let argument = rest.popFirst() {
            if !endedOptions && argument == "--" {
                endedOptions = true
            } else if !endedOptions && argument.hasPrefix("-") && argument.count > 1 {
                try readOption(argument, rest: &rest, into: &read)
            } else {
                read.operands.append(argument)
            }
        }
        try check(read)
        return read
    }

    private func readOption(
        _ argument: String,
        rest: inout ArraySlice<String>,
        into read: inout Arguments
    ) throws(UsageFailure) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        if flags.contains(name) {
            guard parts.count == 1 else { throw .unwantedValue(option: name) }
            read.flags.insert(name)
            return
        }
        guard valued.contains(name) else {
            let known = (valued + flags + ["--help"]).sorted()
            throw .unknownOption(name, nearest: NearestWord.of(name, among: known))
        }
        guard read.values[name] == nil else { throw .repeatedOption(name) }
        guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
            throw .missingValue(option: name)
        }
        read.values[name] = value
    }

    private func check(_ read: Arguments) throws(UsageFailure) {
        for option in required where read.values[option] == nil {
            throw .missingOption(option)
        }
        if read.operands.count < operands.count {
            throw .missingOperand(operands[read.operands.count])
        }
        if read.operands.count > operands.count {
            throw .unwantedOperand(read.operands[operands.count])
        }
    }
}

/// The arguments of a subcommand, read.
struct Arguments: Hashable, Sendable {
    fileprivate(set) var values: [String: String] = [:]
    fileprivate(set) var flags: Set<String> = []

    /// What is neither an option nor an option's value, in order.
    fileprivate(set) var operands: [String] = []

    /// The value of an option, `nil` when it was left out.
    subscript(option: String) -> String? { values[option] }

    /// The value of an option that the reader requires.
    func required(_ option: String) -> String {
        guard let value = values[option] else {
            preconditionFailure("\(option) is read as required")
        }
        return value
    }
}

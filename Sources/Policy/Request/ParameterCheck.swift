/// Checks the parameters of one query, or the fields of one form, against what is declared.
///
/// A parameter that nobody declared is not looked at: unknown ones are ignored, RFC 6749 section
/// 3.1. One that is declared stands once; where `refusesRepeats` says so, any other too.
struct ParameterCheck {
    private let rules: [ParameterRule]
    let location: RequestFault.Location
    private let refusesRepeats: Bool

    /// What a guard looks for among them.
    private let attempts: AttemptGuard?

    /// The rules whose parameter was seen, a bit each.
    private var seen: UInt64 = 0

    /// Names that nobody declared.
    private var others: Set<[UInt8]> = []

    private var faults: [RequestFault] = []

    /// The most parameters that are told apart, when none may stand twice.
    static let othersMax = 256

    init(
        _ rules: [ParameterRule],
        in location: RequestFault.Location,
        refusesRepeats: Bool,
        attempts: AttemptGuard? = nil
    ) {
        precondition(rules.count <= RequestSchema.parametersMax)
        self.rules = rules
        self.location = location
        self.refusesRepeats = refusesRepeats
        self.attempts = attempts
    }

    /// Takes the next parameter, decoded.
    mutating func take(name: Span<UInt8>, value: Span<UInt8>) {
        guard let index = index(of: name) else {
            if attempts?.isMisspelt(name.copied) == true {
                add(
                    .undeclared(
                        Self.text(name.copied),
                        in: location,
                        "Invalid value, it is misspelt"
                    )
                )
            }
            if refusesRepeats { note(name) }
            return
        }
        let rule = rules[index]
        let bit = (1 as UInt64) << UInt64(index)
        guard seen & bit == 0 else { return add(.repeated(Self.text(rule.name), in: location)) }
        seen |= bit
        let isText = String(validating: value.copied, as: UTF8.self) != nil
        guard !isText || !rule.value.accepts(text: value) else { return }
        let isShown = location == .query && !SensitiveNames.contain(name)
        let shown = isShown ? value.copied : []
        add(.invalid(Self.text(rule.name), in: location, rule.value, value: shown))
    }

    /// Everything that was wrong, once all parameters were taken.
    consuming func finish() -> [RequestFault] {
        for (index, rule) in rules.enumerated()
        where rule.isRequired && seen & (1 as UInt64) << UInt64(index) == 0 {
            add(.missing(Self.text(rule.name), in: location))
        }
        return faults
    }

    private func index(of name: Span<UInt8>) -> Int? {
        for index in rules.indices where name.isEqual(to: rules[index].name) { return index }
        return nil
    }

    private mutating func note(_ name: Span<UInt8>) {
        guard others.count < Self.othersMax else {
            return add(.undeclared("", in: location, "Invalid value, too many parameters"))
        }
        guard !others.insert(name.copied).inserted else { return }
        add(.undeclared(Self.text(name.copied), in: location, "Invalid value, it stands twice"))
    }

    private mutating func add(_ fault: RequestFault) {
        guard faults.count < RequestFault.countMax, !faults.contains(fault) else { return }
        faults.append(fault)
    }

    private static func text(_ name: [UInt8]) -> String {
        Word.presentable(String(decoding: name, as: UTF8.self))
    }
}

/// Reads the `query`, `body` and `field` lines of a route.
enum SchemaReader {
    /// What the lines of one block say.
    struct Draft: Sendable {
        var query: [ParameterRule] = []
        var body = BodyRule(kind: .unchecked, mediaTypes: [], bytesMax: nil, fields: [])
        var fields: [FieldRule] = []

        /// The first `field` line, for a fault of all of them.
        var firstField: Word?
        var saysBody = false

        var isSaid: Bool { !query.isEmpty || saysBody || firstField != nil }
    }

    /// The statements, for a block whose lines are at `draft`.
    static func rules<Target>(
        _ draft: any WritableKeyPath<Target, Draft> & Sendable
    ) -> [StatementRule<Target>] {
        [
            StatementRule(queryUsage, .repeatable) { target, line, reader in
                guard let rule = parameter(line, &reader),
                    isNew(rule.name, target[keyPath: draft].query.map(\.name), line, &reader)
                else { return }
                target[keyPath: draft].query.append(rule)
            },
            StatementRule("body json|form|none [MEDIA-TYPE...]") { target, line, reader in
                target[keyPath: draft].saysBody = true
                if let rule = body(line, &reader) { target[keyPath: draft].body = rule }
            },
            StatementRule(fieldUsage, .repeatable, block: .optional) { target, line, reader in
                target[keyPath: draft].firstField =
                    target[keyPath: draft].firstField ?? line.keyword
                guard let rule = field(line, &reader),
                    isNew(rule.name, target[keyPath: draft].fields.map(\.name), line, &reader)
                else { return }
                target[keyPath: draft].fields.append(rule)
            },
        ]
    }

    private static let queryUsage =
        "query NAME required|optional [TYPE] [MIN..MAX] [one-of VALUE...]"
    private static let fieldUsage = "field NAME TYPE [MIN..MAX] [one-of VALUE...] [required]"

    private static let grammar = Grammar<Draft>(
        "a field",
        [
            StatementRule(fieldUsage, .repeatable, block: .optional) { draft, line, reader in
                guard let rule = field(line, &reader),
                    isNew(rule.name, draft.fields.map(\.name), line, &reader)
                else { return }
                draft.fields.append(rule)
            }
        ]
    )

    /// The lines together; reports what only all of them can tell.
    static func schema(_ draft: Draft, _ reader: inout StatementReader) -> RequestSchema {
        if let word = draft.firstField, ![.json, .form].contains(draft.body.kind) {
            reader.report("a `field` needs a line `body json` or `body form`", at: word)
        }
        if draft.body.kind == .form, let word = draft.firstField {
            let isFlat = draft.fields.allSatisfy { $0.fields.isEmpty && $0.value.type.isText }
            if !isFlat { reader.report("a form has neither objects nor arrays", at: word) }
        }
        let body = BodyRule(
            kind: draft.body.kind,
            mediaTypes: draft.body.mediaTypes,
            bytesMax: draft.body.bytesMax,
            fields: draft.fields
        )
        return RequestSchema(query: draft.query, body: body)
    }
}

extension SchemaReader {
    /// Whether a name is the first of its kind in the block, and there are not too many.
    private static func isNew(
        _ name: [UInt8],
        _ names: [[UInt8]],
        _ line: Statement,
        _ reader: inout StatementReader
    ) -> Bool {
        guard !names.contains(name) else {
            reader.report("`\(line.words[1].shown)` is given twice", at: line.words[1])
            return false
        }
        guard names.count < RequestSchema.parametersMax else {
            let most = RequestSchema.parametersMax
            reader.report("more than \(most) `\(line.keyword.text)` lines", at: line.keyword)
            return false
        }
        return true
    }

    private static func parameter(
        _ line: Statement,
        _ reader: inout StatementReader
    ) -> ParameterRule? {
        guard let name = reader.text(line.words[1]),
            let isRequired = reader.choice(line.words[2], ["required": true, "optional": false])
        else { return nil }
        var words = ValueWords(line.words.dropFirst(3))
        guard let rule = words.read(defaultType: .text(.string), &reader) else { return nil }
        guard rule.type.isText else {
            reader.report("a parameter of a query is no \(rule.type.name)", at: line.words[1])
            return nil
        }
        return ParameterRule(name: Array(name.utf8), isRequired: isRequired, value: rule)
    }

    private static func field(_ line: Statement, _ reader: inout StatementReader) -> FieldRule? {
        guard let name = reader.text(line.words[1]) else { return nil }
        var words = ValueWords(line.words.dropFirst(2))
        guard let rule = words.read(defaultType: nil, &reader) else { return nil }
        var draft = Draft()
        if let block = line.block {
            if rule.type.innermost != .object {
                reader.report("only an object has fields", at: line.keyword)
            }
            grammar.read(block, into: &draft, &reader, owner: line.position)
        }
        return FieldRule(
            name: Array(name.utf8),
            isRequired: words.isRequired,
            value: rule,
            fields: draft.fields
        )
    }

    /// Reads `body KIND [MEDIA-TYPE...] [SIZE]`.
    private static func body(_ line: Statement, _ reader: inout StatementReader) -> BodyRule? {
        let kinds: KeyValuePairs<String, BodyRule.Kind> = [
            "json": .json, "form": .form, "none": .none,
        ]
        guard let kind = reader.choice(line.words[1], kinds) else { return nil }
        var types: [[UInt8]] = []
        var bytesMax: Int?
        for word in line.words.dropFirst(2) {
            if kind == .none {
                reader.report("unexpected `\(word.shown)`; wanted `body none`", at: word)
            } else if word.text.contains("/") {
                types.append(Array(word.text.lowercased().utf8))
            } else {
                bytesMax = reader.bytes(word, in: 1...BodyRule.checkedBytesMax)
            }
        }
        if types.isEmpty, kind == .json { types = [Array("application/json".utf8)] }
        if types.isEmpty, kind == .form {
            types = [Array("application/x-www-form-urlencoded".utf8)]
        }
        return BodyRule(kind: kind, mediaTypes: types, bytesMax: bytesMax, fields: [])
    }
}

extension ValueType {
    /// Whether text can say it.
    fileprivate var isText: Bool {
        switch self {
        case .text, .number, .boolean, .any: true
        case .object, .array: false
        }
    }
}

/// The words that say what a value must be.
private struct ValueWords {
    private var words: ArraySlice<Word>
    private(set) var isRequired = false

    init(_ words: ArraySlice<Word>) { self.words = words }

    mutating func read(
        defaultType: ValueType?,
        _ reader: inout StatementReader
    ) -> ValueRule? {
        guard !words.contains(where: \.isFaulty) else { return nil }
        guard let type = type(defaultType, &reader) else { return nil }
        var rule = ValueRule(type: type)
        while let word = words.popFirst() {
            switch word.text {
            case "required" where !word.isQuoted: isRequired = true
            case "optional" where !word.isQuoted: isRequired = false
            case "one-of" where !word.isQuoted:
                rule.choices = choices()
                guard !rule.choices.isEmpty else {
                    reader.report("`one-of` needs a value", at: word)
                    return nil
                }
            default:
                guard let bounds = Self.bounds(word.text) else {
                    reader.report("`\(word.shown)` is no range such as `1..100`", at: word)
                    return nil
                }
                rule.bounds = bounds
            }
        }
        return rule
    }

    /// The values after `one-of`, up to `required` or `optional`.
    private mutating func choices() -> [[UInt8]] {
        var choices: [[UInt8]] = []
        while let word = words.first,
            word.isQuoted || !["required", "optional"].contains(word.text)
        {
            choices.append(Array(word.text.utf8))
            words.removeFirst()
        }
        return choices
    }

    private mutating func type(
        _ defaultType: ValueType?,
        _ reader: inout StatementReader
    ) -> ValueType? {
        guard let word = words.first else { return defaultType }
        if word.isBare("array") {
            words.removeFirst()
            guard let of = words.popFirst(), of.isBare("of"), words.first != nil else {
                reader.report("`array` wants `array of TYPE`", at: word)
                return nil
            }
            return type(nil, &reader).map { .array(of: $0) }
        }
        if let type = ValueType(name: word.text) {
            words.removeFirst()
            return type
        }
        let isOther = ["required", "optional", "one-of"].contains(word.text) && !word.isQuoted
        if let defaultType, isOther || Self.bounds(word.text) != nil { return defaultType }
        reader.reportUnknown("type", word, among: ValueType.names + ["array"])
        return nil
    }

    /// `MIN..MAX`, `MIN..`, `..MAX` or one number.
    private static func bounds(_ text: String) -> ClosedRange<Int>? {
        guard let dots = text.firstRange(of: "..") else {
            return Int(text).map { $0...$0 }
        }
        let (low, high) = (text[..<dots.lowerBound], text[dots.upperBound...])
        guard !low.isEmpty || !high.isEmpty,
            let first = low.isEmpty ? .min : Int(low), let last = high.isEmpty ? .max : Int(high),
            first <= last
        else { return nil }
        return first...last
    }
}

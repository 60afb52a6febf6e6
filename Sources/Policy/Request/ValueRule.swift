/// What one value must be: its type, its size and, if there is a list, one of its values.
struct ValueRule: Hashable, Sendable {
    var type: ValueType

    /// The characters of a string, the elements of an array, the value of an `int`.
    var bounds: ClosedRange<Int>?

    /// The only values that are taken; empty: all.
    var choices: [[UInt8]] = []

    /// The choices of an array's elements.
    var elementChoices: [[UInt8]] { if case .array = type { choices } else { [] } }

    /// What is wanted, for a message.
    var words: String {
        var words = type.name
        if let bounds {
            let low = bounds.lowerBound == .min ? "" : "\(bounds.lowerBound)"
            words += " \(low)..\(bounds.upperBound == .max ? "" : "\(bounds.upperBound)")"
        }
        guard !choices.isEmpty else { return words }
        let names = choices.map { String(decoding: $0, as: UTF8.self) }
        return words + ", one of " + names.joined(separator: " ")
    }

    /// Whether decoded text of a query or a form is such a value.
    func accepts(text: Span<UInt8>) -> Bool {
        guard choices.isEmpty || isChoice(text) else { return false }
        switch type {
        case .text(let form):
            guard form.accepts(text, in: 0..<text.count) else { return false }
            return form == .int ? isWithin(Self.integer(text)) : isWithin(Self.characters(text))
        case .boolean: return text.isEqual(to: "true") || text.isEqual(to: "false")
        case .number: return Self.isNumber(text)
        case .any: return isWithin(Self.characters(text))
        case .object, .array: return false
        }
    }

    /// Whether a JSON value, without what is inside it, is such a value.
    func accepts(_ node: JSONNode, in document: JSONDocument) -> Bool {
        let isOfElements = !elementChoices.isEmpty
        let isChosen = choices.isEmpty || choices.contains { document.says(node, $0) }
        guard isChosen || isOfElements else { return false }
        switch (type, document.kind(of: node)) {
        case (.text(.int), .number):
            let text = document.text(of: node)
            return ParameterType.int.accepts(text.span, in: 0..<text.count)
                && isWithin(Self.integer(text.span))
        case (.text(.int), _): return false
        case (.text(let form), .string):
            let text = document.string(of: node) ?? []
            return form.accepts(text.span, in: 0..<text.count)
                && isWithin(Self.characters(text.span))
        case (.array, .array):
            return isWithin(document.elements(of: node).reduce(0) { count, _ in count + 1 })
        case (.number, .number), (.boolean, .true), (.boolean, .false), (.object, .object):
            return true
        case (.any, let kind): return kind != .null
        default: return false
        }
    }

    private func isChoice(_ text: Span<UInt8>) -> Bool {
        for choice in choices where text.isEqual(to: choice) { return true }
        return false
    }

    private func isWithin(_ size: Int) -> Bool { bounds?.contains(size) ?? true }

    /// Unicode scalars of well-formed UTF-8.
    private static func characters(_ text: Span<UInt8>) -> Int {
        var count = 0
        for index in text.indices where text[index] & 0xC0 != 0x80 { count += 1 }
        return count
    }

    /// The value of at most 18 digits with or without a minus.
    private static func integer(_ text: Span<UInt8>) -> Int {
        var value = 0
        for index in text.indices where text[index] != UInt8(ascii: "-") {
            value = value * 10 + Int(text[index] - 0x30)
        }
        return text.count > 0 && text[0] == UInt8(ascii: "-") ? -value : value
    }

    private static func isNumber(_ text: Span<UInt8>) -> Bool {
        let document = try? JSONDocument(text.copied, nodesMax: 1)
        return document.map { $0.kind(of: $0.root) == .number } ?? false
    }
}

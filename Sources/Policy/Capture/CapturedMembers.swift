/// The captured values of one event, as members of a JSON object, each behind a comma.
///
/// One value serves every event of a loop, so that it allocates nothing once it is warm.
public struct CapturedMembers: Sendable {
    /// The most bytes of one value as JSON; what is longer is left out, and its name told in
    /// `omitted`.
    public static let valueBytesMax = 4_096

    /// The most bytes of all values of an event with their names.
    public static let bytesMax = 6_144

    /// The most bytes that `finish` adds: names of at most 64 bytes, quoted, and 14 around them.
    static let omittedBytesMax =
        CaptureRules.membersMax * (CaptureRules.nameBytesMax + 3) + 14

    /// The most bytes of the text.
    public static let textBytesMax = bytesMax + omittedBytesMax

    /// The most containers around a value inside a captured one.
    static let depthMax = 8

    /// `,"name":value` for each.
    public private(set) var text: [UInt8] = []

    private var omitted: [UInt8] = []

    // Kept between events.
    private var name: [UInt8] = []
    private var value: [UInt8] = []
    private var places: [Place] = []

    /// Where the value of a member stands in a query or a form.
    private enum Place {
        case none
        case once(Range<Int>)
        case repeated
    }

    /// Creates an empty list.
    public init() {}

    /// Forgets everything.
    public mutating func removeAll() {
        if !text.isEmpty { text.removeAll(keepingCapacity: true) }
        if !omitted.isEmpty { omitted.removeAll(keepingCapacity: true) }
    }

    /// Tells what was left out; nothing may be taken afterwards.
    public mutating func finish() {
        guard !omitted.isEmpty else { return }
        Self.append(",\"omitted\":[", to: &text)
        text += omitted.dropFirst()
        text.append(UInt8(ascii: "]"))
        omitted.removeAll(keepingCapacity: true)
    }
}

extension CapturedMembers {
    /// Takes what the rules name of a query or a form, `application/x-www-form-urlencoded`.
    ///
    /// A name that stands twice says nothing certain, and a value that is not UTF-8 is no text: both
    /// are not captured.
    public mutating func take(
        _ encoded: Span<UInt8>,
        _ source: CaptureRules.Source,
        _ rules: CaptureRules,
        level: Int
    ) {
        let members = rules.members(of: source)
        find(members, in: encoded)
        for (index, member) in members.enumerated() where member.isTold(at: level) {
            guard case .once(let range) = places[index],
                EncodedPairs.decode(encoded.extracting(range), into: &value),
                isText(value.span)
            else { continue }
            let start = begin(member)
            text.append(UInt8(ascii: "\""))
            for byte in value where text.count < limit(start) {
                JSONString.append(byte: byte, to: &text)
            }
            text.append(UInt8(ascii: "\""))
            end(member, start, fits: text.count <= limit(start))
        }
    }

    /// Takes what the rules name of a JSON object; nothing of any other value.
    public mutating func take(
        _ document: JSONDocument,
        _ source: CaptureRules.Source,
        _ rules: CaptureRules,
        level: Int
    ) {
        for member in rules.members(of: source) where member.isTold(at: level) {
            guard let node = document.member(member.name, of: document.root) else { continue }
            let start = begin(member)
            let fits = append(node, of: document, depth: 0, limit: limit(start))
            end(member, start, fits: fits)
        }
    }

    /// Looks for the values of the members, in one pass.
    private mutating func find(_ members: [CaptureRules.Member], in encoded: Span<UInt8>) {
        places.removeAll(keepingCapacity: true)
        for _ in members { places.append(.none) }
        var pairs = EncodedPairs(encoded.count)
        while let pair = pairs.next(in: encoded) {
            guard EncodedPairs.decode(encoded.extracting(pair.name), into: &name),
                let index = members.firstIndex(where: { $0.name == name })
            else { continue }
            if case .none = places[index] {
                places[index] = .once(pair.value)
            } else {
                places[index] = .repeated
            }
        }
    }

    private func isText(_ bytes: Span<UInt8>) -> Bool {
        (try? UTF8Span(validating: bytes)) != nil
    }
}

// MARK: - Writing

/// Where a member begins, and where its value does.
private struct MemberStart {
    let member: Int
    let value: Int
}

extension CapturedMembers {
    private mutating func begin(_ member: CaptureRules.Member) -> MemberStart {
        let start = text.count
        Self.append(",\"", to: &text)
        text += member.label
        Self.append("\":", to: &text)
        return MemberStart(member: start, value: text.count)
    }

    private func limit(_ start: MemberStart) -> Int {
        min(start.value + Self.valueBytesMax, Self.bytesMax)
    }

    /// Keeps a member, or takes it back and remembers its name.
    private mutating func end(_ member: CaptureRules.Member, _ start: MemberStart, fits: Bool) {
        guard !fits else { return }
        text.removeSubrange(start.member...)
        Self.append(",\"", to: &omitted)
        omitted += member.label
        omitted.append(UInt8(ascii: "\""))
    }

    /// Copies a value without white space and without the members of `SecretNames`, as far as it is
    /// within the limits.
    ///
    /// - Returns: Whether it is; if not, what was written is to be taken back.
    private mutating func append(
        _ node: JSONNode,
        of document: JSONDocument,
        depth: Int,
        limit: Int
    ) -> Bool {
        let entry = document.tape[node.index]
        switch entry.kind {
        case .object, .array:
            guard depth < Self.depthMax else { return false }
            let isWritten =
                entry.kind == .object
                ? appendObject(node, of: document, depth: depth + 1, limit: limit)
                : appendArray(node, of: document, depth: depth + 1, limit: limit)
            guard isWritten else { return false }
        case .string:
            guard text.count + entry.range.count + 2 <= limit else { return false }
            text.append(UInt8(ascii: "\""))
            text += document.bytes[entry.range]
            text.append(UInt8(ascii: "\""))
        case .number, .true, .false, .null:
            guard text.count + entry.range.count <= limit else { return false }
            text += document.bytes[entry.range]
        }
        return text.count <= limit
    }

    private mutating func appendArray(
        _ array: JSONNode,
        of document: JSONDocument,
        depth: Int,
        limit: Int
    ) -> Bool {
        text.append(UInt8(ascii: "["))
        var isFirst = true
        for element in document.elements(of: array) {
            if !isFirst { text.append(UInt8(ascii: ",")) }
            isFirst = false
            guard append(element, of: document, depth: depth, limit: limit) else { return false }
        }
        text.append(UInt8(ascii: "]"))
        return true
    }

    private mutating func appendObject(
        _ object: JSONNode,
        of document: JSONDocument,
        depth: Int,
        limit: Int
    ) -> Bool {
        text.append(UInt8(ascii: "{"))
        var isFirst = true
        let end = Int(document.tape[object.index].next)
        var index = object.index + 1
        while index < end {
            let (name, value) = (JSONNode(index), JSONNode(index + 1))
            index = Int(document.tape[index + 1].next)
            if isSecret(name, in: document) { continue }
            if !isFirst { text.append(UInt8(ascii: ",")) }
            isFirst = false
            guard append(name, of: document, depth: depth, limit: limit) else { return false }
            text.append(UInt8(ascii: ":"))
            guard append(value, of: document, depth: depth, limit: limit) else { return false }
        }
        text.append(UInt8(ascii: "}"))
        return true
    }

    private func isSecret(_ name: JSONNode, in document: JSONDocument) -> Bool {
        if let range = document.plainString(name) {
            return SecretNames.contain(document.bytes.span.extracting(range))
        }
        return document.string(of: name).map { SecretNames.contain($0.span) } ?? true
    }

    private static func append(_ constant: StaticString, to target: inout [UInt8]) {
        unsafe target.append(
            contentsOf: UnsafeBufferPointer(
                start: constant.utf8Start,
                count: constant.utf8CodeUnitCount
            )
        )
    }
}

/// A JSON text (RFC 8259) with its values found and checked, and nothing else made of it.
///
/// Reading is strict, because two readers that disagree about one text are how a rule is passed by:
/// a member named twice, bytes after the value, a lone surrogate and UTF-8 that is not well-formed
/// are refused. The document keeps the text and a flat list of where each value is; a String is made
/// only by who asks for one.
public struct JSONDocument: Sendable {
    /// The text.
    let bytes: [UInt8]

    /// The values in the order of the text.
    let tape: [JSONEntry]

    /// The most containers inside each other.
    public static let depthMax = 16

    /// The most values of a document, member names included, unless the caller wants fewer.
    public static let nodesMax = 16_384

    /// Reads a whole text.
    ///
    /// - Parameters:
    ///   - bytes: The text, without a byte order mark.
    ///   - nodesMax: The most values, member names included.
    /// - Throws: The first fault.
    public init(_ bytes: [UInt8], nodesMax: Int = JSONDocument.nodesMax) throws(JSONFailure) {
        var reader = JSONReader(bytes.span, nodesMax: nodesMax)
        try reader.readDocument()
        self.bytes = bytes
        tape = reader.tape
    }

    /// The outermost value.
    public var root: JSONNode { JSONNode(0) }

    /// What `node` is.
    @inline(__always)
    public func kind(of node: JSONNode) -> JSONKind { tape[node.index].kind }

    /// The text of a value: a number as written, a string without its quotes and still escaped.
    public func text(of node: JSONNode) -> [UInt8] { Array(bytes[tape[node.index].range]) }
}

extension JSONDocument {
    /// The value of the member `name` of an object, or `nil`.
    public func member(_ name: Span<UInt8>, of object: JSONNode) -> JSONNode? {
        let container = tape[object.index]
        guard container.kind == .object else { return nil }
        var index = object.index + 1
        while index < Int(container.next) {
            if equals(JSONNode(index), name) { return JSONNode(index + 1) }
            index = Int(tape[index + 1].next)
        }
        return nil
    }

    /// The value of the member `name` of an object, or `nil`.
    public func member(_ name: [UInt8], of object: JSONNode) -> JSONNode? {
        member(name.span, of: object)
    }

    /// The value of the member `name` of an object, or `nil`.
    public func member(_ name: StaticString, of object: JSONNode) -> JSONNode? {
        precondition(name.hasPointerRepresentation)
        let span = unsafe Span(_unsafeStart: name.utf8Start, count: name.utf8CodeUnitCount)
        return member(span, of: object)
    }

    /// Calls `body` with each name and value of an object in order; not at all for another kind.
    @inline(__always)
    func forEachMember(
        of object: JSONNode,
        _ body: (_ name: JSONNode, _ value: JSONNode) -> Void
    ) {
        let container = tape[object.index]
        guard container.kind == .object else { return }
        var index = object.index &+ 1
        while index < Int(container.next) {
            body(JSONNode(index), JSONNode(index &+ 1))
            index = Int(tape[index &+ 1].next)
        }
    }

    /// The value reached from the root by one member name after another, or `nil`.
    public func node(at path: [[UInt8]]) -> JSONNode? {
        var node = root
        for name in path {
            guard let next = member(name.span, of: node) else { return nil }
            node = next
        }
        return node
    }

    /// The value reached from the root by one member name after another, or `nil`.
    public func node(at path: [String]) -> JSONNode? { node(at: path.map { Array($0.utf8) }) }

    /// The values of an array in order; nothing for another kind of value.
    public func elements(of array: JSONNode) -> JSONElements {
        let container = tape[array.index]
        let isArray = container.kind == .array
        let first = array.index + 1
        return JSONElements(tape: tape, first: first, end: isArray ? Int(container.next) : first)
    }

    /// The names and values of an object in order; nothing for another kind of value.
    public func members(of object: JSONNode) -> [(name: JSONNode, value: JSONNode)] {
        let container = tape[object.index]
        guard container.kind == .object else { return [] }
        var found: [(name: JSONNode, value: JSONNode)] = []
        var index = object.index + 1
        while index < Int(container.next) {
            found.append((JSONNode(index), JSONNode(index + 1)))
            index = Int(tape[index + 1].next)
        }
        return found
    }
}

/// The values of an array.
public struct JSONElements: Sequence, IteratorProtocol, Sendable {
    private let tape: [JSONEntry]
    private var index: Int
    private let end: Int

    init(tape: [JSONEntry], first: Int, end: Int) {
        self.tape = tape
        index = first
        self.end = end
    }

    /// The next value, or `nil` after the last.
    public mutating func next() -> JSONNode? {
        guard index < end else { return nil }
        defer { index = Int(tape[index].next) }
        return JSONNode(index)
    }
}

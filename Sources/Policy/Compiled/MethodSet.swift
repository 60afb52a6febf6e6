/// A set of methods: those that a template takes.
public struct MethodSet: Hashable, Sendable {
    private var bits: UInt16 = 0

    /// Creates an empty set.
    public init() {}

    /// Creates the set of what one `match` line takes.
    init(_ pattern: MethodPattern) {
        switch pattern {
        case .any:
            for code in MethodCode.allCases where code != .neverForwarded { insert(code) }
        case .one(.get):
            insert(.get)
            insert(.head)
        case .one(let code):
            insert(code)
        }
    }

    /// Puts a method in.
    public mutating func insert(_ code: MethodCode) {
        bits |= (1 as UInt16) &<< UInt16(code.rawValue)
    }

    /// Puts every method of `other` in.
    public mutating func formUnion(_ other: MethodSet) {
        bits |= other.bits
    }

    /// Whether `code` is in the set.
    public func contains(_ code: MethodCode) -> Bool {
        bits & ((1 as UInt16) &<< UInt16(code.rawValue)) != 0
    }

    /// Whether nothing is in the set.
    public var isEmpty: Bool { bits == 0 }

    /// The names of the methods in the order of an `Allow` field.
    public var names: [String] {
        MethodCode.named.filter(contains).map(\.name)
    }
}

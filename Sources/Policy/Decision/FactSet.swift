/// One thing that can be true of a caller and that some rule asks for.
///
/// Every distinct condition of a compiled policy has a number, its fact. What is true of a caller
/// is worked out once, when the token is validated; a decision is then a comparison of bit sets.
public enum Condition: Hashable, Sendable {
    /// The caller holds this role, after the tenant's mapping.
    case role(String)

    /// The token's `scope` has this value.
    case scope(String)

    /// The claim at `path` (one member name a step) passes the test.
    case claim(path: [String], ClaimTest)

    /// The caller is this client.
    case client(String)

    /// The connection comes from this range of addresses; nothing that a token says.
    case from(AddressRange)
}

/// What a condition asks of a claim.
public enum ClaimTest: Hashable, Sendable {
    /// It is this string, number or boolean, or an array that contains it.
    case equals(String)

    /// It is an array that contains this string, number or boolean, or a string that has it as one
    /// of its words, words being parted by spaces.
    case contains(String)
}

/// A set of facts, numbered from 0 to `FactSet.factsMax - 1`.
public struct FactSet: Hashable, Sendable {
    /// The most distinct conditions that one policy may hold.
    public static let factsMax = 256

    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// Creates an empty set.
    public init() {}

    /// Puts a fact in.
    public mutating func insert(_ fact: Int) {
        let bit: UInt64 = (1 as UInt64) &<< UInt64(truncatingIfNeeded: fact & 63)
        switch fact >> 6 {
        case 0: words.0 |= bit
        case 1: words.1 |= bit
        case 2: words.2 |= bit
        case 3: words.3 |= bit
        default: preconditionFailure("fact out of range")
        }
    }

    /// Whether the two sets share a fact.
    @inline(__always)
    public func intersects(_ other: FactSet) -> Bool {
        (words.0 & other.words.0) | (words.1 & other.words.1) | (words.2 & other.words.2)
            | (words.3 & other.words.3) != 0
    }

    /// Puts every fact of `other` in.
    @inline(__always)
    public mutating func formUnion(_ other: FactSet) {
        words.0 |= other.words.0
        words.1 |= other.words.1
        words.2 |= other.words.2
        words.3 |= other.words.3
    }

    /// Whether `fact` is in the set.
    public func contains(_ fact: Int) -> Bool {
        var single = FactSet()
        single.insert(fact)
        return intersects(single)
    }

    /// Whether nothing is in the set.
    public var isEmpty: Bool { words == (0, 0, 0, 0) }

    /// Whether the two sets hold the same facts.
    public static func == (left: FactSet, right: FactSet) -> Bool { left.words == right.words }

    /// Feeds the facts to `hasher`.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}

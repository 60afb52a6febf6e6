/// Where the known claims of an object stand, found in one pass over it.
struct ClaimPlaces: Sendable {
    /// The index of each value on the tape; 0, which is the object itself, for one that is absent.
    private var indexes: InlineArray<30, Int32> = .init(repeating: 0)

    /// The claims that are there, a bit each.
    private var present: UInt32 = 0

    init(_ document: JSONDocument) {
        precondition(KnownClaim.allCases.count == 30)
        document.forEachMember(of: document.root) { name, value in
            guard let claim = KnownClaim(name, in: document) else { return }
            indexes[claim.rawValue] = Int32(truncatingIfNeeded: value.index)
            present |= Self.bit(claim)
        }
    }

    /// The value of a claim, or `nil`.
    @inline(__always)
    subscript(claim: KnownClaim) -> JSONNode? {
        let index = indexes[claim.rawValue]
        return index == 0 ? nil : JSONNode(Int(index))
    }

    /// Whether there is a claim that only other kinds of JWT have.
    var areOfOtherKind: Bool { present & Self.otherKinds != 0 }

    private static let otherKinds =
        bit(.nonce) | bit(.accessTokenHash) | bit(.codeHash) | bit(.stateHash) | bit(.method)
        | bit(.target) | bit(.tokenHash) | bit(.events) | bit(.credential) | bit(.presentation)
        | bit(.credentialType) | bit(.disclosures) | bit(.disclosureHash) | bit(.keySet)
        | bit(.introspection)

    @inline(__always)
    private static func bit(_ claim: KnownClaim) -> UInt32 { 1 << UInt32(claim.rawValue) }
}

import Policy

/// Revoked values, kept as digests of 128 bits under a key of the table's own.
///
/// It is an open-addressed table of one array, made for a number of values that is known before and
/// at most two thirds full: 25 bytes a value. A look-up allocates nothing.
struct RevocationTable: Sendable {
    private let hash: ValueHash
    private var digests: [ValueHash.Digest]

    /// What each place counts for; a free one for nothing.
    private var kinds: [RevocationKinds]

    private var freeCount: Int

    /// Makes an empty table.
    ///
    /// - Parameter valuesMax: The most values that will be put in.
    init(valuesMax: Int) {
        precondition(valuesMax >= 0)
        hash = ValueHash()
        freeCount = valuesMax
        let places = valuesMax == 0 ? 0 : valuesMax + valuesMax / 2 + 1
        digests = Array(repeating: ValueHash.Digest(), count: places)
        kinds = Array(repeating: [], count: places)
    }

    /// Whether there is no value in it.
    var isEmpty: Bool { digests.isEmpty }

    /// What the places take.
    var bytesCount: Int {
        digests.count
            * (MemoryLayout<ValueHash.Digest>.stride + MemoryLayout<RevocationKinds>.stride)
    }

    /// Puts a value in, or lets one that is there count for more.
    mutating func insert(_ value: Span<UInt8>, for added: RevocationKinds) {
        let digest = hash.digest(of: value)
        let place = place(of: digest)
        if kinds[place].isEmpty {
            precondition(freeCount > 0, "a table holds no more values than it was made for")
            freeCount -= 1
        }
        digests[place] = digest
        kinds[place].formUnion(added)
    }

    /// Whether a caller's token, subject or client is in it.
    func revokes(_ principal: Principal) -> Bool {
        contains(principal.tokenID, for: .token) || contains(principal.subject, for: .subject)
            || contains(principal.client, for: .client)
    }

    /// Whether a value is in it that counts for one of the kinds; an empty one never is.
    func contains(_ value: [UInt8], for wanted: RevocationKinds) -> Bool {
        guard !value.isEmpty, !isEmpty else { return false }
        return !kinds[place(of: hash.digest(of: value.span))].isDisjoint(with: wanted)
    }

    /// The place of a digest, or the free one where it would stand.
    private func place(of digest: ValueHash.Digest) -> Int {
        let scaled = digest.high.multipliedFullWidth(by: UInt64(digests.count)).high
        var place = Int(truncatingIfNeeded: scaled)
        while !kinds[place].isEmpty, digests[place] != digest {
            place &+= 1
            if place == digests.count { place = 0 }
        }
        return place
    }
}

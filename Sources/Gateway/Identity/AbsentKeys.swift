/// Key names that a fetch did not bring, so that they are not asked for again for a while.
///
/// Its entries hold 64 bits of a keyed hash instead of a name: nobody can choose names that meet in
/// one, and one that does costs a caller with a new key one minute at most.
struct AbsentKeys: ~Copyable {
    private struct Entry {
        var hash: UInt64 = 0
        var generation: UInt64 = 0
        var until = Int64.min
    }

    /// How long a name is not asked for again.
    static let seconds: Int64 = 60

    /// The most names; a newer one takes the place of an older.
    static let entriesMax = 1_024

    private let hash = TokenHash()
    private var entries: [Entry] = []

    /// Whether a name was not there of late, and the keys have not changed since.
    func contains(_ name: [UInt8], _ tenant: Int, _ generation: UInt64, _ now: Int64) -> Bool {
        guard !entries.isEmpty else { return false }
        let hash = hash.hash(name.span, tenant: tenant)
        let entry = entries[Int(hash % UInt64(Self.entriesMax))]
        return entry.hash == hash && entry.generation == generation && now < entry.until
    }

    /// Notes that a name is not there.
    mutating func insert(_ name: [UInt8], _ tenant: Int, _ generation: UInt64, _ now: Int64) {
        if entries.isEmpty { entries = Array(repeating: Entry(), count: Self.entriesMax) }
        let hash = hash.hash(name.span, tenant: tenant)
        let place = Int(hash % UInt64(Self.entriesMax))
        entries[place] = Entry(hash: hash, generation: generation, until: now + Self.seconds)
    }
}

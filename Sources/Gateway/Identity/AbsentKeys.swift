import Synchronization

/// Key names that a fetch did not bring, so that they are not asked for again for a while.
///
/// Its entries hold 64 bits of a keyed hash instead of a name: nobody can choose names that meet in
/// one, and one that does costs a caller with a new key one minute at most. All loops share them, so
/// that what one has found out no other asks again; only tokens that none of the keys has signed come
/// here.
final class AbsentKeys: Sendable {
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
    private let entries = Mutex<[Entry]>([])

    /// Whether a name was not there of late, and the keys have not changed since.
    func contains(_ name: [UInt8], _ tenant: Int, _ generation: UInt64, _ now: Int64) -> Bool {
        let hash = hash.hash(name.span, tenant: tenant)
        return entries.withLock { entries in
            guard !entries.isEmpty else { return false }
            let entry = entries[Int(hash % UInt64(Self.entriesMax))]
            return entry.hash == hash && entry.generation == generation && now < entry.until
        }
    }

    /// Notes that a name is not there.
    func insert(_ name: [UInt8], _ tenant: Int, _ generation: UInt64, _ now: Int64) {
        let hash = hash.hash(name.span, tenant: tenant)
        let entry = Entry(hash: hash, generation: generation, until: now + Self.seconds)
        entries.withLock { entries in
            if entries.isEmpty { entries = Array(repeating: Entry(), count: Self.entriesMax) }
            entries[Int(hash % UInt64(Self.entriesMax))] = entry
        }
    }
}

/// The keys of one source over time: those published now, and those that were until of late.
///
/// Times are milliseconds of a clock that only goes forward.
struct KeySuccession: Sendable {
    /// All keys in use; `nil` when there are none.
    private(set) var keys: KeySet?

    /// What is wrong with keys of the last set published.
    private(set) var problems: [String] = []

    private var lingering: [Lingering] = []

    /// A key that is no longer published.
    private struct Lingering: Sendable {
        let key: VerificationKey
        let removedAt: Int64
    }

    /// The most keys in use that are no longer published; the youngest stay.
    static let lingeringMax = KeySet.keysMax

    /// Takes a set as published; an empty one removes all keys.
    ///
    /// - Parameters:
    ///   - set: The set.
    ///   - now: When it was fetched.
    ///   - grace: How long keys that it no longer holds go on, in milliseconds. One that was
    ///     published with its private half does not go on.
    /// - Returns: Whether other keys are in use now.
    mutating func publish(_ set: KeySet, at now: Int64, grace: Int64) -> Bool {
        var removals: [UInt64: Int64] = [:]
        for one in lingering { removals[one.key.serial] = one.removedAt }
        let gone = (keys?.keys ?? []).filter {
            !set.contains(serial: $0.serial) && !set.exposed.contains($0.subject)
        }
        lingering = gone.map { Lingering(key: $0, removedAt: removals[$0.serial] ?? now) }
            .filter { $0.removedAt + grace > now }
        if lingering.count > Self.lingeringMax {
            lingering.sort { $0.removedAt > $1.removedAt }
            lingering.removeLast(lingering.count - Self.lingeringMax)
        }
        problems = set.problems
        return use(set.merging(lingering.map(\.key), reusing: keys))
    }

    /// Drops keys whose time is over.
    ///
    /// - Returns: Whether other keys are in use now.
    mutating func expire(at now: Int64, grace: Int64) -> Bool {
        let over = Set(lingering.filter { $0.removedAt + grace <= now }.map(\.key.serial))
        guard !over.isEmpty, let keys else { return false }
        lingering.removeAll { over.contains($0.key.serial) }
        let rest = keys.keys.filter { !over.contains($0.serial) }
        return use(KeySet(keys: rest, problems: keys.problems, exposed: keys.exposed))
    }

    /// When `expire` has something to do next; `nil` when no key lingers.
    func nextExpiry(grace: Int64) -> Int64? { lingering.map(\.removedAt).min().map { $0 + grace } }

    /// Drops all keys, because they are too old.
    mutating func clear() {
        keys = nil
        lingering = []
    }

    private mutating func use(_ set: KeySet) -> Bool {
        guard set.generation != keys?.generation else { return false }
        let hadKeys = keys != nil
        keys = set.keys.isEmpty ? nil : set
        return hadKeys || keys != nil
    }
}

/// Which sealed segments have had their time.
struct Retention: Sendable {
    /// One segment with what the decision needs.
    struct Item: Hashable, Sendable {
        var entry: SegmentFolder.Entry
        var byteCount: Int
        var changedSeconds: Int64
    }

    var keepSeconds: Int
    var limitBytes: Int

    /// The sealed segments to remove.
    ///
    /// They are those last written to before the time kept, then the oldest until the rest is
    /// within the limit. Segments still written to count but always stay.
    func expired(_ items: [Item], atSeconds now: Int64) -> [Item] {
        var total = items.reduce(0) { $0 + $1.byteCount }
        let oldestFirst = items.filter(\.entry.isSealed).sorted {
            ($0.changedSeconds, $0.entry.name.number) < ($1.changedSeconds, $1.entry.name.number)
        }
        var expired: [Item] = []
        for item in oldestFirst {
            let isOld = item.changedSeconds < now - Int64(keepSeconds)
            guard isOld || total > limitBytes else { continue }
            total -= item.byteCount
            expired.append(item)
        }
        return expired
    }
}

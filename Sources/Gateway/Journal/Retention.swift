/// Which sealed segments have had their time.
struct Retention: Sendable {
    /// One segment with what the decision needs.
    struct Item: Hashable, Sendable {
        var entry: SegmentFolder.Entry
        var byteCount: Int
        var changedSeconds: Int64

        /// From which byte on somebody still wants it; `nil` when nobody does.
        var wantedOffset: Int?
    }

    var keepSeconds: Int
    var limitBytes: Int

    /// The sealed segments to remove.
    ///
    /// They are those last written to before the time kept, then the oldest until the rest is
    /// within the limit. Segments still written to count but always stay. Those that are still
    /// wanted stay whatever their age, and go last, when nothing else brings the rest within the
    /// limit.
    func expired(_ items: [Item], atSeconds now: Int64) -> [Item] {
        var total = items.reduce(0) { $0 + $1.byteCount }
        let oldestFirst = items.filter(\.entry.isSealed).sorted {
            ($0.changedSeconds, $0.entry.name.number) < ($1.changedSeconds, $1.entry.name.number)
        }
        let free = oldestFirst.filter { $0.wantedOffset == nil }
        let wanted = oldestFirst.filter { $0.wantedOffset != nil }
        var expired: [Item] = []
        for item in free + wanted {
            let isOld = item.changedSeconds < now - Int64(keepSeconds)
            guard isOld && item.wantedOffset == nil || total > limitBytes else { continue }
            total -= item.byteCount
            expired.append(item)
        }
        return expired
    }
}

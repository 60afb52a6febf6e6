/// When each connection of a slab has to have moved on.
///
/// Setting a deadline is one store, however often it is moved; passed ones are found by a sweep
/// over a flat table when the nearest is due, and then no sooner than `sweepMilliseconds` later
/// unless a nearer one is set. With 20,000 connections a
/// sweep takes some ten microseconds.
struct Deadlines {
    /// The coarsest error of a deadline.
    static let sweepMilliseconds: Int64 = 50

    /// Means that nothing is due.
    static let never = Int64.max

    private var due: [Int64] = []
    private var nextSweep = Deadlines.never

    /// Sets when `slot` is due, in monotonic milliseconds.
    @inline(__always)
    mutating func set(_ slot: UInt32, at milliseconds: Int64) {
        let index = Int(slot)
        while index >= due.count { due.append(Self.never) }
        due[index] = milliseconds
        if milliseconds < nextSweep { nextSweep = milliseconds }
    }

    /// Forgets the deadline of `slot`.
    mutating func clear(_ slot: UInt32) {
        if Int(slot) < due.count { due[Int(slot)] = Self.never }
    }

    /// How long the loop may sleep from `now` on, at most `limit`.
    func sleepMilliseconds(now: Int64, limit: Int64) -> Int64 {
        if nextSweep == Self.never { return limit }
        return min(limit, max(0, nextSweep - now))
    }

    /// Puts the slots that are due at `now` into `passed` and forgets their deadlines.
    mutating func sweep(now: Int64, into passed: inout [UInt32]) {
        guard now >= nextSweep else { return }
        var earliest = Self.never
        for index in due.indices {
            let moment = due[index]
            if moment <= now {
                due[index] = Self.never
                passed.append(UInt32(index))
            } else if moment < earliest {
                earliest = moment
            }
        }
        nextSweep = earliest == Self.never ? earliest : max(earliest, now + Self.sweepMilliseconds)
    }
}

import Synchronization

/// Counts the refused requests of one tenant, so that a flood cannot fill the journal.
///
/// All loops share it. The first `eventsPerSecondMax` of a second may be written one by one, the
/// rest are counted; exactly one caller is told the count when the second is over.
final class RefusalMeter: Sendable {
    /// The most refusals a second that get an event of their own.
    static let eventsPerSecondMax = 100

    /// What to do about one refusal.
    struct Admission: Equatable, Sendable {
        /// Whether it gets an event of its own.
        var isAdmitted: Bool

        /// Refusals of an earlier second that had none: the caller writes their summary.
        var countedBefore: Int
    }

    /// The second in the upper 40 bits, the refusals in it in the lower 24.
    private let state = Atomic<UInt64>(0)

    /// Takes one refusal in.
    func admit(atMilliseconds now: Int64) -> Admission {
        let second = UInt64(max(0, now)) / 1_000
        var old = state.load(ordering: .relaxed)
        while true {
            let isNewer = second > old >> 24
            let count = isNewer ? 0 : old & 0xFF_FFFF
            let next = (isNewer ? second : old >> 24) << 24 | min(count + 1, 0xFF_FFFF)
            let (exchanged, seen) = state.weakCompareExchange(
                expected: old,
                desired: next,
                ordering: .relaxed
            )
            if exchanged {
                return Admission(
                    isAdmitted: count < Self.eventsPerSecondMax,
                    countedBefore: isNewer ? Self.counted(old) : 0
                )
            }
            old = seen
        }
    }

    /// Takes the count of a second that is over; 0 when there is nothing to write.
    func takeCounted(atMilliseconds now: Int64) -> Int {
        let second = UInt64(max(0, now)) / 1_000
        var old = state.load(ordering: .relaxed)
        while second > old >> 24, Self.counted(old) > 0 {
            let (exchanged, seen) = state.weakCompareExchange(
                expected: old,
                desired: second << 24,
                ordering: .relaxed
            )
            if exchanged { return Self.counted(old) }
            old = seen
        }
        return 0
    }

    private static func counted(_ state: UInt64) -> Int {
        max(0, Int(state & 0xFF_FFFF) - eventsPerSecondMax)
    }
}

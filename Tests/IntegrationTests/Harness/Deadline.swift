/// The moment after which waiting is a failure: no read in a test is without one.
struct Deadline: Sendable {
    private let instant: ContinuousClock.Instant

    init(seconds: Double) {
        instant = .now + .milliseconds(Int(seconds * 1_000))
    }

    /// Milliseconds left, never negative: an argument for `poll`.
    var remainingMilliseconds: Int32 {
        let left = ContinuousClock.now.duration(to: instant).components
        let milliseconds = left.seconds * 1_000 + left.attoseconds / 1_000_000_000_000_000
        return Int32(clamping: max(0, milliseconds))
    }

    var remainingSeconds: Double { Double(remainingMilliseconds) / 1_000 }

    var hasPassed: Bool { ContinuousClock.now >= instant }
}

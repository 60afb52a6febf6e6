/// What follows from the answers to batches: go on, split, put aside, wait.
///
/// It does nothing itself; time and chance are arguments.
struct ShippingCourse: Sendable {
    private(set) var progress: ShippingProgress
    private(set) var backoff: Backoff
    private(set) var counts = ShippingCounts()

    /// Why the last attempt failed; `nil` after one that did not.
    private(set) var trouble: ShippingTrouble?

    /// What to do next.
    enum Step: Hashable, Sendable {
        /// The part of the batch that was sent is settled, or smaller now.
        case goOn

        /// The one event of the batch goes to the dead-letter file.
        case putAside(status: Int)

        /// So many events of the batch were not taken, and nobody knows which.
        case putAsideSome(rejected: Int)

        case wait(milliseconds: Int64)
    }

    init(progress: ShippingProgress, backoff: Backoff) {
        self.progress = progress
        self.backoff = backoff
    }

    /// Begins a batch.
    mutating func begin(_ batch: EventBatch) { progress.begin(batch) }

    /// Moves on where there is nothing to send.
    mutating func move(to place: JournalPlace) { progress.move(to: place) }

    /// Gives up a batch that is not in the journal any more.
    mutating func abandon() { progress.abandon() }

    /// A batch was answered.
    mutating func answered(
        _ verdict: ShippingVerdict,
        to batch: EventBatch,
        wanted: Int64?,
        chance: Double
    ) -> Step {
        switch verdict {
        case .accepted:
            arrived()
            counts.sent += batch.count
            progress.settle()
            return .goOn
        case .partly(let rejected):
            arrived()
            return batch.count == 1 ? .putAside(status: 200) : .putAsideSome(rejected: rejected)
        case .refused(let status):
            arrived()
            counts.failed += 1
            if batch.count == 1 { return .putAside(status: status) }
            progress.split(at: batch.firstHalf.end)
            return .goOn
        case .sendAgain: return .goOn
        case .failed(let status):
            return failed(.status(status), wanted: wanted, chance: chance)
        }
    }

    /// What was to be put aside is in the dead-letter file.
    mutating func isPutAside(_ dead: Int, of batch: EventBatch) {
        counts.dead += dead
        counts.sent += batch.count - dead
        trouble = nil
        progress.settle()
    }

    /// An attempt failed; the same batch is sent again after a while.
    mutating func failed(
        _ trouble: ShippingTrouble,
        wanted: Int64? = nil,
        chance: Double
    ) -> Step {
        self.trouble = trouble
        counts.failed += 1
        return .wait(milliseconds: backoff.failed(wanted: wanted, chance: chance))
    }

    /// The receiver has answered something that waiting does not change.
    private mutating func arrived() {
        trouble = nil
        backoff.succeeded()
    }
}

/// What a shipper has done since the start of the process.
struct ShippingCounts: Hashable, Sendable {
    /// Events that the receiver has.
    var sent = 0

    /// Batches that it did not take, each time.
    var failed = 0

    /// Events that were put aside.
    var dead = 0
}

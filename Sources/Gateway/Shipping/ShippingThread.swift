import Dispatch
import Synchronization

/// Sends the events of the journal to one receiver, on a thread of its own.
///
/// One batch is under way at a time, and kept in memory until it is settled. Whatever the receiver
/// does holds up nobody but this thread.
final class ShippingThread: Sendable {
    let settings: Configuration.Shipper

    private let folder: ShippingFolder
    private let client: OutboundClient
    private let holds: SegmentHolds
    private let report: @Sendable (String) -> Void
    private let wakeUp: WakeUp
    private let shown: Mutex<Shown>
    private let ended = DispatchSemaphore(value: 0)

    /// When the thread ends at the latest, in monotonic milliseconds.
    private let endsAt = Atomic<Int64>(.max)

    /// What others see of it.
    struct Shown: Sendable {
        var places: [Int: JournalPlace] = [:]
        var counts = ShippingCounts()
        var trouble: ShippingTrouble?
    }

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - settings: What to send where.
    ///   - journalPath: The journal's folder.
    ///   - client: Makes the requests.
    ///   - holds: Told how far it has come.
    ///   - report: Takes what an operator should know.
    /// - Throws: When the system has no room for a thread.
    init(
        _ settings: Configuration.Shipper,
        journalPath: String,
        client: OutboundClient,
        holds: SegmentHolds,
        report: @escaping @Sendable (String) -> Void
    ) throws(Errno) {
        self.settings = settings
        self.client = client
        self.holds = holds
        self.report = report
        folder = ShippingFolder(path: journalPath, name: settings.name)
        wakeUp = try WakeUp()
        shown = Mutex(Shown())
        try Thread(name: "ship-" + settings.name) { [self] in
            run()
            ended.signal()
        }
        .detach()
    }

    /// What it has done so far, and how it stands.
    var state: Shown { shown.withLock { $0 } }

    /// What is left to send.
    func lag(at now: Int64) throws(Errno) -> ShippingLag {
        try ShippingLag(behind: state.places, in: folder.segments, at: now)
    }

    /// Has the thread end once nothing is left to send or the receiver fails, at the latest after
    /// `milliseconds`.
    func finish(within milliseconds: Int64) {
        endsAt.store(Clock.monotonicMilliseconds() + milliseconds, ordering: .releasing)
        wakeUp.signal()
    }

    /// Waits until the thread has ended.
    func join() {
        ended.wait()
        ended.signal()
    }

    private var isFinishing: Bool { endsAt.load(ordering: .acquiring) != .max }

    private var isOver: Bool {
        Clock.monotonicMilliseconds() >= endsAt.load(ordering: .acquiring)
    }
}

extension ShippingThread {
    /// What the thread works with.
    private struct Work {
        var shipper: any EventShipper
        var course: ShippingCourse
        var search: BatchSearch

        /// What the file says.
        var saved: ShippingProgress?

        /// Why it does not say what it should.
        var placeTrouble: Errno?

        /// Whether an operator knows that the shipper does not get on.
        var isTold = false

        /// When an operator may be told of refused events again, in monotonic milliseconds.
        var mayTellAt = Int64.min
    }

    private func run() {
        guard let shipper = settings.makeShipper() else { return }
        let found = folder.load()
        if found == nil { report("shipper `\(settings.name)` begins anew: its places are lost") }
        let backoff = Backoff(
            milliseconds: settings.retryMilliseconds,
            millisecondsMax: settings.retryMillisecondsMax
        )
        var work = Work(
            shipper: shipper,
            course: ShippingCourse(progress: found ?? ShippingProgress(), backoff: backoff),
            search: BatchSearch(folder: folder.segments, settings: settings),
            saved: found
        )
        show(&work)
        while !isOver, turn(&work) {}
        save(&work)
        show(&work)
    }

    /// Sends one batch, or waits for events.
    ///
    /// - Returns: Whether to go on.
    private func turn(_ work: inout Work) -> Bool {
        let batch: EventBatch?
        do throws(Errno) {
            batch = try work.search.next(&work.course, takesAll: isFinishing)
        } catch {
            let step = work.course.failed(.journal(error), chance: chance)
            show(&work)
            return pause(step)
        }
        save(&work)
        show(&work)
        guard let batch else {
            if isFinishing { return false }
            wakeUp.wait(milliseconds: Int32(settings.intervalMilliseconds))
            return true
        }
        guard let result = send(batch, work.shipper) else { return false }
        let step = putAside(judge(result, batch, &work), batch, &work)
        show(&work)
        return pause(step)
    }

    private var chance: Double { Double.random(in: 0...1) }

    /// Writes down how far it has come, and the batch that is sent next.
    ///
    /// Where that is not possible events are shipped all the same: they would be sent again after a
    /// restart, and a full disk may need them gone.
    private func save(_ work: inout Work) {
        guard work.saved != work.course.progress else { return }
        do throws(Errno) {
            try folder.save(work.course.progress)
            work.saved = work.course.progress
            work.placeTrouble = nil
        } catch { work.placeTrouble = error }
    }

    /// Waits as long as a step says.
    ///
    /// - Returns: Whether to go on.
    private func pause(_ step: ShippingCourse.Step) -> Bool {
        guard case .wait(let milliseconds) = step else { return true }
        if isFinishing { return false }
        let end = Clock.monotonicMilliseconds() + milliseconds
        while !isFinishing {
            let left = end - Clock.monotonicMilliseconds()
            if left <= 0 { return true }
            wakeUp.wait(milliseconds: Int32(left))
        }
        return false
    }

    /// Sends a batch and waits for the answer; `nil` when the thread has to end.
    private func send(
        _ batch: EventBatch,
        _ shipper: any EventShipper
    ) -> Result<OutboundAnswer, ShippingTrouble>? {
        guard var request = shipper.request(for: batch) else { return .failure(.url) }
        request.fields += settings.headers.map { .init(name: $0.name, value: $0.value) }
        request.caPath = settings.authorities?.path
        request.deadlineMilliseconds = Int64(settings.timeoutMilliseconds)
        request.answerBytesMax = Self.answerBytesMax
        request.isRepeatable = true
        let answer = Answer()
        let wakeUp = wakeUp
        client.send(request) { result in
            answer.put(result)
            wakeUp.signal()
        }
        while true {
            if let result = answer.result { return result.mapError { .outbound($0) } }
            if isOver { return nil }
            let left = endsAt.load(ordering: .acquiring) - Clock.monotonicMilliseconds()
            wakeUp.wait(milliseconds: Int32(max(min(left, 60_000), 0)))
        }
    }

    /// The most of an answer that is read; what is in it is of interest to formats only.
    private static let answerBytesMax = 4 * 1_048_576

    private func judge(
        _ result: Result<OutboundAnswer, ShippingTrouble>,
        _ batch: EventBatch,
        _ work: inout Work
    ) -> ShippingCourse.Step {
        switch result {
        case .failure(let trouble): return work.course.failed(trouble, chance: chance)
        case .success(let answer):
            let wanted = answer.retryAfter.flatMap {
                RetryAfter.milliseconds($0, at: Clock.unixMilliseconds())
            }
            return work.course.answered(
                work.shipper.verdict(on: answer, to: batch),
                to: batch,
                wanted: wanted,
                chance: chance
            )
        }
    }

    /// Writes into the dead-letter file what a step wants there.
    ///
    /// - Returns: What follows.
    private func putAside(
        _ step: ShippingCourse.Step,
        _ batch: EventBatch,
        _ work: inout Work
    ) -> ShippingCourse.Step {
        let now = Clock.unixMilliseconds()
        let status: Int
        do throws(DeadLetterFile.Failure) {
            switch step {
            case .putAside(let answered):
                status = answered
                for event in batch.events {
                    try folder.deadLetters.add(event: event, status: status, at: now)
                }
                work.course.isPutAside(batch.count, of: batch)
            case .putAsideSome(let rejected):
                status = 200
                try folder.deadLetters.add(
                    batch: batch,
                    rejected: rejected,
                    status: status,
                    at: now
                )
                work.course.isPutAside(rejected, of: batch)
            case .goOn, .wait: return step
            }
        } catch { return work.course.failed(.deadLetter(error), chance: chance) }
        tell(status, &work)
        return .goOn
    }

    private func tell(_ status: Int, _ work: inout Work) {
        let now = Clock.monotonicMilliseconds()
        guard now >= work.mayTellAt else { return }
        work.mayTellAt = now + Self.tellMilliseconds
        report(
            "shipper `\(settings.name)`: the receiver refuses events with status \(status); "
                + "they are in `\(folder.deadLetters.path)`"
        )
    }

    /// How often refused events are told of at the most.
    private static let tellMilliseconds: Int64 = 60_000

    /// Lets others see how it stands, and tells an operator when that turns.
    private func show(_ work: inout Work) {
        let now = Shown(
            places: work.course.progress.places,
            counts: work.course.counts,
            trouble: work.course.trouble ?? work.placeTrouble.map { .place($0) }
        )
        shown.withLock { $0 = now }
        holds.set(settings.name, to: now.places)
        if let trouble = now.trouble, !work.isTold {
            report("shipper `\(settings.name)` does not get on: \(trouble.description)")
            work.isTold = true
        } else if now.trouble == nil, work.isTold {
            report("shipper `\(settings.name)` gets on again")
            work.isTold = false
        }
    }

    /// Where an answer is put that comes on another thread.
    private final class Answer: Sendable {
        private let held = Mutex<Result<OutboundAnswer, OutboundFailure>?>(nil)

        func put(_ result: Result<OutboundAnswer, OutboundFailure>) {
            held.withLock { $0 = result }
        }

        var result: Result<OutboundAnswer, OutboundFailure>? { held.withLock { $0 } }
    }
}

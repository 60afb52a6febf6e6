import Synchronization

/// What the journal thread does: makes segments ahead, seals full ones, removes old ones.
final class SegmentKeeper: Sendable {
    private let folder: SegmentFolder
    private let ports: [JournalPort]
    private let wakeUp: WakeUp
    private let indexes: IndexKeeper
    private let isStopping = Atomic<Bool>(false)
    private let state: Mutex<State>

    private struct State {
        var seals: SealLog

        /// Segments that nobody writes to, on their way to their seal.
        var retired: [RetiredSegment] = []
        var unsealed: [SegmentName] = []

        /// The events of unsealed segments, where their writers counted them.
        var events: [String: Int] = [:]
        var lookedAtSeconds: Int64 = 0
        var statistics = JournalStatistics()

        /// Segments that were removed while the seals could not be written, on a full disk.
        var unnoted: [String] = []

        /// Notes in the seals that a segment is being removed; what fails is tried with the next.
        mutating func note(removed name: SegmentName) {
            unnoted.append(name.sealed)
            unnoted = unnoted.filter { name in
                do throws(Errno) {
                    try seals.remove(name)
                    return false
                } catch {
                    statistics.lastError = error.description
                    return true
                }
            }
        }
    }

    /// How often the thread looks for work that nobody woke it for.
    private static let turnMilliseconds: Int32 = 1_000

    /// How much of a segment is read at a time.
    private static let pieceBytes = 65_536

    /// How often the folder is looked through for segments to remove.
    private static let retentionSeconds: Int64 = 60

    init(
        folder: SegmentFolder,
        ports: [JournalPort],
        wakeUp: WakeUp,
        seals: SealLog,
        indexes: IndexKeeper
    ) {
        self.folder = folder
        self.ports = ports
        self.wakeUp = wakeUp
        self.indexes = indexes
        state = Mutex(State(seals: seals))
    }

    /// Takes care of segments with their final name, those that have no seal yet.
    func adopt(_ names: [SegmentName]) {
        state.withLock { state in
            let known = state.seals.sealedNames
            let missing = Set(names.filter { !known.contains($0.sealed) })
            state.unsealed += missing.sorted { $0.milliseconds < $1.milliseconds }
        }
    }

    /// The body of the journal thread.
    func run() {
        while !isStopping.load(ordering: .acquiring) {
            turn(atMilliseconds: Clock.unixMilliseconds())
            wakeUp.wait(milliseconds: Self.turnMilliseconds)
        }
        for port in ports {
            if let spare = port.close() { try? FileSystem.remove(spare.path) }
        }
        seal()
    }

    /// Ends `run` after its last work.
    func stop() {
        isStopping.store(true, ordering: .releasing)
        wakeUp.signal()
    }

    /// Does everything that is due.
    func turn(atMilliseconds now: Int64) {
        makeSpares(atMilliseconds: now)
        let sealedSome = seal()
        let isDue = state.withLock { now / 1_000 - $0.lookedAtSeconds >= Self.retentionSeconds }
        if sealedSome || isDue { removeExpired(atSeconds: now / 1_000) }
    }

    /// Makes a segment for every loop that has none ahead.
    func makeSpares(atMilliseconds now: Int64) {
        for port in ports where port.wantsSpare {
            do {
                let segment = try port.makeSegment(atMilliseconds: now)
                state.withLock { $0.statistics.segmentsMade += 1 }
                if !port.offer(segment) { try FileSystem.remove(segment.path) }
            } catch {
                port.report(error)
            }
        }
    }

    var statistics: JournalStatistics { state.withLock { $0.statistics } }
}

extension SegmentKeeper {
    /// Cuts, renames and seals what is ready; what fails is tried again in the next turn.
    ///
    /// - Returns: Whether anything was sealed.
    @discardableResult
    func seal() -> Bool {
        let ready = ports.flatMap { $0.takeSealable() }
        return state.withLock { state in
            let retired = state.retired + ready
            state.retired = retired.filter { !finish($0, &state) }
            let before = state.unsealed.count
            let unsealed = state.unsealed
            state.unsealed = unsealed.filter { name in
                do throws(Errno) {
                    try state.seals.seal(name, events: state.events[name.sealed])
                    indexes.take(name)
                    state.events[name.sealed] = nil
                    state.statistics.segmentsSealed += 1
                    return false
                } catch {
                    state.statistics.lastError = error.description
                    // One that was removed by hand cannot be sealed any more.
                    return !error.isMissingFile
                }
            }
            return state.unsealed.count < before
        }
    }

    /// Gives a segment its final length and name.
    private func finish(_ retired: RetiredSegment, _ state: inout State) -> Bool {
        let name = retired.segment.name
        let path = folder.path + "/" + name.active
        do {
            if retired.usedBytes == 0 {
                try FileSystem.remove(path)
                return true
            }
            let file = try DiskFile(changing: path)
            try file.truncate(to: retired.usedBytes)
            if ports[0].settings.durability == .power { try file.synchronize() }
            try FileSystem.rename(path, to: folder.path + "/" + name.sealed)
            state.unsealed.append(name)
            state.events[name.sealed] = retired.events
            return true
        } catch {
            state.statistics.lastError = error.description
            return error.isMissingFile
        }
    }

    /// Removes a segment with its index, and notes that in the seals.
    private func remove(_ name: SegmentName, _ path: String) -> Bool {
        state.withLock { $0.note(removed: name) }
        guard (try? FileSystem.remove(path)) != nil else { return false }
        indexes.remove(name)
        return true
    }

    /// How many events of a segment somebody still wants.
    private func wantedEvents(of item: Retention.Item) -> Int {
        guard var offset = item.wantedOffset,
            let file = try? DiskFile(reading: folder.path(of: item.entry))
        else { return 0 }
        var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
        var events = 0
        while let count = try? file.read(into: &piece, at: offset), count > 0 {
            events += SealLog.lineCount(piece.span.extracting(0..<count))
            offset += count
        }
        return events
    }

    /// Removes the sealed segments that are too old or too many.
    func removeExpired(atSeconds now: Int64) {
        guard let entries = try? folder.entries() else { return }
        let settings = ports[0].settings
        let items = entries.compactMap { entry in
            FileSystem.status(of: folder.path(of: entry)).map {
                Retention.Item(
                    entry: entry,
                    byteCount: $0.byteCount,
                    changedSeconds: $0.changedSeconds,
                    wantedOffset: settings.holds.wantedOffset(of: entry.name)
                )
            }
        }
        let retention = Retention(
            keepSeconds: settings.keepSeconds,
            limitBytes: settings.limitBytes
        )
        var unshipped = 0
        let expired = retention.expired(items, atSeconds: now).filter {
            let wanted = wantedEvents(of: $0)
            guard remove($0.entry.name, folder.path(of: $0.entry)) else { return false }
            unshipped += wanted
            return true
        }
        if unshipped > 0 {
            settings.report(
                "the journal's limit removed \(unshipped) events that were not shipped yet"
            )
        }
        state.withLock { state in
            state.statistics.unshippedEventsRemoved += unshipped
            state.lookedAtSeconds = now
            state.statistics.segmentsRemoved += expired.count
            state.statistics.segmentFiles = items.count - expired.count
            state.statistics.segmentBytes =
                items.reduce(0) { $0 + $1.byteCount } - expired.reduce(0) { $0 + $1.byteCount }
        }
    }
}

import Synchronization

/// The record of what was asked and what became of it: a folder of segments, one writer a loop.
///
/// Opening it finishes what an earlier process left open. Its thread makes segments ahead, seals
/// full ones and removes old ones. Make the writers before the loops start; close every writer,
/// then the journal.
final class Journal: Sendable {
    let settings: JournalSettings

    /// How many STARTs of earlier processes got their FAIL when this was opened.
    let recoveredStarts: Int

    private let ports: [JournalPort]
    private let keeper: SegmentKeeper
    private let indexes: IndexKeeper
    private let thread: Mutex<Thread?>

    /// Held for as long as the journal is open, so no other process writes to the folder.
    private let lockFile: DiskFile

    /// The name of the file whose lock says that a process writes to the folder.
    static let lockName = "lock"

    /// Opens a journal and starts its thread.
    ///
    /// - Parameters:
    ///   - settings: Where, and how.
    ///   - now: Milliseconds since 1970.
    /// - Throws: Why it cannot be used; a full disk is no reason.
    init(_ settings: JournalSettings, atMilliseconds now: Int64) throws(JournalFailure) {
        let path = settings.path
        self.settings = settings
        do {
            try FileSystem.makeFolder(path)
        } catch {
            throw .file(path: path, operation: .makeFolder, reason: error)
        }
        let lockPath = path + "/" + Self.lockName
        do {
            lockFile = try DiskFile(changing: lockPath)
        } catch {
            throw .file(path: lockPath, operation: .open, reason: error)
        }
        guard lockFile.lock() else { throw .locked(path: path) }

        let folder = SegmentFolder(path: path)
        var recovery = Recovery(folder: folder, atMilliseconds: now)
        let wakeUp: WakeUp
        do {
            let waiting = try recovery.run()
            let entries = try folder.entries()
            let seals = try SealLog(folder: path, makeDigest: settings.makeDigest)
            let lastNumbers = Self.lastNumbers(entries, seals)
            wakeUp = try WakeUp()
            ports = (0..<settings.loops).map { loop in
                JournalPort(
                    loop: loop,
                    settings: settings,
                    lastNumber: lastNumbers[loop] ?? 0,
                    wakeUp: wakeUp
                )
            }
            indexes = try IndexKeeper(folder: folder)
            keeper = SegmentKeeper(
                folder: folder,
                ports: ports,
                wakeUp: wakeUp,
                seals: seals,
                indexes: indexes
            )
            keeper.adopt(entries.filter(\.isSealed).map(\.name) + waiting)
        } catch {
            throw .file(path: path, operation: .recover, reason: error)
        }
        recoveredStarts = recovery.finishedStarts
        keeper.makeSpares(atMilliseconds: now)
        let keeper = keeper
        do {
            try indexes.start()
            thread = Mutex(try Thread(name: "journal") { keeper.run() })
        } catch {
            throw .file(path: path, operation: .startThread, reason: error)
        }
    }

    /// The highest number of a segment of each loop; of those that were removed too: numbers never
    /// begin again.
    private static func lastNumbers(
        _ entries: [SegmentFolder.Entry],
        _ seals: SealLog
    ) -> [Int: Int] {
        let names = entries.map(\.name) + seals.sealedNames.compactMap { SegmentName(fileName: $0) }
        return Dictionary(names.map { ($0.loop, $0.number) }, uniquingKeysWith: max)
    }

    /// Makes the writer of a loop; each loop has one.
    func makeWriter(loop: Int) -> JournalWriter { JournalWriter(port: ports[loop]) }

    /// Whether every loop can write.
    var isAvailable: Bool {
        ports.allSatisfy { !$0.counters.isUnavailable.load(ordering: .relaxed) }
    }

    /// Removes the segments that are too old or too many; the journal thread does so by itself.
    func removeExpired(atSeconds now: Int64) { keeper.removeExpired(atSeconds: now) }

    /// Seals what the closed writers left, stops the thread and gives the folder free.
    func close() {
        settle()
        lockFile.unlock()
    }

    /// Seals what was written and ends the threads: the folder does not change any more.
    func settle() {
        keeper.stop()
        let running = thread.withLock { $0.take() }
        guard let running else { return }
        running.join()
        indexes.stop()
    }

    /// The journal's numbers at this moment.
    var statistics: JournalStatistics {
        var statistics = keeper.statistics
        statistics.recoveredStarts = recoveredStarts
        for port in ports {
            let counters = port.counters
            statistics.events += counters.events.load(ordering: .relaxed)
            statistics.bytes += counters.bytes.load(ordering: .relaxed)
            statistics.failures += counters.failures.load(ordering: .relaxed)
            statistics.lostEvents += counters.lostEvents.load(ordering: .relaxed)
            statistics.openStarts += counters.openStarts.load(ordering: .relaxed)
            let made = counters.segmentsMadeByLoop.load(ordering: .relaxed)
            statistics.segmentsMadeByLoops += made
            statistics.segmentsMade += made
            if counters.isUnavailable.load(ordering: .relaxed) { statistics.unavailableLoops += 1 }
            if let failure = port.lastFailure { statistics.lastError = failure.description }
        }
        return statistics
    }
}

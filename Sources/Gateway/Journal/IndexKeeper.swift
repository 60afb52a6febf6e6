import Synchronization

/// Makes and mends the indexes of sealed segments, on a thread that runs when there is nothing else
/// to do.
final class IndexKeeper: Sendable {
    private let folder: SegmentFolder
    private let wakeUp: WakeUp
    private let isStopping = Atomic<Bool>(false)
    private let state = Mutex(State())

    private struct State {
        /// Segments to look at, the next one last; there are as many as files at the most.
        var waiting: [SegmentName] = []
    }

    /// How long the thread waits for work that nobody woke it for.
    private static let turnMilliseconds: Int32 = 60_000

    init(folder: SegmentFolder) throws(Errno) {
        self.folder = folder
        wakeUp = try WakeUp()
    }

    /// Starts the thread.
    ///
    /// Nobody waits for its end: where a processor is never idle, that may take long.
    func start() throws(Errno) { try Thread(name: "index") { self.run() }.detach() }

    /// Has the index made of a segment that was sealed.
    func take(_ name: SegmentName) {
        state.withLock { $0.waiting.append(name) }
        wakeUp.signal()
    }

    /// Ends the thread soon; the index that it is at is left to the next start.
    func stop() {
        isStopping.store(true, ordering: .releasing)
        wakeUp.signal()
    }

    private func run() {
        Thread.runWhenIdle()
        lookThrough()
        while !isStopping.load(ordering: .acquiring) {
            if let name = state.withLock({ $0.waiting.popLast() }) {
                mend(name)
            } else {
                wakeUp.wait(milliseconds: Self.turnMilliseconds)
            }
        }
    }

    /// Notes the segments of earlier processes, and removes indexes that have lost their segment.
    private func lookThrough() {
        guard let entries = try? folder.entries(),
            let names = try? FileSystem.names(in: folder.path)
        else { return }
        let known = Set(entries.map(\.name))
        for name in names.compactMap(SegmentName.init(indexName:)) where !known.contains(name) {
            remove(name)
        }
        let sealed = entries.filter(\.isSealed).map(\.name)
        let oldestFirst = sealed.sorted { $0.milliseconds < $1.milliseconds }
        state.withLock { $0.waiting = oldestFirst + $0.waiting }
    }

    /// Makes the index of a segment unless there is a whole one.
    ///
    /// What fails is left: the segment is read instead, and the next start tries again.
    func mend(_ name: SegmentName) {
        if SegmentIndex(of: name, in: folder)?.isWhole == true { return }
        do throws(Errno) {
            try SegmentIndexBuilder.write(name, in: folder) {
                !isStopping.load(ordering: .acquiring)
            }
        } catch {
            remove(name)
            return
        }
        // It was removed meanwhile, and its index before this one was written.
        if FileSystem.status(of: folder.path + "/" + name.sealed) == nil { remove(name) }
    }

    /// Removes the index of a segment that goes, or went.
    func remove(_ name: SegmentName) { try? FileSystem.remove(folder.indexPath(of: name)) }
}

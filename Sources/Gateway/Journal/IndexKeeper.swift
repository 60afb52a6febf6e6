import Synchronization

/// Makes and mends the indexes of sealed segments, on a thread that runs when others leave it time.
final class IndexKeeper: Sendable {
    private let folder: SegmentFolder
    private let wakeUp: WakeUp
    private let isStopping = Atomic<Bool>(false)
    private let state = Mutex(State())
    private let thread = Mutex<Thread?>(nil)

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

    func start() throws(Errno) {
        try thread.withLock { thread throws(Errno) in
            thread = try Thread(name: "index") { self.run() }
        }
    }

    /// Has the index made of a segment that was sealed.
    func take(_ name: SegmentName) {
        state.withLock { $0.waiting.append(name) }
        wakeUp.signal()
    }

    /// Ends the thread after the segment it is at.
    func stop() {
        isStopping.store(true, ordering: .releasing)
        wakeUp.signal()
        let running = thread.withLock { $0.take() }
        if let running { running.join() }
    }

    private func run() {
        Thread.yieldToOthers()
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
            try SegmentIndexBuilder.write(name, in: folder)
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

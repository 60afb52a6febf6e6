import Synchronization

/// Where one loop's writer and the journal thread hand segments to each other.
final class JournalPort: Sendable {
    let loop: Int
    let settings: JournalSettings
    let counters = JournalCounters()

    /// Wakes the journal thread.
    private let wakeUp: WakeUp
    private let state: Mutex<Handover>

    private struct Handover {
        var lastNumber: Int
        var spare: Segment?
        var retired: [RetiredSegment] = []
        var isClosed = false
        var lastFailure: Errno?
    }

    /// - Parameters:
    ///   - loop: The loop's number.
    ///   - settings: What the journal was opened with.
    ///   - lastNumber: The highest number of a segment of this loop so far.
    ///   - wakeUp: Wakes the journal thread.
    init(loop: Int, settings: JournalSettings, lastNumber: Int, wakeUp: WakeUp) {
        self.loop = loop
        self.settings = settings
        self.wakeUp = wakeUp
        state = Mutex(Handover(lastNumber: lastNumber))
    }

    /// The segment that was made ahead, if there is one.
    func takeSpare() -> Segment? {
        let spare = state.withLock { handover -> Segment? in
            let spare = handover.spare
            handover.spare = nil
            return spare
        }
        if spare != nil { wakeUp.signal() }
        return spare
    }

    /// Hands over a segment that nothing more is written to.
    func retire(_ retired: RetiredSegment) {
        state.withLock { $0.retired.append(retired) }
        wakeUp.signal()
    }

    /// Says that the last open START of a retired segment has its outcome.
    func complete(segment number: Int) {
        state.withLock { handover in
            for index in handover.retired.indices
            where handover.retired[index].segment.name.number == number {
                handover.retired[index].openStarts = 0
            }
        }
        wakeUp.signal()
    }

    /// Makes the next segment: smaller ones where the disk is small or nearly full, so that little
    /// of it stays unused and no loop takes it all.
    ///
    /// One that is overtaken by another while it is being made could be used out of order, so
    /// `offer` refuses it.
    ///
    /// - Parameters:
    ///   - bytesMin: What must fit into it.
    ///   - now: Milliseconds since 1970.
    /// - Returns: The segment, with all of its disk blocks.
    /// - Throws: What the system said; `ENOSPC` when not even the smallest has room.
    func makeSegment(atLeast bytesMin: Int = 0, atMilliseconds now: Int64) throws(Errno) -> Segment
    {
        let number = state.withLock { handover -> Int in
            handover.lastNumber += 1
            return handover.lastNumber
        }
        if let failure = settings.allocationFailure() { throw failure }
        let name = SegmentName(milliseconds: now, loop: loop, number: number)
        let least = max(bytesMin, min(settings.segmentBytes, JournalSettings.segmentBytesMin))
        var byteCount = max(least, segmentBytesWanted())
        while true {
            do throws(Errno) {
                return try makeSegment(name, byteCount: byteCount)
            } catch {
                guard error == .noSpace, byteCount > least else { throw error }
                byteCount = max(least, byteCount / 2)
            }
        }
    }

    private func segmentBytesWanted() -> Int {
        let free = FileSystem.freeBytes(at: settings.path) ?? .max
        return min(
            settings.segmentBytes,
            min(free, settings.limitBytes) / JournalSettings.segmentShare
        )
    }

    private func makeSegment(_ name: SegmentName, byteCount: Int) throws(Errno) -> Segment {
        let segment = try Segment(folder: settings.path, name: name, byteCount: byteCount)
        // A file on the disk whose name is not there is lost with the power.
        if settings.durability == .power { try FileSystem.synchronize(folder: settings.path) }
        return segment
    }

    /// Waits until all of a segment is on the disk.
    func synchronize(_ segment: Segment) throws(Errno) {
        if let failure = settings.synchronizationFailure() { throw failure }
        try segment.file.synchronize()
    }

    /// Whether a spare segment is wanted.
    var wantsSpare: Bool { state.withLock { $0.spare == nil && !$0.isClosed } }

    /// Puts a spare segment in the slot; `false` when it came too late and must be removed.
    func offer(_ segment: Segment) -> Bool {
        state.withLock { handover in
            guard handover.spare == nil, !handover.isClosed,
                handover.lastNumber == segment.name.number
            else { return false }
            handover.spare = segment
            return true
        }
    }

    /// Remembers why an operation failed, for the statistics.
    func report(_ failure: Errno) {
        state.withLock { $0.lastFailure = failure }
    }

    /// The last failure that was reported.
    var lastFailure: Errno? { state.withLock { $0.lastFailure } }

    /// Takes the retired segments that can be sealed, oldest first.
    func takeSealable() -> [RetiredSegment] {
        state.withLock { handover in
            let ready = handover.retired.filter { $0.openStarts == 0 }
            handover.retired.removeAll { $0.openStarts == 0 }
            return ready
        }
    }

    /// Ends the making of spares, and gives back the one that is there.
    func close() -> Segment? {
        state.withLock { handover in
            handover.isClosed = true
            let spare = handover.spare
            handover.spare = nil
            return spare
        }
    }
}

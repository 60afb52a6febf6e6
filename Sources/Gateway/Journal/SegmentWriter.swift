import HTTP
import Synchronization

/// Room in the segments of one loop: where the next line goes, what is kept for outcomes, and the
/// change from one segment to the next.
///
/// Invariant: `place.cursor + reservedBytes <= place.capacity`.
struct SegmentWriter: ~Copyable {
    /// Bytes written since the start.
    private(set) var bytes = 0

    private let port: JournalPort
    private var segment: Segment?

    // The hot part of the segment, so that an append reads no class.
    private var place = WritePlace()

    /// Room kept in the segment for the outcomes of open requests.
    private var reservedBytes = 0

    /// Events written to the segment.
    private var eventsHere = 0

    /// Open requests whose START is in the segment, and those of earlier segments.
    private var openHere = 0
    private var openBefore: [(number: Int, count: Int)] = []

    /// When the segment was taken into use.
    private var beganMilliseconds: Int64 = 0

    /// Before this time this loop makes no segment itself.
    private var nextAttemptMilliseconds = Int64.min

    /// How far the pages of the segment are given back, and how far they are made present.
    private var releasedBytes = 0
    private var presentBytes = 0

    /// Where the cursor must come for pages to be due.
    private var nextPages = 0
    private var synchronizedBytes = 0

    /// Whether a segment was given up with bytes that did not reach the disk.
    private var hasLostBytes = false

    /// How many written bytes at most stay mapped behind the cursor, and how many ahead of it.
    ///
    /// Making pages present in one call costs a fifth less than meeting them one by one.
    private static let behindBytes = 524_288
    private static let aheadBytes = 131_072

    /// How often a loop that has no segment tries to make one.
    private static let attemptMilliseconds: Int64 = 1_000

    init(port: JournalPort) { self.port = port }

    /// Makes sure that `byteCount` bytes fit besides what is kept for outcomes.
    @inline(__always)
    mutating func ensureRoom(
        _ byteCount: Int,
        atMilliseconds now: Int64
    ) throws(JournalUnavailable) {
        if byteCount <= place.capacity - place.cursor - reservedBytes { return }
        try changeSegment(byteCount, now)
    }

    /// Keeps room for the outcome of a START that is written next.
    ///
    /// - Returns: The number of the segment, for `release`.
    @inline(__always)
    mutating func reserve(_ byteCount: Int) -> Int {
        reservedBytes += byteCount
        openHere += 1
        return place.number
    }

    /// Gives the room kept for an outcome back, which is written next.
    @inline(__always)
    mutating func release(_ byteCount: Int) {
        reservedBytes -= byteCount
    }

    /// Counts an open START of segment `number` as finished, after its outcome was written.
    @inline(__always)
    mutating func completeStart(of number: Int) {
        if number == place.number { openHere -= 1 } else { completeEarlier(number) }
    }

    /// Begins a line of at most `bytesMax` bytes, which `ensureRoom` or `reserve` made room for.
    @inline(__always)
    func beginLine(_ bytesMax: Int) -> OutputBuffer { place.beginLine(bytesMax) }

    /// Makes the line visible to readers and to a recovery.
    @inline(__always)
    mutating func endLine(_ line: consuming OutputBuffer) {
        precondition(!line.overflowed)
        let byteCount = line.count + 1
        place.endLine(byteCount: byteCount)
        bytes += byteCount
        eventsHere &+= 1
        if place.cursor >= nextPages { turnPages() }
    }

    /// Waits until everything written is on the disk; false when something never came there.
    mutating func synchronize() -> Bool {
        let hasLost = hasLostBytes || !synchronizeSegment()
        hasLostBytes = false
        return !hasLost
    }

    private mutating func synchronizeSegment() -> Bool {
        guard let segment, synchronizedBytes < place.cursor else { return true }
        // Said once: the kernel would call lost bytes written the next time.
        synchronizedBytes = place.cursor
        do {
            try port.synchronize(segment)
            return true
        } catch {
            port.report(error)
            return false
        }
    }

    /// Whether the segment has been in use for long enough to be sealed.
    func isAged(atMilliseconds now: Int64) -> Bool {
        place.cursor > 0 && now - beganMilliseconds >= port.settings.segmentAgeMilliseconds
    }

    /// Begins the next segment although this one is not full.
    mutating func turnOver(atMilliseconds now: Int64) {
        if let next = nextSegment(reservedBytes + 1, now) { begin(next, now) }
    }

    /// Gives the segment up, after all outcomes were written.
    mutating func close() {
        retire()
        place = WritePlace()
    }
}

extension SegmentWriter {
    private mutating func changeSegment(
        _ byteCount: Int,
        _ now: Int64
    ) throws(JournalUnavailable) {
        guard byteCount <= port.settings.segmentBytes - reservedBytes else { throw .tooManyOpen }
        guard let next = nextSegment(byteCount + reservedBytes, now) else {
            port.counters.isUnavailable.store(true, ordering: .relaxed)
            throw .noSegment
        }
        begin(next, now)
    }

    /// The segment that was made ahead, or one made here and now, of `bytesMin` bytes at least.
    private mutating func nextSegment(_ bytesMin: Int, _ now: Int64) -> Segment? {
        if let spare = port.takeSpare() {
            if spare.file.byteCount >= bytesMin { return spare }
            port.retire(RetiredSegment(segment: spare, usedBytes: 0, events: 0, openStarts: 0))
        }
        guard now >= nextAttemptMilliseconds else { return nil }
        do {
            let made = try port.makeSegment(atLeast: bytesMin, atMilliseconds: now)
            port.counters.segmentsMadeByLoop.wrappingAdd(1, ordering: .relaxed)
            return made
        } catch {
            port.report(error)
            nextAttemptMilliseconds = now + Self.attemptMilliseconds
            return nil
        }
    }

    /// Goes on in `next`; the room kept for outcomes moves with it.
    private mutating func begin(_ next: Segment, _ now: Int64) {
        if openHere > 0 { openBefore.append((place.number, openHere)) }
        if port.settings.durability == .power, !synchronizeSegment() { hasLostBytes = true }
        retire()
        place = WritePlace(next)
        segment = next
        openHere = 0
        eventsHere = 0
        releasedBytes = 0
        presentBytes = 0
        nextPages = 0
        synchronizedBytes = 0
        beganMilliseconds = now
        port.counters.isUnavailable.store(false, ordering: .relaxed)
    }

    private mutating func retire() {
        guard let segment else { return }
        segment.file.release(0..<segment.file.byteCount)
        port.retire(
            RetiredSegment(
                segment: segment,
                usedBytes: place.cursor,
                events: eventsHere,
                openStarts: openHere
            )
        )
        self.segment = nil
    }

    @inline(never)
    private mutating func completeEarlier(_ number: Int) {
        guard let index = openBefore.firstIndex(where: { $0.number == number }) else { return }
        openBefore[index].count -= 1
        guard openBefore[index].count == 0 else { return }
        openBefore.remove(at: index)
        port.complete(segment: number)
    }

    /// Makes pages present ahead of the cursor, and takes those far behind it out of this process.
    ///
    /// The page cache keeps what they hold.
    @inline(never)
    private mutating func turnPages() {
        let ahead = Self.aheadBytes
        let end = min((place.cursor / ahead + 2) * ahead, place.capacity)
        segment?.file.populate(presentBytes..<max(presentBytes, end))
        presentBytes = max(presentBytes, end)
        nextPages = end == place.capacity ? .max : end - ahead
        if place.cursor - releasedBytes >= Self.behindBytes {
            let written = place.cursor / ahead * ahead
            segment?.file.release(releasedBytes..<written)
            releasedBytes = written
        }
    }
}

/// What makes one event's `id` and `timestamp`, in text that is kept between events.
///
/// An `id` is a UUID of version 7 (RFC 9562): 48 bits of time, 12 bits of a counter, 18 bits of
/// the place of the open request, and 44 random bits that are the writer's own. So ids of one
/// writer increase, those of two writers differ, and the START and the outcome of a request
/// share the last 16 digits, even when a client repeats its `requestId`.
struct EventStamp: Sendable {
    /// The place of an event that belongs to no open request.
    static let slotNone = 0x3_FFFF

    /// How much of the end of an `id` START and outcome share.
    static let pairBytes = 17

    private(set) var id: InlineArray<36, UInt8>
    private(set) var timestamp: InlineArray<24, UInt8>

    /// The time of the last event; it never goes back.
    private(set) var milliseconds: Int64 = 0
    private var idMilliseconds: Int64 = 0
    private var second: Int64 = -1
    private var sequence = 0

    /// - Parameter node: Random bits; the lower 44 count.
    init(node: UInt64) {
        id = .init(repeating: UInt8(ascii: "-"))
        timestamp = EventTime.text(0)
        id[14] = UInt8(ascii: "7")
        put(node, digits: 11, at: 25)
    }

    /// Moves on to the next event.
    @inline(__always)
    mutating func advance(to now: Int64, slot: Int) {
        if now > milliseconds { moveClock(to: now) }
        sequence &+= 1
        // A counter that is used up borrows the next millisecond (RFC 9562 section 6.2).
        if sequence > 0xFFF { setIDTime(idMilliseconds + 1) }
        id[15] = Self.digit(sequence >> 8)
        id[16] = Self.digit(sequence >> 4)
        id[17] = Self.digit(sequence)
        id[19] = Self.digit(8 | (slot >> 16 & 3))
        id[20] = Self.digit(slot >> 12)
        id[21] = Self.digit(slot >> 8)
        id[22] = Self.digit(slot >> 4)
        id[24] = Self.digit(slot)
    }

    @inline(never)
    private mutating func moveClock(to now: Int64) {
        milliseconds = now
        if now > idMilliseconds { setIDTime(now) }
        if now / 1_000 != second {
            second = now / 1_000
            timestamp = EventTime.text(now)
        } else {
            EventTime.put(Int(now - second * 1_000), 3, at: 20, in: &timestamp)
        }
    }

    private mutating func setIDTime(_ time: Int64) {
        idMilliseconds = time
        sequence = 0
        put(UInt64(bitPattern: time >> 16), digits: 8, at: 0)
        put(UInt64(bitPattern: time), digits: 4, at: 9)
    }

    private mutating func put(_ value: UInt64, digits: Int, at start: Int) {
        var rest = value
        var index = start + digits
        while index > start {
            index -= 1
            id[index] = Self.digit(Int(truncatingIfNeeded: rest & 0xF))
            rest >>= 4
        }
    }

    @inline(__always)
    private static func digit(_ value: Int) -> UInt8 {
        let nibble = UInt8(truncatingIfNeeded: value & 0xF)
        return nibble < 10 ? 0x30 &+ nibble : 0x57 &+ nibble
    }
}

/// The place of an event in the order of all events: by time, then by `id`.
struct EventKey: Hashable, Sendable, Comparable {
    /// The digits of the timestamp, year first, as one number.
    var time: Int64

    /// The digits of the `id`, as one number.
    var id: UInt128

    init(time: Int64, id: UInt128) {
        self.time = time
        self.id = id
    }

    /// The place of the event in `line`.
    init(_ event: EventLine, in line: Span<UInt8>) {
        var digits: Int64 = 0
        for index in event.timestamp where line[index] >= 0x30 && line[index] <= 0x39 {
            digits = digits &* 10 &+ Int64(line[index] &- 0x30)
        }
        var number: UInt128 = 0
        for index in event.id where line[index] != UInt8(ascii: "-") {
            number = number &<< 4 | UInt128(Self.nibble(line[index]) ?? line[index] & 0xF)
        }
        time = digits
        id = number
    }

    /// The time that events at `milliseconds` since 1970 have.
    static func time(milliseconds: Int64) -> Int64 {
        let text = EventTime.text(milliseconds)
        var digits: Int64 = 0
        for index in text.indices where text[index] >= 0x30 && text[index] <= 0x39 {
            digits = digits * 10 + Int64(text[index] - 0x30)
        }
        return digits
    }

    static func < (left: EventKey, right: EventKey) -> Bool {
        left.time != right.time ? left.time < right.time : left.id < right.id
    }

    fileprivate static func nibble(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}

extension EventKey {
    /// The length of the text form.
    static let cursorBytes = 48

    /// The text form: a cursor that callers need not understand.
    var cursor: [UInt8] {
        Self.hexadecimal(UInt128(UInt64(bitPattern: time)), digits: 16)
            + Self.hexadecimal(id, digits: 32)
    }

    /// Reads what `cursor` wrote.
    init?(cursor: [UInt8]) {
        guard cursor.count == Self.cursorBytes else { return nil }
        var words: [UInt128] = [0, 0]
        for (index, byte) in cursor.enumerated() {
            guard let nibble = Self.nibble(byte) else { return nil }
            words[index < 16 ? 0 : 1] = words[index < 16 ? 0 : 1] << 4 | UInt128(nibble)
        }
        time = Int64(bitPattern: UInt64(words[0]))
        id = words[1]
    }

    private static func hexadecimal(_ value: UInt128, digits: Int) -> [UInt8] {
        (0..<digits).map { index in
            let nibble = UInt8(truncatingIfNeeded: value >> UInt128((digits - 1 - index) * 4)) & 0xF
            return nibble < 10 ? 0x30 + nibble : 0x57 + nibble
        }
    }
}

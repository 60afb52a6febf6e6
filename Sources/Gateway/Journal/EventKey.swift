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
        time = Self.time(event, in: line)
        id = Self.number(ofID: line.extracting(event.id))
    }

    /// The digits of an event's timestamp as one number, whatever the timestamp is.
    static func time(_ event: EventLine, in line: Span<UInt8>) -> Int64 {
        var digits: Int64 = 0
        for index in event.timestamp where line[index] >= 0x30 && line[index] <= 0x39 {
            digits = digits &* 10 &+ Int64(line[index] &- 0x30)
        }
        return digits
    }

    /// The text form of a time in digits, such as `2026-11-23T21:48:22.123Z`; the beginning of the
    /// hour when there are digits for that only.
    static func text(time: Int64) -> String {
        let whole = time < 1_000_000_000_000 ? time * 10_000_000 : time
        var digits = Array(String(whole).utf8)
        while digits.count < 17 { digits.insert(UInt8(ascii: "0"), at: 0) }
        var text: [UInt8] = []
        for (index, digit) in digits.enumerated() {
            switch index {
            case 4, 6: text.append(UInt8(ascii: "-"))
            case 8: text.append(UInt8(ascii: "T"))
            case 10, 12: text.append(UInt8(ascii: ":"))
            case 14: text.append(UInt8(ascii: "."))
            default: break
            }
            text.append(digit)
        }
        return String(decoding: text, as: UTF8.self) + "Z"
    }

    /// The digits of an `id` as one number, whatever the `id` is.
    static func number(ofID text: Span<UInt8>) -> UInt128 {
        var number: UInt128 = 0
        for index in text.indices where text[index] != UInt8(ascii: "-") {
            number = number &<< 4 | UInt128(nibble(text[index]) ?? text[index] & 0xF)
        }
        return number
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
    /// The length of the text form: time, id and check sum.
    static let cursorBytes = 16 + 32 + 16

    /// The text form: a cursor that callers need not understand.
    ///
    /// Its check sum tells one that was changed. It is no secret and need not be: a cursor is a place
    /// in the order of events, and what may be read from there on is asked anew each time.
    var cursor: [UInt8] {
        let place =
            Self.hexadecimal(UInt128(UInt64(bitPattern: time)), digits: 16)
            + Self.hexadecimal(id, digits: 32)
        let sum = StableHash.of(place.span, seed: UInt64(place.count))
        return place + Self.hexadecimal(UInt128(sum), digits: 16)
    }

    /// Reads what `cursor` wrote; `nil` when it is something else.
    init?(cursor: [UInt8]) {
        guard cursor.count == Self.cursorBytes else { return nil }
        var words: [UInt128] = [0, 0]
        for (index, byte) in cursor.prefix(48).enumerated() {
            guard let nibble = Self.nibble(byte) else { return nil }
            words[index < 16 ? 0 : 1] = words[index < 16 ? 0 : 1] << 4 | UInt128(nibble)
        }
        time = Int64(bitPattern: UInt64(words[0]))
        id = words[1]
        guard self.cursor == cursor else { return nil }
    }

    private static func hexadecimal(_ value: UInt128, digits: Int) -> [UInt8] {
        (0..<digits).map { index in
            let nibble = UInt8(truncatingIfNeeded: value >> UInt128((digits - 1 - index) * 4)) & 0xF
            return nibble < 10 ? 0x30 + nibble : 0x57 + nibble
        }
    }
}

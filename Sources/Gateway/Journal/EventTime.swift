/// Times of events: ISO 8601 in UTC with milliseconds, `2026-11-23T21:48:22.123Z`.
enum EventTime {
    /// The length of the text form.
    static let byteCount = 24

    /// The text form of a time in milliseconds since 1970.
    static func text(_ milliseconds: Int64) -> InlineArray<24, UInt8> {
        var text = InlineArray<24, UInt8>(repeating: UInt8(ascii: "-"))
        let seconds = floorDivide(milliseconds, 1_000)
        let days = floorDivide(seconds, 86_400)
        let ofDay = Int(seconds - days * 86_400)
        let date = civil(days: days)
        put(date.year, 4, at: 0, in: &text)
        put(date.month, 2, at: 5, in: &text)
        put(date.day, 2, at: 8, in: &text)
        text[10] = UInt8(ascii: "T")
        put(ofDay / 3_600, 2, at: 11, in: &text)
        text[13] = UInt8(ascii: ":")
        put(ofDay / 60 % 60, 2, at: 14, in: &text)
        text[16] = UInt8(ascii: ":")
        put(ofDay % 60, 2, at: 17, in: &text)
        text[19] = UInt8(ascii: ".")
        put(Int(milliseconds - seconds * 1_000), 3, at: 20, in: &text)
        text[23] = UInt8(ascii: "Z")
        return text
    }

    /// Writes `value` with `digits` digits, zeros in front.
    @inline(__always)
    static func put(
        _ value: Int,
        _ digits: Int,
        at start: Int,
        in text: inout InlineArray<24, UInt8>
    ) {
        var rest = value
        var index = start + digits
        while index > start {
            index -= 1
            text[index] = UInt8(truncatingIfNeeded: rest % 10) &+ 0x30
            rest /= 10
        }
    }

    /// Days since 1970-01-01 to a date of the Gregorian calendar (Hinnant, `civil_from_days`).
    private static func civil(days: Int64) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = floorDivide(shifted, 146_097)
        let ofEra = shifted - era * 146_097
        let year = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * year + year / 4 - year / 100)
        let shiftedMonth = (5 * ofYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let day = ofYear - (153 * shiftedMonth + 2) / 5 + 1
        return (Int(year + era * 400 + (month <= 2 ? 1 : 0)), Int(month), Int(day))
    }

    /// The inverse of `civil`.
    private static func days(year: Int, month: Int, day: Int) -> Int64 {
        let shifted = Int64(month <= 2 ? year - 1 : year)
        let era = floorDivide(shifted, 400)
        let ofEra = shifted - era * 400
        let ofYear = Int64((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1)
        return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }
}

extension EventTime {
    /// Which end of a day a date without a time means.
    enum Edge: Sendable {
        case start
        case end
    }

    /// Reads an ISO 8601 date, or date and time with `Z` or an offset; without, it is UTC.
    ///
    /// - Parameters:
    ///   - text: The time; digits beyond milliseconds are dropped.
    ///   - edge: What a date alone means.
    /// - Returns: Milliseconds since 1970; `nil` when the text is no such time.
    static func milliseconds(_ text: [UInt8], edge: Edge) -> Int64? {
        var reader = DigitReader(bytes: text)
        guard let year = reader.number(4), reader.take(UInt8(ascii: "-")),
            let month = reader.number(2), reader.take(UInt8(ascii: "-")),
            let day = reader.number(2), (1...12).contains(month), day >= 1,
            day <= monthDays(year, month)
        else { return nil }
        let midnight = days(year: year, month: month, day: day) * 86_400_000
        if reader.isAtEnd { return edge == .start ? midnight : midnight + 86_399_999 }
        guard reader.take(UInt8(ascii: "T")) || reader.take(UInt8(ascii: "t")),
            let hour = reader.number(2), hour < 24, reader.take(UInt8(ascii: ":")),
            let minute = reader.number(2), minute < 60
        else { return nil }
        var second = 0
        var fraction = 0
        if reader.take(UInt8(ascii: ":")) {
            guard let value = reader.number(2), value <= 60 else { return nil }
            second = value
            if reader.take(UInt8(ascii: ".")) {
                guard let value = reader.milliseconds() else { return nil }
                fraction = value
            }
        }
        let isUTC = reader.isAtEnd
        guard let offset = isUTC ? 0 : reader.offsetMinutes(), reader.isAtEnd else { return nil }
        let minutes = hour * 60 + minute - offset
        return midnight + Int64(minutes) * 60_000 + Int64(second * 1_000 + fraction)
    }

    private static func monthDays(_ year: Int, _ month: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private struct DigitReader {
        let bytes: [UInt8]
        var index = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { index == bytes.count }

        mutating func take(_ byte: UInt8) -> Bool {
            guard index < bytes.count, bytes[index] == byte else { return false }
            index += 1
            return true
        }

        mutating func digit() -> Int? {
            guard index < bytes.count, (0x30...0x39).contains(bytes[index]) else { return nil }
            index += 1
            return Int(bytes[index - 1] - 0x30)
        }

        mutating func number(_ digits: Int) -> Int? {
            var value = 0
            for _ in 0..<digits {
                guard let digit = digit() else { return nil }
                value = value * 10 + digit
            }
            return value
        }

        /// The digits of a fraction; the first three count.
        mutating func milliseconds() -> Int? {
            guard let first = digit() else { return nil }
            var value = first * 100
            var weight = 10
            while let next = digit() {
                value += next * weight
                weight /= 10
            }
            return value
        }

        /// `Z`, `+01:00` or `+0100`; a space is a `+` that a form decoder has eaten.
        mutating func offsetMinutes() -> Int? {
            if take(UInt8(ascii: "Z")) || take(UInt8(ascii: "z")) { return 0 }
            var sign = 1
            if take(UInt8(ascii: "-")) {
                sign = -1
            } else if !take(UInt8(ascii: "+")), !take(UInt8(ascii: " ")) {
                return nil
            }
            guard let hours = number(2), hours < 24 else { return nil }
            _ = take(UInt8(ascii: ":"))
            guard let minutes = number(2), minutes < 60 else { return nil }
            return sign * (hours * 60 + minutes)
        }
    }
}

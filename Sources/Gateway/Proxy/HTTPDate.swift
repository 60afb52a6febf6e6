/// The time of day as a `Date` field says it (RFC 9110 section 5.6.7), kept for a second.
struct HTTPDate: Sendable {
    /// Such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    private(set) var text = InlineArray<29, UInt8>(repeating: 0x20)
    private var second = Int64.min

    /// Moves on to `seconds` since 1970.
    @inline(__always)
    mutating func advance(to seconds: Int64) {
        if seconds != second { write(seconds) }
    }

    @inline(never)
    private mutating func write(_ seconds: Int64) {
        second = seconds
        let day = Int(seconds / 86_400)
        let time = Int(seconds % 86_400)
        let (year, month, monthDay) = Self.civil(day)
        put(Self.name("SunMonTueWedThuFriSat", (day + 4) % 7), at: 0)
        text[3] = UInt8(ascii: ",")
        put(monthDay, digits: 2, at: 5)
        put(Self.name("JanFebMarAprMayJunJulAugSepOctNovDec", month - 1), at: 8)
        put(year, digits: 4, at: 12)
        put(time / 3_600, digits: 2, at: 17)
        put(time / 60 % 60, digits: 2, at: 20)
        put(time % 60, digits: 2, at: 23)
        text[19] = UInt8(ascii: ":")
        text[22] = UInt8(ascii: ":")
        put(Self.name("GMT", 0), at: 26)
    }

    /// The date of a day since 1970-01-01, by the era of 400 years that it lies in.
    private static func civil(_ day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let ofEra = shifted % 146_097
        let year = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * year + year / 4 - year / 100)
        let month = (5 * ofYear + 2) / 153
        let civilMonth = month < 10 ? month + 3 : month - 9
        let civilYear = year + shifted / 146_097 * 400 + (civilMonth <= 2 ? 1 : 0)
        return (civilYear, civilMonth, ofYear - (153 * month + 2) / 5 + 1)
    }

    private static func name(_ all: StaticString, _ index: Int) -> (UInt8, UInt8, UInt8) {
        let start = unsafe all.utf8Start + index * 3
        return unsafe (start[0], start[1], start[2])
    }

    private mutating func put(_ name: (UInt8, UInt8, UInt8), at start: Int) {
        text[start] = name.0
        text[start + 1] = name.1
        text[start + 2] = name.2
    }

    private mutating func put(_ value: Int, digits: Int, at start: Int) {
        var rest = value
        for index in stride(from: start + digits - 1, through: start, by: -1) {
            text[index] = UInt8(truncatingIfNeeded: rest % 10) + 0x30
            rest /= 10
        }
    }
}

/// How long to wait after failures: longer each time, and never all at once.
struct Backoff: Hashable, Sendable {
    let milliseconds: Int64
    let millisecondsMax: Int64

    /// Failures since the last success.
    private(set) var failures = 0

    /// The longest time that a receiver may ask for.
    static let retryAfterMillisecondsMax: Int64 = 300_000

    init(milliseconds: Int, millisecondsMax: Int) {
        self.milliseconds = Int64(milliseconds)
        self.millisecondsMax = Int64(millisecondsMax)
    }

    mutating func succeeded() { failures = 0 }

    /// Takes note of a failure.
    ///
    /// - Parameters:
    ///   - wanted: How long the receiver asks to be left alone, in milliseconds.
    ///   - chance: A random number from 0 to 1.
    /// - Returns: How long to wait, in milliseconds: the doubled time less up to half of it.
    mutating func failed(wanted: Int64?, chance: Double) -> Int64 {
        let doubled = milliseconds << Int64(min(failures, 20))
        failures += 1
        let longest = min(doubled, millisecondsMax)
        let delay = longest / 2 + Int64(Double(longest - longest / 2) * chance)
        return max(delay, min(wanted ?? 0, Self.retryAfterMillisecondsMax))
    }
}

/// What a `Retry-After` asks for (RFC 9110 section 10.2.3).
enum RetryAfter {
    /// Reads seconds, or a date.
    ///
    /// - Parameters:
    ///   - text: The value of the field.
    ///   - now: Milliseconds since 1970.
    /// - Returns: Milliseconds from now on; `nil` when it is neither.
    static func milliseconds(_ text: String, at now: Int64) -> Int64? {
        if text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), (1...9).contains(text.utf8.count) {
            return Int64(text).map { $0 * 1_000 }
        }
        // `Sun, 06 Nov 1994 08:49:37 GMT`, the form that servers have to send.
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", parts[1].utf8.count == 2,
            let month = months.firstIndex(of: String(parts[2]))
        else { return nil }
        let digits = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        let date = "\(parts[3])-\(digits)-\(parts[1])T\(parts[4])Z"
        return EventTime.milliseconds(Array(date.utf8), edge: .start).map { max($0 - now, 0) }
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}

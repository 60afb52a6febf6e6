/// How long requests took, in classes whose width grows with the value.
///
/// Below 64 microseconds a class is one microsecond wide; above it is a 32nd of the power of two
/// below it. So a percentile, which is the middle of its class, is wrong by 1/64 (1.6 %) at most.
struct LatencyHistogram: Sendable, Equatable {
    /// The longest time that events can hold.
    static let microsecondsMax = 999_999_999_999_999

    /// 64 + (49 - 6) * 32 + 32: the highest bit of `microsecondsMax` is bit 49.
    static let classesMax = 1_472

    /// How many requests each class has, up to the highest that has any.
    private(set) var counts: [Int] = []
    private(set) var total = 0

    /// The longest time, exactly.
    private(set) var longest = 0

    mutating func add(microseconds: Int) {
        let value = min(max(0, microseconds), Self.microsecondsMax)
        add(1, to: Self.number(of: value))
        longest = max(longest, value)
    }

    /// Takes in what another histogram counted.
    mutating func add(_ other: LatencyHistogram) {
        for (number, count) in other.counts.enumerated() where count > 0 { add(count, to: number) }
        longest = max(longest, other.longest)
    }

    /// Takes in requests of a class whose longest time is known.
    mutating func add(_ count: Int, toClass number: Int, longest: Int) {
        precondition(number >= 0 && number < Self.classesMax && count >= 0)
        add(count, to: number)
        self.longest = max(self.longest, longest)
    }

    /// The time that `percent` of the requests did not exceed; `nil` when there are none.
    func microseconds(percent: Int) -> Int? {
        guard total > 0 else { return nil }
        var rest = max(1, (total * percent + 99) / 100)
        for (number, count) in counts.enumerated() {
            rest -= count
            if rest <= 0 { return min(Self.middle(of: number), longest) }
        }
        return longest
    }

    private mutating func add(_ count: Int, to number: Int) {
        while counts.count <= number { counts.append(0) }
        counts[number] += count
        total += count
    }

    static func number(of value: Int) -> Int {
        if value < 64 { return value }
        let highest = Int.bitWidth - 1 - value.leadingZeroBitCount
        return 64 + (highest - 6) * 32 + (value >> (highest - 5) & 31)
    }

    static func middle(of number: Int) -> Int {
        if number < 64 { return number }
        let highest = (number - 64) / 32 + 6
        let width = 1 << (highest - 5)
        return (32 + (number - 64) % 32) * width + width / 2
    }
}

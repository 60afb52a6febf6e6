/// A duration as written: a whole number and one of `ms`, `s`, `m`, `h`, `d`.
public struct TimeSpan: Hashable, Sendable {
    /// How long it is.
    public let milliseconds: Int

    /// Creates a duration.
    public init(milliseconds: Int) { self.milliseconds = milliseconds }

    /// The units and their milliseconds, the longest first.
    static let units: [(name: String, factor: Int)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
    ]

    /// Reads a duration.
    public init(parsing text: String) throws(Quantity.Failure) {
        milliseconds = try Quantity.parse(text, units: Self.units)
    }
}

extension TimeSpan: CustomStringConvertible {
    /// The duration in the longest unit that leaves a whole number.
    public var description: String { Quantity.describe(milliseconds, Self.units, zero: "0s") }
}

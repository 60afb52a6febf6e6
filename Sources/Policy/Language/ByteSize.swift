/// A size as written: a whole number and one of `B`, `KB`, `MB`, `GB`, `TB`; 1 KB is 1,024 bytes.
public struct ByteSize: Hashable, Sendable {
    /// How many bytes it is.
    public let bytes: Int

    /// Creates a size.
    public init(bytes: Int) { self.bytes = bytes }

    /// The units and their bytes, the largest first.
    static let units: [(name: String, factor: Int)] = [
        ("TB", 1_099_511_627_776), ("GB", 1_073_741_824), ("MB", 1_048_576), ("KB", 1_024),
        ("B", 1),
    ]

    /// Reads a size.
    public init(parsing text: String) throws(Quantity.Failure) {
        bytes = try Quantity.parse(text, units: Self.units)
    }
}

extension ByteSize: CustomStringConvertible {
    /// The size in the largest unit that leaves a whole number.
    public var description: String { Quantity.describe(bytes, Self.units, zero: "0B") }
}

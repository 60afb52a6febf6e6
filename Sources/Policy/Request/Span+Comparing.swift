extension Span<UInt8> {
    /// Whether the bytes are those of `other`.
    func isEqual(to other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }

    /// Whether the bytes are those of `other`.
    func isEqual(to other: StaticString) -> Bool {
        guard count == other.utf8CodeUnitCount else { return false }
        for index in indices where self[index] != (unsafe other.utf8Start[index]) { return false }
        return true
    }

    /// The bytes as an array.
    var copied: [UInt8] { indices.map { self[$0] } }
}

/// The names that an object had so far, as far as 256 bits can tell them apart.
///
/// It spares most objects the comparison of each name with each: a name whose bit is not set cannot
/// have been there.
struct MemberNames {
    private var seen: InlineArray<4, UInt64> = .init(repeating: 0)

    /// Whether some names have to be compared, since they may be the same.
    private(set) var isInDoubt = false

    /// Takes the name that stands in `range`; one with escapes says what its bytes do not.
    @inline(__always)
    mutating func take(_ bytes: Span<UInt8>, _ range: Range<Int>, hasEscapes: Bool) {
        guard !hasEscapes else {
            isInDoubt = true
            return
        }
        var value = UInt64(truncatingIfNeeded: range.count)
        if !range.isEmpty {
            value |= UInt64(bytes[range.lowerBound]) &<< 8
            value |= UInt64(bytes[range.lowerBound &+ range.count &>> 1]) &<< 16
            value |= UInt64(bytes[range.upperBound &- 1]) &<< 24
        }
        let place = Int(truncatingIfNeeded: (value &* 0x9E37_79B9_7F4A_7C15) &>> 56)
        let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: place & 63)
        if seen[place &>> 6] & bit != 0 { isInDoubt = true }
        seen[place &>> 6] |= bit
    }
}

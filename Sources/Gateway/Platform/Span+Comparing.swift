extension Span<UInt8> {
    /// Whether the bytes are the same; compared eight at a time.
    func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        let left = unsafe bytes
        let right = unsafe other.bytes
        var offset = 0
        while offset &+ 8 <= count {
            let a = unsafe left.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let b = unsafe right.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            guard a == b else { return false }
            offset &+= 8
        }
        while offset < count {
            guard self[offset] == other[offset] else { return false }
            offset &+= 1
        }
        return true
    }
}

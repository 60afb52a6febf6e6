/// Searches that the head parsers spend their time in.
///
/// Every one looks at bytes from `start`, which must lie in `0...count`, and never past `count`:
/// a word is only loaded while `offset + 8 <= count`, a byte only while `offset < count`. That is
/// the whole argument for the unchecked accesses in this file.
extension Span where Element == UInt8 {
    /// Eight bytes from `offset` on, the first of them lowest.
    ///
    /// `offset + 8 <= count` must hold.
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        let loaded = unsafe bytes.unsafeLoadUnaligned(
            fromUncheckedByteOffset: offset,
            as: UInt64.self
        )
        return UInt64(littleEndian: loaded)
    }

    /// The first offset whose byte is not `tchar`, or `count`.
    @inline(__always)
    func endOfToken(from start: Int) -> Int {
        var offset = start
        while offset < count, unsafe ByteClass.token.contains(self[unchecked: offset]) {
            offset &+= 1
        }
        return offset
    }

    /// The first offset whose byte is not visible ASCII, or `count`.
    @inline(__always)
    func endOfVisible(from start: Int) -> Int {
        firstSpecial(from: start, below: 0x21, refusing: 0x8080_8080_8080_8080)
    }

    /// The first offset whose byte may not stand in a field value, or `count`.
    ///
    /// Horizontal tabs, spaces and visible ASCII may, and `obs-text` in a response. A carriage
    /// return may not, so this is also the search for the end of a line.
    @inline(__always)
    func endOfText(from start: Int, in kind: MessageKind) -> Int {
        var offset = start
        while true {
            offset = firstSpecial(from: offset, below: 0x20, refusing: kind.refusedHighBits)
            guard offset < count, unsafe self[unchecked: offset] == ASCII.horizontalTab else {
                return offset
            }
            offset &+= 1
        }
    }

    /// The first offset before `end` whose byte is `byte`, or `end`.
    @inline(__always)
    func firstOffset(of byte: UInt8, from start: Int, to end: Int) -> Int {
        precondition(start <= end && end <= count)
        let pattern = 0x0101_0101_0101_0101 &* UInt64(byte)
        var offset = start
        while offset &+ 8 <= end {
            let difference = word(at: offset) ^ pattern
            let hits = (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
            if hits != 0 { return offset &+ hits.trailingZeroBitCount / 8 }
            offset &+= 8
        }
        while offset < end, unsafe self[unchecked: offset] != byte { offset &+= 1 }
        return offset
    }

    /// The first offset whose byte is under `floor`, DEL, or has a bit of `highBits`; or `count`.
    ///
    /// The borrow of a subtraction only spoils bytes above one that is itself a hit, and the
    /// lowest hit is the one returned, so the answer is exact.
    @inline(__always)
    private func firstSpecial(from start: Int, below floor: UInt8, refusing highBits: UInt64) -> Int
    {
        let floors = 0x0101_0101_0101_0101 &* UInt64(floor)
        var offset = start
        while offset &+ 8 <= count {
            let bytes = word(at: offset)
            let deletes = bytes ^ 0x7F7F_7F7F_7F7F_7F7F
            let low = (bytes &- floors) & ~bytes
            let delete = (deletes &- 0x0101_0101_0101_0101) & ~deletes
            let hits = (low | delete) & 0x8080_8080_8080_8080 | bytes & highBits
            if hits != 0 { return offset &+ hits.trailingZeroBitCount / 8 }
            offset &+= 8
        }
        while offset < count {
            let byte = unsafe self[unchecked: offset]
            if byte < floor || byte == 0x7F || UInt64(byte) & highBits != 0 { return offset }
            offset &+= 1
        }
        return offset
    }
}

/// Comparisons of a part of a message with something known.
extension Span where Element == UInt8 {
    /// Whether the bytes of `range` are those of `text`, capitals and small letters told apart.
    @inline(__always)
    func equals(_ text: StaticString, in range: Range<Int>) -> Bool {
        let length = text.utf8CodeUnitCount
        guard range.count == length else { return false }
        let start = unsafe text.utf8Start
        for index in 0..<length where unsafe self[range.lowerBound &+ index] != start[index] {
            return false
        }
        return true
    }

    /// Whether the bytes of `range` are those of `text`, which is in small letters, in any case.
    @inline(__always)
    func equalsIgnoringCase(_ text: StaticString, in range: Range<Int>) -> Bool {
        let length = text.utf8CodeUnitCount
        guard range.count == length else { return false }
        let start = unsafe text.utf8Start
        for index in 0..<length {
            let byte = ASCII.lowercased(self[range.lowerBound &+ index])
            guard unsafe byte == start[index] else { return false }
        }
        return true
    }

    /// Whether two parts of this span hold the same text, in any case.
    func equalsIgnoringCase(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
        guard one.count == other.count else { return false }
        for index in 0..<one.count {
            let first = ASCII.lowercased(self[one.lowerBound &+ index])
            let second = ASCII.lowercased(self[other.lowerBound &+ index])
            guard first == second else { return false }
        }
        return true
    }

    /// The part of `range` that is left without the whitespace at both ends.
    @inline(__always)
    func trimmingWhitespace(_ range: Range<Int>) -> Range<Int> {
        var lower = range.lowerBound
        var upper = range.upperBound
        while lower < upper, ASCII.isWhitespace(self[lower]) { lower &+= 1 }
        while lower < upper, ASCII.isWhitespace(self[upper &- 1]) { upper &-= 1 }
        return lower..<upper
    }
}

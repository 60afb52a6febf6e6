/// Finds the values of a JSON text and refuses what RFC 8259 does not allow.
struct JSONReader: ~Escapable {
    private let bytes: Span<UInt8>
    private let nodesMax: Int
    private var offset = 0
    private(set) var tape: [JSONEntry] = []

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, nodesMax: Int) {
        self.bytes = bytes
        self.nodesMax = nodesMax
        tape.reserveCapacity(min(nodesMax, bytes.count / 12 + 8))
    }

    mutating func readDocument() throws(JSONFailure) {
        guard bytes.count < JSONEntry.offsetMax else { throw failure(.tooLarge) }
        try readValue(depth: 0)
        skipSpace()
        guard offset == bytes.count else { throw failure(.trailingBytes) }
    }

    /// Reads one value; `depth` is the number of containers around it.
    private mutating func readValue(depth: Int) throws(JSONFailure) {
        skipSpace()
        switch peek() {
        case UInt8(ascii: "{"): try readObject(depth: depth + 1)
        case UInt8(ascii: "["): try readArray(depth: depth + 1)
        case UInt8(ascii: "\""): try readString()
        case UInt8(ascii: "-"), 0x30...0x39: try readNumber()
        case UInt8(ascii: "t"): try readWord("true", .true)
        case UInt8(ascii: "f"): try readWord("false", .false)
        case UInt8(ascii: "n"): try readWord("null", .null)
        default: throw unexpected()
        }
    }

    private mutating func readObject(depth: Int) throws(JSONFailure) {
        let node = try open(.object, depth: depth)
        var membersCount = 0
        var names = MemberNames()
        skipSpace()
        if peek() != UInt8(ascii: "}") {
            repeat {
                skipSpace()
                guard peek() == UInt8(ascii: "\"") else { throw unexpected() }
                try readString()
                let name = tape[tape.count &- 1]
                names.take(bytes, name.range, hasEscapes: name.hasEscapes)
                skipSpace()
                try expect(UInt8(ascii: ":"))
                try readValue(depth: depth)
                membersCount += 1
                skipSpace()
            } while take(UInt8(ascii: ","))
        }
        try expect(UInt8(ascii: "}"))
        tape[node].close(end: offset, next: tape.count)
        if names.isInDoubt { try refuseRepeatedNames(in: node, membersCount: membersCount) }
    }

    private mutating func readArray(depth: Int) throws(JSONFailure) {
        let node = try open(.array, depth: depth)
        skipSpace()
        if peek() != UInt8(ascii: "]") {
            repeat {
                try readValue(depth: depth)
                skipSpace()
            } while take(UInt8(ascii: ","))
        }
        try expect(UInt8(ascii: "]"))
        tape[node].close(end: offset, next: tape.count)
    }

    private mutating func open(_ kind: JSONKind, depth: Int) throws(JSONFailure) -> Int {
        guard depth <= JSONDocument.depthMax else { throw failure(.tooDeep) }
        let node = tape.count
        try append(JSONEntry(kind, start: offset, end: offset, next: node + 1))
        offset += 1
        return node
    }

    private mutating func append(_ entry: JSONEntry) throws(JSONFailure) {
        guard tape.count < nodesMax else { throw failure(.tooManyNodes) }
        tape.append(entry)
    }

    private mutating func readWord(_ word: StaticString, _ kind: JSONKind) throws(JSONFailure) {
        let start = offset
        for index in 0..<word.utf8CodeUnitCount {
            guard unsafe peek() == word.utf8Start[index] else { throw unexpected() }
            offset += 1
        }
        try append(JSONEntry(kind, start: start, end: offset, next: tape.count + 1))
    }

    private mutating func readNumber() throws(JSONFailure) {
        let start = offset
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try readDigits() }
        if take(UInt8(ascii: ".")) { try readDigits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try readDigits()
        }
        try append(JSONEntry(.number, start: start, end: offset, next: tape.count + 1))
    }

    /// Reads one digit or more.
    private mutating func readDigits() throws(JSONFailure) {
        guard 0x30...0x39 ~= peek() else { throw unexpected() }
        while 0x30...0x39 ~= peek() { offset += 1 }
    }
}

extension JSONReader {
    @inline(__always)
    private mutating func skipSpace() {
        while offset < bytes.count {
            let byte = bytes[offset]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            offset &+= 1
        }
    }

    /// The next byte, or 0 at the end, which no grammar rule wants.
    @inline(__always)
    private func peek() -> UInt8 { offset < bytes.count ? bytes[offset] : 0 }

    @inline(__always)
    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        offset &+= 1
        return true
    }

    @inline(__always)
    private mutating func expect(_ byte: UInt8) throws(JSONFailure) {
        guard take(byte) else { throw unexpected() }
    }

    private func unexpected() -> JSONFailure {
        failure(offset < bytes.count ? .unexpectedByte : .truncated)
    }

    private func failure(_ reason: JSONFailure.Reason) -> JSONFailure {
        JSONFailure(reason: reason, offset: offset)
    }

    static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}

extension JSONReader {
    /// Reads a string, the opening quote being next.
    private mutating func readString() throws(JSONFailure) {
        offset += 1
        let start = offset
        var hasEscapes = false
        while true {
            skipPlainCharacters()
            guard offset < bytes.count else { throw unexpected() }
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\"") {
                var entry = JSONEntry(.string, start: start, end: offset, next: tape.count + 1)
                if hasEscapes { entry.markEscapes() }
                try append(entry)
                offset += 1
                return
            }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                try readEscape()
            } else {
                guard byte >= 0x80 else { throw unexpected() }
                try readMultibyte(byte)
            }
        }
    }

    /// Passes over ASCII that means itself: no control character, quote or backslash.
    @inline(__always)
    private mutating func skipPlainCharacters() {
        while offset &+ 8 <= bytes.count {
            let word = ByteWord(bytes, at: offset)
            let special =
                word.beyondASCII | word.between(0, 0x1F) | word.equal(to: UInt8(ascii: "\""))
                | word.equal(to: UInt8(ascii: "\\"))
            offset &+= ByteWord.first(special)
            if special != 0 { return }
        }
        while offset < bytes.count, 0x20..<0x80 ~= bytes[offset], bytes[offset] != 0x22,
            bytes[offset] != 0x5C
        {
            offset &+= 1
        }
    }

    private mutating func readEscape() throws(JSONFailure) {
        offset += 1
        switch peek() {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            offset += 1
        case UInt8(ascii: "u"):
            offset += 1
            let unit = try readHexUnit()
            if unit & 0xF800 == 0xD800 { try readLowSurrogate(after: unit) }
        default:
            throw failure(offset < bytes.count ? .badEscape : .truncated)
        }
    }

    private mutating func readLowSurrogate(after unit: UInt32) throws(JSONFailure) {
        guard unit < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw failure(.badEscape)
        }
        guard try readHexUnit() & 0xFC00 == 0xDC00 else { throw failure(.badEscape) }
    }

    private mutating func readHexUnit() throws(JSONFailure) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Self.hexDigit(peek()) else {
                throw failure(offset < bytes.count ? .badEscape : .truncated)
            }
            unit = unit << 4 | UInt32(digit)
            offset += 1
        }
        return unit
    }

    /// Reads one character of two to four bytes, Unicode table 3-7.
    private mutating func readMultibyte(_ lead: UInt8) throws(JSONFailure) {
        let followers: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: followers = 1
        case 0xE0...0xEF:
            followers = 2
            if lead == 0xE0 { second = 0xA0...0xBF }
            if lead == 0xED { second = 0x80...0x9F }
        case 0xF0...0xF4:
            followers = 3
            if lead == 0xF0 { second = 0x90...0xBF }
            if lead == 0xF4 { second = 0x80...0x8F }
        default: throw failure(.badUTF8)
        }
        guard offset + followers < bytes.count else { throw failure(.badUTF8) }
        guard second ~= bytes[offset + 1] else { throw failure(.badUTF8) }
        for index in 1..<max(followers, 1) where bytes[offset + 1 + index] & 0xC0 != 0x80 {
            throw failure(.badUTF8)
        }
        offset += followers + 1
    }
}

extension JSONReader {
    /// The most members whose names are compared each with each; above, they are sorted.
    private static let pairwiseMax = 24

    /// Refuses an object that names a member twice, however the name is spelled.
    private func refuseRepeatedNames(in node: Int, membersCount: Int) throws(JSONFailure) {
        guard membersCount > 1 else { return }
        if membersCount <= Self.pairwiseMax {
            let end = Int(tape[node].next)
            var left = node + 1
            while left < end {
                var right = Int(tape[left + 1].next)
                while right < end {
                    if sameName(left, right) { throw repeated(right) }
                    right = Int(tape[right + 1].next)
                }
                left = Int(tape[left + 1].next)
            }
        } else {
            try refuseRepeatedNamesSorted(in: node)
        }
    }

    private func refuseRepeatedNamesSorted(in node: Int) throws(JSONFailure) {
        var names: [Int] = []
        var index = node + 1
        while index < Int(tape[node].next) {
            names.append(index)
            index = Int(tape[index + 1].next)
        }
        names.sort { order($0, $1) < 0 }
        for (left, right) in zip(names, names.dropFirst()) where order(left, right) == 0 {
            throw repeated(max(left, right))
        }
    }

    private func sameName(_ left: Int, _ right: Int) -> Bool {
        let (first, second) = (tape[left], tape[right])
        if first.hasEscapes || second.hasEscapes { return order(left, right) == 0 }
        let (a, b) = (first.range, second.range)
        guard a.count == b.count else { return false }
        for index in 0..<a.count where bytes[a.lowerBound + index] != bytes[b.lowerBound + index] {
            return false
        }
        return true
    }

    /// Negative, 0 or positive, as the names compare byte by byte with escapes undone.
    private func order(_ left: Int, _ right: Int) -> Int {
        var first = JSONUnescaper(tape[left].range)
        var second = JSONUnescaper(tape[right].range)
        while true {
            let (a, b) = (first.next(in: bytes), second.next(in: bytes))
            guard a == b else { return (a.map { Int($0) } ?? -1) - (b.map { Int($0) } ?? -1) }
            if a == nil { return 0 }
        }
    }

    private func repeated(_ name: Int) -> JSONFailure {
        JSONFailure(reason: .repeatedMember, offset: tape[name].range.lowerBound)
    }
}

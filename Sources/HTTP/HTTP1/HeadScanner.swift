/// Finds where the head of a message ends, and refuses a bad one at the byte that makes it bad.
///
/// It remembers how far it looked, so each byte is looked at once however the head arrives, and a
/// peer that never sends the empty line is refused as early as one that does. What it accepts,
/// `RequestHead` and `ResponseHead` check again and in full: the host, the framing and whatever
/// needs more than one line is left to them.
public struct HeadScanner: Equatable, Sendable {
    private var phase: Phase

    /// How many bytes were looked at and accepted.
    private var offset = 0

    /// Where the part being looked at begins: a method, a target, a version or a field line.
    private var partStart = 0

    /// How many field lines have begun.
    private var fieldCount = 0

    private let kind: MessageKind

    /// Creates a scanner for one head.
    public init(_ kind: MessageKind = .request) {
        self.kind = kind
        switch kind {
        case .request: phase = .start
        case .response: phase = .status
        }
    }

    /// Whether nothing of a head has arrived yet, so that closing the connection is no failure.
    public var isAtStart: Bool { offset == 0 }

    /// Looks at what has arrived since the last call.
    ///
    /// - Parameters:
    ///   - input: Everything from the start of the head: the bytes of earlier calls and more.
    ///   - limits: The same at every call.
    /// - Returns: The length of the head with its empty line, and with the one empty line that may
    ///   stand in front of a request line; `nil` while it is not complete.
    /// - Throws: Why the head is refused. The scanner is not used again.
    public mutating func scan(
        _ input: Span<UInt8>,
        limits: HeadLimits
    ) throws(HeadFailure) -> Int? {
        precondition(offset <= input.count)
        let window = input.extracting(first: limits.headBytesMax)
        while phase != .finished {
            if try advance(window, limits) { continue }
            guard input.count < limits.headBytesMax else {
                throw phase == .target ? .targetTooLong : .headersTooLarge
            }
            return nil
        }
        return offset
    }
}

extension HeadScanner {
    /// What is expected at `offset`, or since `partStart`.
    fileprivate enum Phase: Equatable {
        case start
        case method
        case target
        case version
        case status
        case reason
        case lineStart
        case name
        case value
        case finished
    }

    /// Looks for the end of the present part.
    ///
    /// - Returns: Whether it was found; if not, more input is needed.
    @inline(__always)
    private mutating func advance(
        _ input: Span<UInt8>,
        _ limits: HeadLimits
    ) throws(HeadFailure) -> Bool {
        switch phase {
        case .start: try skipEmptyLine(input)
        case .method: try takeMethod(input)
        case .target: try takeTarget(input, limits)
        case .version: try takeVersion(input)
        case .status: try takeStatus(input)
        case .reason: try takeText(input, otherwise: .responseMalformed)
        case .lineStart: try startLine(input, limits)
        case .name: try takeName(input)
        case .value: try takeText(input, otherwise: .headerMalformed)
        case .finished: false
        }
    }

    /// Skips one empty line before a request line (RFC 9112 section 2.2).
    private mutating func skipEmptyLine(_ input: Span<UInt8>) throws(HeadFailure) -> Bool {
        guard !input.isEmpty else { return false }
        if input[0] == ASCII.carriageReturn {
            guard input.count > 1 else { return false }
            guard input[1] == ASCII.lineFeed else { throw .requestMalformed }
            offset = 2
        }
        partStart = offset
        phase = .method
        return true
    }

    private mutating func takeMethod(_ input: Span<UInt8>) throws(HeadFailure) -> Bool {
        offset = input.endOfToken(from: offset)
        guard offset - partStart <= RequestHead.methodBytesMax else { throw .requestMalformed }
        guard offset < input.count else { return false }
        guard input[offset] == ASCII.space, offset > partStart else { throw .requestMalformed }
        begin(.target, at: offset + 1)
        return true
    }

    private mutating func takeTarget(
        _ input: Span<UInt8>,
        _ limits: HeadLimits
    ) throws(HeadFailure) -> Bool {
        offset = input.endOfVisible(from: offset)
        guard offset - partStart <= limits.targetBytesMax else { throw .targetTooLong }
        guard offset < input.count else { return false }
        guard input[offset] == ASCII.space, offset > partStart else { throw .requestMalformed }
        begin(.version, at: offset + 1)
        return true
    }

    /// Takes a version and the end of the line.
    private mutating func takeVersion(_ input: Span<UInt8>) throws(HeadFailure) -> Bool {
        guard try matchVersion(input, otherwise: .requestMalformed) else { return false }
        return try endLine(input, at: partStart + 8, otherwise: .requestMalformed)
    }

    /// Takes a version and a status.
    private mutating func takeStatus(_ input: Span<UInt8>) throws(HeadFailure) -> Bool {
        guard try matchVersion(input, otherwise: .responseMalformed) else { return false }
        while offset < min(input.count, 13) {
            let byte = input[offset]
            switch offset {
            case 8: guard byte == ASCII.space else { throw .responseMalformed }
            case 9: guard (0x31...0x39).contains(byte) else { throw .responseMalformed }
            case 12:
                guard byte == ASCII.space || byte == ASCII.carriageReturn else {
                    throw .responseMalformed
                }
                phase = .reason
                return true
            default: guard ASCII.isDigit(byte) else { throw .responseMalformed }
            }
            offset += 1
        }
        return false
    }

    /// Matches the eight bytes of a version one by one; says whether all have arrived.
    private mutating func matchVersion(
        _ input: Span<UInt8>,
        otherwise malformed: HeadFailure
    ) throws(HeadFailure) -> Bool {
        let pattern: InlineArray<8, UInt8> = [0x48, 0x54, 0x54, 0x50, 0x2F, 0x30, 0x2E, 0x30]
        while offset - partStart < 8 {
            guard offset < input.count else { return false }
            let wanted = pattern[offset - partStart]
            let byte = input[offset]
            guard byte == wanted || wanted == 0x30 && ASCII.isDigit(byte) else { throw malformed }
            offset += 1
            if offset - partStart == 8 {
                _ = try HTTPVersion(input, at: partStart, otherwise: malformed)
            }
        }
        return true
    }

    private mutating func startLine(
        _ input: Span<UInt8>,
        _ limits: HeadLimits
    ) throws(HeadFailure) -> Bool {
        guard offset < input.count else { return false }
        guard input[offset] != ASCII.carriageReturn else {
            guard try endLine(input, at: offset, otherwise: .headerMalformed) else { return false }
            phase = .finished
            return true
        }
        fieldCount += 1
        guard fieldCount <= limits.fieldsMax else { throw .headersTooLarge }
        begin(.name, at: offset)
        return true
    }

    private mutating func takeName(_ input: Span<UInt8>) throws(HeadFailure) -> Bool {
        offset = input.endOfToken(from: offset)
        guard offset < input.count else { return false }
        guard input[offset] == UInt8(ascii: ":"), offset > partStart else {
            throw .headerMalformed
        }
        begin(.value, at: offset + 1)
        return true
    }

    /// Takes a field value or a reason phrase, and the end of the line.
    private mutating func takeText(
        _ input: Span<UInt8>,
        otherwise malformed: HeadFailure
    ) throws(HeadFailure) -> Bool {
        offset = input.endOfText(from: offset, in: kind)
        guard offset < input.count else { return false }
        return try endLine(input, at: offset, otherwise: malformed)
    }

    /// Takes the CRLF that must stand at `end`.
    @inline(__always)
    private mutating func endLine(
        _ input: Span<UInt8>,
        at end: Int,
        otherwise malformed: HeadFailure
    ) throws(HeadFailure) -> Bool {
        guard end < input.count else { return false }
        guard input[end] == ASCII.carriageReturn else { throw malformed }
        guard end + 1 < input.count else { return false }
        guard input[end + 1] == ASCII.lineFeed else { throw malformed }
        begin(.lineStart, at: end + 2)
        return true
    }

    @inline(__always)
    private mutating func begin(_ next: Phase, at start: Int) {
        phase = next
        offset = start
        partStart = start
    }
}

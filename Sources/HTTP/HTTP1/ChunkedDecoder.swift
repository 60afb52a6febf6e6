/// Finds the body bytes and the trailer fields inside a chunked message body.
///
/// The decoder does no I/O and owns no bytes: the caller shows it what has arrived and it answers
/// which part of that is body. It accepts only the strict grammar of RFC 9112 section 7.1 (CRLF
/// line endings, no whitespace around a chunk size), because every leniency here is a way to smuggle
/// a request past the policy. Chunk extensions are counted and dropped.
///
/// However the input is split, the body and the trailer that come out are the same.
public struct ChunkedDecoder: Equatable, Sendable {
    private var state: State = .size(value: 0, digits: 0)

    /// The bytes of chunk extensions and trailer seen in this body.
    private var overhead = 0

    private let overheadLimit: Int

    private let kind: MessageKind

    /// Creates a decoder for the body of one message.
    ///
    /// - Parameters:
    ///   - kind: The kind of message, which decides what may stand in a trailer field.
    ///   - overheadLimit: The most bytes of extensions and trailer accepted in the whole body. A
    ///     peer that sends more is refused, so it cannot keep a connection busy without a body. The
    ///     caller's buffer must hold at least this many bytes.
    public init(_ kind: MessageKind, overheadLimit: Int = 4_096) {
        precondition(overheadLimit > 0)
        self.kind = kind
        self.overheadLimit = overheadLimit
    }

    /// Takes in the next bytes of the message.
    ///
    /// Call again with what follows the consumed bytes: at once after `.body` and `.trailer`, when
    /// more has arrived after `.needsInput`, not at all after `.finished`.
    ///
    /// - Parameter input: Bytes that follow those already consumed.
    /// - Returns: What the caller has to do next.
    /// - Throws: `Failure` when the peer broke the grammar or a limit. The connection cannot be
    ///   used again: where the next message begins is unknown.
    public mutating func next(_ input: Span<UInt8>) throws(Failure) -> Step {
        var offset = 0
        while offset < input.count {
            switch state {
            case .data(let remaining):
                let count = Int(min(remaining, UInt64(input.count - offset)))
                let left = remaining - UInt64(count)
                state = left == 0 ? .dataCR : .data(remaining: left)
                return .body(offset..<offset + count)
            case .trailer(let seen):
                return try takeTrailer(input, from: offset, seen: seen)
            case .finished:
                return .finished(consumed: offset)
            default:
                try takeFraming(input[offset])
                offset += 1
            }
        }
        return .needsInput(consumed: offset)
    }

    /// Takes one byte of a size line or of the CRLF behind a chunk.
    private mutating func takeFraming(_ byte: UInt8) throws(Failure) {
        if case .extensions = state { try count(1) }
        state = try state.after(byte)
    }

    /// Takes a whole trailer line, or the empty line that ends the message.
    private mutating func takeTrailer(
        _ input: Span<UInt8>,
        from start: Int,
        seen: Int
    ) throws(Failure) -> Step {
        let end = input.endOfText(from: start + seen, in: kind)
        guard overhead + end - start <= overheadLimit else { throw .overheadTooLarge }
        guard end < input.count else { return waitForLine(start: start, seen: end - start) }
        guard input[end] == ASCII.carriageReturn else { throw .unexpectedByte(input[end]) }
        guard end + 1 < input.count else { return waitForLine(start: start, seen: end - start) }
        guard input[end + 1] == ASCII.lineFeed else { throw .unexpectedByte(input[end + 1]) }
        if end == start {
            state = .finished
            return .finished(consumed: end + 2)
        }
        try count(end + 2 - start)
        state = .trailer(seen: 0)
        var offset = start
        do throws(HeadFailure) {
            let field = try Field(reading: input, at: &offset, kind: kind)
            return .trailer(field, consumed: offset)
        } catch {
            throw .trailerMalformed
        }
    }

    private mutating func waitForLine(start: Int, seen: Int) -> Step {
        state = .trailer(seen: seen)
        return .needsInput(consumed: start)
    }

    private mutating func count(_ bytes: Int) throws(Failure) {
        overhead += bytes
        guard overhead <= overheadLimit else { throw .overheadTooLarge }
    }
}

extension ChunkedDecoder {
    /// What the caller has to do next.
    public enum Step: Equatable, Sendable {
        /// The bytes in this range of the input are body. Everything before its end is consumed.
        case body(Range<Int>)

        /// A trailer field, as ranges of the input, of which `consumed` bytes are done with.
        ///
        /// `FieldName.mayStandInTrailer` says whether it may be passed on.
        case trailer(Field, consumed: Int)

        /// The message goes on. Bytes after `consumed` begin a trailer line that is not complete:
        /// they must be shown again together with more.
        case needsInput(consumed: Int)

        /// The message is complete. Bytes after `consumed` belong to the next message.
        case finished(consumed: Int)
    }

    /// Why the body of a message was refused.
    public enum Failure: Error, Equatable, Sendable {
        /// A byte is not allowed where it stands.
        case unexpectedByte(UInt8)

        /// The chunk size has more than 15 hexadecimal digits.
        case chunkTooLarge

        /// Extensions and trailer together are longer than the limit given at creation.
        case overheadTooLarge

        /// A trailer line is no field line.
        case trailerMalformed

        /// The stable name of this failure, the same as for framing fields that contradict.
        public var code: StaticString { HeadFailure.framingInvalid.code }

        /// The status of the answer that refuses a request with such a body.
        public var status: Int { HeadFailure.framingInvalid.status }
    }

    fileprivate enum State: Equatable {
        case size(value: UInt64, digits: Int)
        case extensions(size: UInt64)
        case sizeLF(size: UInt64)
        case data(remaining: UInt64)
        case dataCR
        case dataLF
        case trailer(seen: Int)
        case finished
    }
}

extension ChunkedDecoder.State {
    /// Returns the state after `byte`: the grammar outside data and trailer, one row per state.
    fileprivate func after(_ byte: UInt8) throws(ChunkedDecoder.Failure) -> Self {
        switch (self, byte) {
        case (.size(let value, let digits), _):
            return try Self.afterSizeByte(byte, value: value, digits: digits)
        case (.extensions(let size), ASCII.carriageReturn): return .sizeLF(size: size)
        case (.extensions(let size), 0x20...0x7E): return .extensions(size: size)
        case (.sizeLF(size: 0), ASCII.lineFeed): return .trailer(seen: 0)
        case (.sizeLF(let size), ASCII.lineFeed): return .data(remaining: size)
        case (.dataCR, ASCII.carriageReturn): return .dataLF
        case (.dataLF, ASCII.lineFeed): return .size(value: 0, digits: 0)
        default: throw .unexpectedByte(byte)
        }
    }

    private static func afterSizeByte(
        _ byte: UInt8,
        value: UInt64,
        digits: Int
    ) throws(ChunkedDecoder.Failure) -> Self {
        if let digit = ASCII.hexDigitValue(byte) {
            guard digits < 15 else { throw .chunkTooLarge }
            return .size(value: value << 4 | UInt64(digit), digits: digits + 1)
        }
        guard digits > 0 else { throw .unexpectedByte(byte) }
        switch byte {
        case ASCII.carriageReturn: return .sizeLF(size: value)
        case UInt8(ascii: ";"): return .extensions(size: value)
        default: throw .unexpectedByte(byte)
        }
    }
}

import HTTP

/// Requests and answers on one connection, one after the other.
///
/// It reads with the same strict parser as the gateway's clients meet.
struct Conversation: ~Copyable {
    /// Why no more requests can be read.
    enum Failure: Error, Hashable, Sendable {
        /// The peer is gone or too slow: nobody waits for an answer.
        case gone

        /// The head is not one; the answer's status.
        case malformed(status: Int)

        /// The body is larger than the limit.
        case tooLarge
    }

    private static let limits = HeadLimits(headBytesMax: 16_384)

    /// The most that is thrown away after the last answer, and for how long.
    private static let discardBytesMax = 8 * 1_048_576
    private static let discardMilliseconds: Int64 = 2_000

    private var stream: BlockingStream

    /// What has arrived and is not used yet.
    private var buffer: [UInt8] = []

    /// The most bytes of the body of a request whose head was read.
    private let bodyBytesMax: @Sendable (CompleteRequest) -> Int

    /// How long one request and its answer may take.
    private let milliseconds: Int

    init(
        over stream: consuming BlockingStream,
        bodyBytesMax: @escaping @Sendable (CompleteRequest) -> Int,
        milliseconds: Int
    ) {
        self.stream = stream
        self.bodyBytesMax = bodyBytesMax
        self.milliseconds = milliseconds
    }

    /// Reads the next request; `nil` when the peer has ended the connection between two.
    mutating func next() throws(Failure) -> CompleteRequest? {
        extendDeadline()
        var scanner = HeadScanner(.request)
        while true {
            let length: Int?
            do throws(HeadFailure) {
                length = try scanner.scan(buffer.span, limits: Self.limits)
            } catch {
                throw .malformed(status: error.status)
            }
            if let length {
                let head = Array(buffer[..<length])
                buffer.removeFirst(length)
                return try read(head)
            }
            guard try fill() else {
                if buffer.isEmpty { return nil }
                throw .gone
            }
        }
    }

    /// Throws away what still comes after the last answer, so that a peer that is still sending can
    /// read it instead of a reset.
    mutating func discardRest() {
        stream.deadline = Clock.monotonicMilliseconds() + Self.discardMilliseconds
        var count = 0
        while count < Self.discardBytesMax {
            buffer = []
            guard (try? fill()) == true else { return }
            count += buffer.count
        }
    }

    /// Gives what follows the whole time anew, after work that the peer is not to blame for.
    mutating func extendDeadline() {
        stream.deadline = Clock.monotonicMilliseconds() + Int64(milliseconds)
    }

    /// Sends an answer.
    func send(_ answer: CompleteAnswer, closes: Bool, omitsBody: Bool = false) throws(Failure) {
        do throws(BlockingStream.Failure) {
            try stream.write(answer.bytes(closes: closes, omitsBody: omitsBody))
        } catch {
            throw .gone
        }
    }

    /// Reads more; false at the end of the stream.
    private mutating func fill() throws(Failure) -> Bool {
        do throws(BlockingStream.Failure) {
            let bytes = try stream.read()
            buffer += bytes
            return !bytes.isEmpty
        } catch {
            throw .gone
        }
    }

    private mutating func read(_ bytes: [UInt8]) throws(Failure) -> CompleteRequest {
        var head = RequestHead(limits: Self.limits)
        do throws(HeadFailure) {
            try head.parse(bytes.span)
        } catch {
            throw .malformed(status: error.status)
        }
        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        var request = CompleteRequest(method: text(head.methodRange), path: text(head.pathRange))
        request.query = head.queryRange.map(text) ?? ""
        request.host = text(head.host).lowercased()
        request.wantsClose = head.wantsClose
        for index in 0..<head.fields.count {
            let field = head.fields[index]
            request.fields.append((text(field.name).lowercased(), text(field.value)))
        }
        if head.expectsContinue { try send(continuation) }
        request.body = try readBody(head.framing, bytesMax: bodyBytesMax(request))
        return request
    }

    private func send(_ bytes: [UInt8]) throws(Failure) {
        do throws(BlockingStream.Failure) { try stream.write(bytes) } catch { throw .gone }
    }

    private var continuation: [UInt8] { Array("HTTP/1.1 100 Continue\r\n\r\n".utf8) }
}

extension Conversation {
    private mutating func readBody(
        _ framing: BodyFraming,
        bytesMax: Int
    ) throws(Failure) -> [UInt8] {
        switch framing {
        case .none, .untilClose: return []
        case .chunked: return try readChunks(bytesMax: bytesMax)
        case .length(let length):
            guard length <= UInt64(bytesMax) else { throw .tooLarge }
            while buffer.count < Int(length) {
                guard try fill() else { throw .gone }
            }
            let body = Array(buffer[..<Int(length)])
            buffer.removeFirst(Int(length))
            return body
        }
    }

    private mutating func readChunks(bytesMax: Int) throws(Failure) -> [UInt8] {
        var decoder = ChunkedDecoder(.request)
        var body: [UInt8] = []
        while true {
            switch try step(&decoder) {
            case .body(let range):
                body += buffer[range]
                buffer.removeFirst(range.upperBound)
                guard body.count <= bytesMax else { throw .tooLarge }
            case .trailer(_, let consumed):
                buffer.removeFirst(consumed)
            case .needsInput(let consumed):
                buffer.removeFirst(consumed)
                guard try fill() else { throw .gone }
            case .finished(let consumed):
                buffer.removeFirst(consumed)
                return body
            }
        }
    }

    private func step(_ decoder: inout ChunkedDecoder) throws(Failure) -> ChunkedDecoder.Step {
        do throws(ChunkedDecoder.Failure) {
            return try decoder.next(buffer.span)
        } catch {
            throw .malformed(status: error.status)
        }
    }
}

import HTTP

/// Reads one answer, in whatever pieces it comes.
struct AnswerReader {
    /// The most interim answers before the final one.
    static let interimMax = 16

    /// The most bytes and lines of a head.
    static let headLimits = HeadLimits()

    private let method: Method
    private let bodyBytesMax: Int

    /// What has arrived and was not understood yet.
    private var unread: [UInt8] = []
    private var scanner = HeadScanner(.response)
    private var interimCount = 0
    private var part = Part.head
    private var head = AnswerHead()
    private var body: [UInt8] = []

    private enum Part {
        case head
        case length(left: Int)
        case chunks(ChunkedDecoder)
        case untilClose
        case complete
    }

    init(_ request: OutboundRequest) {
        method = request.method
        bodyBytesMax = request.answerBytesMax
    }

    var status: Int { head.status }

    /// Where a redirect leads; `nil` without exactly one `Location`.
    var location: String? { head.location }

    /// The answer, once it is complete.
    var answer: OutboundAnswer {
        OutboundAnswer(
            status: head.status,
            body: body,
            retryAfter: head.retryAfter,
            maxAgeSeconds: head.maxAgeSeconds
        )
    }

    /// Whether the connection can serve another request after the complete answer.
    var staysOpen: Bool { head.keepsAlive && unread.isEmpty }

    /// Takes in what has arrived.
    ///
    /// - Returns: Whether the answer is complete.
    mutating func take(_ bytes: Span<UInt8>) throws(OutboundFailure) -> Bool {
        unsafe bytes.withUnsafeBufferPointer { unsafe unread.append(contentsOf: $0) }
        while true {
            switch part {
            case .head: guard try takeHead() else { return false }
            case .length(let left):
                guard try takeBody(left: left) else { return false }
            case .chunks(let decoder):
                guard try takeChunks(decoder) else { return false }
            case .untilClose:
                try append(unread[...])
                unread.removeAll(keepingCapacity: true)
                return false
            case .complete: return true
            }
        }
    }

    /// Takes note that nothing more comes.
    ///
    /// - Throws: When the answer is not complete.
    mutating func end() throws(OutboundFailure) {
        guard case .untilClose = part else {
            throw .connection("closed before the answer was complete")
        }
        part = .complete
    }

    /// Reads a head, if all of it is there.
    private mutating func takeHead() throws(OutboundFailure) -> Bool {
        let input = unread
        do throws(HeadFailure) {
            guard let length = try scanner.scan(input.span, limits: Self.headLimits) else {
                return false
            }
            head = try AnswerHead(input.span.extracting(first: length), to: method)
            unread = Array(input[length...])
        } catch { throw error == .headersTooLarge ? .tooLarge : .notHTTP }
        scanner = HeadScanner(.response)
        if head.isInterim {
            interimCount += 1
            // A protocol of another kind was not asked for.
            guard head.status != 101, interimCount <= Self.interimMax else { throw .notHTTP }
        } else {
            guard !head.isEncoded || head.status >= 300 else { throw .encoded }
            part = try begin(head.framing)
        }
        return true
    }

    private func begin(_ framing: BodyFraming) throws(OutboundFailure) -> Part {
        switch framing {
        case .none, .length(0): return .complete
        case .length(let length):
            guard length <= UInt64(bodyBytesMax) else { throw .tooLarge }
            return .length(left: Int(length))
        case .chunked: return .chunks(ChunkedDecoder(.response))
        case .untilClose: return .untilClose
        }
    }

    private mutating func takeBody(left: Int) throws(OutboundFailure) -> Bool {
        let count = min(left, unread.count)
        try append(unread.prefix(count))
        unread.removeFirst(count)
        part = count == left ? .complete : .length(left: left - count)
        return count == left
    }

    private mutating func takeChunks(_ decoder: ChunkedDecoder) throws(OutboundFailure) -> Bool {
        var decoder = decoder
        let input = unread
        var offset = 0
        while true {
            let step: ChunkedDecoder.Step
            do throws(ChunkedDecoder.Failure) {
                step = try decoder.next(input.span.extracting(offset..<input.count))
            } catch { throw .notHTTP }
            switch step {
            case .body(let range):
                try append(input[offset + range.lowerBound..<offset + range.upperBound])
                offset += range.upperBound
            case .trailer(_, let consumed): offset += consumed
            case .needsInput(let consumed):
                unread = Array(input[(offset + consumed)...])
                part = .chunks(decoder)
                return false
            case .finished(let consumed):
                unread = Array(input[(offset + consumed)...])
                part = .complete
                return true
            }
        }
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>) throws(OutboundFailure) {
        guard bytes.count <= bodyBytesMax - body.count else { throw .tooLarge }
        body += bytes
    }
}

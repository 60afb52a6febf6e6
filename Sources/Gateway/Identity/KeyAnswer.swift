import HTTP

/// Reads the one answer that a connection of `KeyDownload` gives.
enum KeyAnswer {
    private static let limits = HeadLimits(headBytesMax: 16_384)

    /// Reads head and body.
    static func read(_ stream: borrowing BlockingStream) throws(KeyFailure) -> KeyDownload.Document
    {
        var received: [UInt8] = []
        var head = ResponseHead(limits: limits)
        repeat {
            let length = try readHead(stream, &received)
            do throws(HeadFailure) {
                try head.parse(received.span.extracting(0..<length))
            } catch { throw .notHTTP }
            if head.isInterim { received.removeFirst(length) }
        } while head.isInterim
        guard head.status == 200 else { throw .status(head.status) }
        let maxAgeSeconds = maxAge(in: head, received)
        guard let framing = try? head.framing(forRequestMethod: .get) else { throw .notHTTP }
        received.removeFirst(headLength(received))
        let body = try readBody(stream, framing, &received)
        return KeyDownload.Document(body: body, maxAgeSeconds: maxAgeSeconds)
    }

    /// Receives until the head is complete and answers its length.
    private static func readHead(
        _ stream: borrowing BlockingStream,
        _ received: inout [UInt8]
    ) throws(KeyFailure) -> Int {
        var scanner = HeadScanner(.response)
        while true {
            do throws(HeadFailure) {
                if let length = try scanner.scan(received.span, limits: limits) { return length }
            } catch { throw .notHTTP }
            guard try receive(stream, &received) else {
                throw .connection("closed before the answer was complete")
            }
        }
    }

    /// The length of a head that was found complete before.
    private static func headLength(_ received: [UInt8]) -> Int {
        var scanner = HeadScanner(.response)
        return (try? scanner.scan(received.span, limits: limits)) ?? received.count
    }

    /// Receives what there is; `false` at the end of the stream.
    private static func receive(
        _ stream: borrowing BlockingStream,
        _ received: inout [UInt8]
    ) throws(KeyFailure) -> Bool {
        do throws(BlockingStream.Failure) {
            let more = try stream.read()
            received += more
            return !more.isEmpty
        } catch { throw KeyDownload.failure(error) }
    }

    private static func readBody(
        _ stream: borrowing BlockingStream,
        _ framing: BodyFraming,
        _ received: inout [UInt8]
    ) throws(KeyFailure) -> [UInt8] {
        switch framing {
        case .none: return []
        case .length(let length):
            guard length <= UInt64(KeySet.bytesMax) else { throw .tooLarge }
            while received.count < Int(length) {
                guard try receive(stream, &received) else {
                    throw .connection("closed before the answer was complete")
                }
            }
            return Array(received.prefix(Int(length)))
        case .untilClose:
            while try receive(stream, &received) {
                guard received.count <= KeySet.bytesMax else { throw .tooLarge }
            }
            return received
        case .chunked: return try readChunks(stream, &received)
        }
    }

    private static func readChunks(
        _ stream: borrowing BlockingStream,
        _ received: inout [UInt8]
    ) throws(KeyFailure) -> [UInt8] {
        var decoder = ChunkedDecoder(.response)
        var body: [UInt8] = []
        while true {
            let step: ChunkedDecoder.Step
            do throws(ChunkedDecoder.Failure) {
                step = try decoder.next(received.span)
            } catch { throw .notHTTP }
            switch step {
            case .body(let range):
                body += received[range]
                guard body.count <= KeySet.bytesMax else { throw .tooLarge }
                received.removeFirst(range.upperBound)
            case .trailer(_, let consumed): received.removeFirst(consumed)
            case .finished: return body
            case .needsInput(let consumed):
                received.removeFirst(consumed)
                guard try receive(stream, &received) else {
                    throw .connection("closed before the answer was complete")
                }
            }
        }
    }

    /// `max-age` of the first `Cache-Control`, RFC 9111 section 5.2.2.1; `no-store` and `no-cache`
    /// are 0.
    private static func maxAge(in head: borrowing ResponseHead, _ bytes: [UInt8]) -> Int64? {
        guard let index = head.fields.firstIndex(of: .cacheControl) else { return nil }
        return maxAge(String(decoding: bytes[head.fields[index].value], as: UTF8.self))
    }

    /// `max-age` of the value of a `Cache-Control` field.
    static func maxAge(_ value: String) -> Int64? {
        var found: Int64?
        for part in value.lowercased().split(separator: ",") {
            let directive = part.filter { $0 != " " && $0 != "\t" && $0 != "\"" }
            if directive == "no-store" || directive == "no-cache" { return 0 }
            guard directive.hasPrefix("max-age=") else { continue }
            let digits = directive.dropFirst(8)
            if !digits.isEmpty, digits.allSatisfy({ "0"..."9" ~= $0 }) {
                found = Int64(digits) ?? .max
            }
        }
        return found
    }
}

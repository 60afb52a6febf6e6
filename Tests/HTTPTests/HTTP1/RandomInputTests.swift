import HTTP
import Testing

/// Random changes of good messages: nothing traps, and what is accepted keeps its promises.
@Suite("Random input")
struct RandomInputTests {
    /// A small generator with a fixed seed, so that a failure can be repeated.
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }

    static let pieces: [[UInt8]] = [
        "\r\n", "\n", "\r", " ", "\t", ":", ",", "\0", "/", "?", "%2F", "Host: a", "Host: b:1",
        "Content-Length: 5", "Content-Length: 05", "Transfer-Encoding: chunked", "chunked",
        "Connection: close, x", "http://a", "GET ", "HTTP/1.1", "HTTP/1.0", "Expect: 100-continue",
        "0\r\n\r\n", "5\r\nhello\r\n", ";a=b", "X-Request-Id: 1", "[::1]", "\u{80}", "\r\n\r\n",
    ].map { Array(latin1: $0) }

    static func changed(_ good: [UInt8], with generator: inout Generator) -> [UInt8] {
        var bytes = good
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let start = Int.random(in: 0...bytes.count, using: &generator)
            let end = Int.random(in: start...min(start + 9, bytes.count), using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: bytes.removeSubrange(start..<end)
            case 1:
                bytes.insert(contentsOf: pieces.randomElement(using: &generator) ?? [], at: start)
            default: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: start)
            }
        }
        return bytes
    }

    @Test("a request that is accepted has one host and one framing", arguments: 1...8)
    func requests(_ seed: UInt64) {
        var generator = Generator(state: seed &* 0x9E37_79B9_7F4A_7C15)
        let good = Array(
            "POST /a/b?c=d HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: te\r\n\r\n".utf8
        )
        var head = RequestHead(limits: HeadLimits())
        for _ in 0..<1_000 {
            let bytes = Self.changed(good, with: &generator)
            let outcome = scan(bytes, growingTo: [bytes.count])
            #expect(scan(bytes, growingTo: Array(0...bytes.count)) == outcome)
            guard case .complete(let length) = outcome else { continue }
            do throws(HeadFailure) {
                try head.parse(bytes.span.extracting(first: length))
            } catch { continue }
            let counts = [
                head.fields.count(of: .host), head.fields.count(of: .contentLength),
                head.fields.count(of: .transferEncoding),
            ]
            #expect(counts[0] <= 1 && counts[1] + counts[2] <= 1)
            #expect(
                bytes[..<length].filter { $0 == 0x0A }.count
                    == bytes[..<length].filter { $0 == 0x0D }.count
            )
            let path = Array(bytes[head.pathRange])
            if PathCanonicality.check(path) { #expect(path.first == 0x2F && !path.contains(0x3F)) }
        }
    }

    @Test("a response is scanned alike however it arrives", arguments: 1...4)
    func responses(_ seed: UInt64) {
        var generator = Generator(state: seed &* 0x9E37_79B9_7F4A_7C15)
        let good = Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: \u{E9}\r\n\r\n".utf8)
        for _ in 0..<1_000 {
            let bytes = Self.changed(good, with: &generator)
            let outcome = scan(bytes, growingTo: [bytes.count], kind: .response)
            #expect(scan(bytes, growingTo: Array(0...bytes.count), kind: .response) == outcome)
            if case .refused(let reason) = outcome {
                #expect(failure(ofResponse: bytes) == reason)
            }
        }
    }

    @Test("a chunked body gives the same bytes at once and one by one", arguments: 1...8)
    func bodies(_ seed: UInt64) {
        var generator = Generator(state: seed &* 0x9E37_79B9_7F4A_7C15)
        let good = Array("5;a=b\r\nhello\r\n3\r\nfoo\r\n0\r\nA: 1\r\nB: 2\r\n\r\n".utf8)
        for _ in 0..<1_000 {
            let bytes = Self.changed(good, with: &generator)
            #expect(decode(bytes, by: bytes.count) == decode(bytes, by: 1))
        }
    }

    /// The body, with `|` and the trailer behind it, and how it ended.
    private func decode(_ bytes: [UInt8], by step: Int) -> String {
        var decoder = ChunkedDecoder(.request, overheadLimit: 64)
        var found: [UInt8] = []
        var start = 0
        var end = 0
        while true {
            do throws(ChunkedDecoder.Failure) {
                switch try decoder.next(bytes.span.extracting(start..<end)) {
                case .body(let range):
                    found += bytes[start + range.lowerBound..<start + range.upperBound]
                    start += range.upperBound
                case .trailer(let field, let consumed):
                    found +=
                        Array("|".utf8)
                        + bytes[start + field.name.lowerBound..<start + field.value.upperBound]
                    start += consumed
                case .needsInput(let consumed):
                    start += consumed
                    guard end < bytes.count else { return "more: \(found)" }
                    end = min(end + max(step, 1), bytes.count)
                case .finished(let consumed):
                    return "finished at \(start + consumed): \(found)"
                }
            } catch {
                return "\(error): \(found)"
            }
        }
    }
}

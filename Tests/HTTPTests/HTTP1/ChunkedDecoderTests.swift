import HTTP
import Testing

@Suite("Chunked decoder")
struct ChunkedDecoderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var rule: String
        var input: String
        var outcome: Outcome
        var testDescription: String { rule }

        init(_ rule: String, _ input: String, _ outcome: Outcome) {
            self.rule = rule
            self.input = input
            self.outcome = outcome
        }
    }

    enum Outcome: Equatable, Sendable {
        case body(String, trailer: [String] = [], rest: String = "")
        case incomplete(body: String)
        case refused(ChunkedDecoder.Failure)
    }

    static let cases: [Case] = [
        Case("one chunk", "5\r\nhello\r\n0\r\n\r\n", .body("hello")),
        Case("no body", "0\r\n\r\n", .body("")),
        Case("zeros in front", "0005\r\nhello\r\n000\r\n\r\n", .body("hello")),
        Case(
            "two chunks and a pipelined request",
            "3\r\nfoo\r\nA\r\n0123456789\r\n0\r\n\r\nGET",
            .body("foo0123456789", rest: "GET")
        ),
        Case("hexadecimal in any case", "a\r\n0123456789\r\n0\r\n\r\n", .body("0123456789")),
        Case("CRLF in the body", "4\r\n\r\n\r\n\r\n0\r\n\r\n", .body("\r\n\r\n")),
        Case("an extension is dropped", "1;a=\"b c\"\r\nx\r\n0;z\r\n\r\n", .body("x")),
        Case(
            "trailer fields are handed out",
            "1\r\nx\r\n0\r\nA: 1\r\nB:\t2 \r\nC:\r\n\r\nrest",
            .body("x", trailer: ["A=1", "B=2", "C="], rest: "rest")
        ),
        Case("no terminator", "5\r\nhel", .incomplete(body: "hel")),
        Case("no empty line", "0\r\nA: 1\r\n", .incomplete(body: "")),
        Case("half a trailer", "0\r\nA: 1", .incomplete(body: "")),
        Case("bare LF after a size", "5\nhello", .refused(.unexpectedByte(0x0A))),
        Case("bare CR after a size", "5\rhello", .refused(.unexpectedByte(0x68))),
        Case("bare LF after a chunk", "1\r\nx\n0\r\n\r\n", .refused(.unexpectedByte(0x0A))),
        Case("bare CR after a chunk", "1\r\nx\r0\r\n\r\n", .refused(.unexpectedByte(0x30))),
        Case("bare LF in an extension", "1;a\nx\r\n", .refused(.unexpectedByte(0x0A))),
        Case("bare CR in an extension", "1;a\rb\r\nx", .refused(.unexpectedByte(0x62))),
        Case("control in an extension", "1;a\u{01}\r\nx", .refused(.unexpectedByte(0x01))),
        Case("space before a size", " 5\r\n", .refused(.unexpectedByte(0x20))),
        Case("space after a size", "5 \r\n", .refused(.unexpectedByte(0x20))),
        Case("tab after a size", "5\t;a\r\n", .refused(.unexpectedByte(0x09))),
        Case("minus sign", "-1\r\n", .refused(.unexpectedByte(0x2D))),
        Case("plus sign", "+1\r\n", .refused(.unexpectedByte(0x2B))),
        Case("hexadecimal prefix", "0x5\r\nhello", .refused(.unexpectedByte(0x78))),
        Case("underscore", "1_0\r\n", .refused(.unexpectedByte(0x5F))),
        Case("no size", "\r\nhello", .refused(.unexpectedByte(0x0D))),
        Case("extension without a size", ";a\r\n", .refused(.unexpectedByte(0x3B))),
        Case("16 digits", "1111111111111111\r\n", .refused(.chunkTooLarge)),
        Case("17 zeros", "00000000000000000\r\n", .refused(.chunkTooLarge)),
        Case("overlong chunk", "1\r\nxy", .refused(.unexpectedByte(0x79))),
        Case("request after a chunk", "1\r\nxGET / ", .refused(.unexpectedByte(0x47))),
        Case("trailer with bare LF", "0\r\nA: 1\n\r\n", .refused(.unexpectedByte(0x0A))),
        Case("trailer with bare CR", "0\r\nA: 1\rB: 2\r\n\r\n", .refused(.unexpectedByte(0x42))),
        Case("bare LF for the end", "0\r\n\n", .refused(.unexpectedByte(0x0A))),
        Case("bare CR for the end", "0\r\n\rG", .refused(.unexpectedByte(0x47))),
        Case("trailer with NUL", "0\r\nA: \0\r\n\r\n", .refused(.unexpectedByte(0))),
        Case("trailer without a name", "0\r\n: 1\r\n\r\n", .refused(.trailerMalformed)),
        Case("trailer without a colon", "0\r\nA\r\n\r\n", .refused(.trailerMalformed)),
        Case("trailer with a space", "0\r\nA : 1\r\n\r\n", .refused(.trailerMalformed)),
        Case("trailer folded", "0\r\nA: 1\r\n 2\r\n\r\n", .refused(.trailerMalformed)),
        Case(
            "pipelined request as trailer",
            "0\r\nGET / HTTP/1.1\r\n\r\n",
            .refused(.trailerMalformed)
        ),
        Case(
            "long extensions",
            "1;" + String(repeating: "a", count: 64) + "\r\nx",
            .refused(.overheadTooLarge)
        ),
        Case(
            "an extension on every chunk",
            String(repeating: "1;aaaaaaa\r\nx\r\n", count: 9) + "0\r\n\r\n",
            .refused(.overheadTooLarge)
        ),
        Case(
            "a trailer line without end",
            "0\r\nA: " + String(repeating: "a", count: 90),
            .refused(.overheadTooLarge)
        ),
        Case(
            "a trailer without end",
            "0\r\n" + String(repeating: "A: 1\r\n", count: 11),
            .refused(.overheadTooLarge)
        ),
    ]

    @Test("the outcome is the same for every split", arguments: cases)
    func everySplit(_ example: Case) {
        let bytes = Array(latin1: example.input)
        for split in 0...bytes.count {
            let outcome = decode([Array(bytes[..<split]), Array(bytes[split...])])
            #expect(outcome == example.outcome, "split at \(split)")
        }
        #expect(decode(bytes.map { [$0] }) == example.outcome, "byte by byte")
    }

    @Test func `the largest size has fifteen digits`() throws {
        var decoder = ChunkedDecoder(.request)
        #expect(
            try decoder.next(Array("FFFFFFFFFFFFFFF\r\n".utf8)) == .needsInput(consumed: 17)
        )
        #expect(try decoder.next([0x61]) == .body(0..<1))
    }

    @Test func `obs-text in a trailer passes in a response only`() {
        let input = Array(latin1: "0\r\nA: \u{E9}\r\n\r\n")
        var response = ChunkedDecoder(.response)
        #expect(throws: Never.self) { _ = try response.next(input) }
        var request = ChunkedDecoder(.request)
        #expect(throws: ChunkedDecoder.Failure.unexpectedByte(0xE9)) {
            _ = try request.next(input)
        }
    }

    /// Feeds `pieces` one after another, keeping what the decoder did not consume.
    private func decode(_ pieces: [[UInt8]]) -> Outcome {
        var decoder = ChunkedDecoder(.request, overheadLimit: 63)
        var body: [UInt8] = []
        var trailer: [String] = []
        var unread: [UInt8] = []
        for (index, piece) in pieces.enumerated() {
            unread += piece
            feeding: while true {
                do throws(ChunkedDecoder.Failure) {
                    switch try decoder.next(unread) {
                    case .body(let range):
                        body += unread[range]
                        unread.removeFirst(range.upperBound)
                    case .trailer(let field, let consumed):
                        trailer.append("\(text(unread, field.name))=\(text(unread, field.value))")
                        unread.removeFirst(consumed)
                    case .needsInput(let consumed):
                        unread.removeFirst(consumed)
                        break feeding
                    case .finished(let consumed):
                        let rest = unread.dropFirst(consumed) + pieces[(index + 1)...].joined()
                        return .body(
                            String(decoding: body, as: UTF8.self),
                            trailer: trailer,
                            rest: String(decoding: rest, as: UTF8.self)
                        )
                    }
                } catch {
                    return .refused(error)
                }
            }
        }
        return .incomplete(body: String(decoding: body, as: UTF8.self))
    }
}

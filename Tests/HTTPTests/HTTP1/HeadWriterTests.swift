import HTTP
import Testing

@Suite("Head writer")
struct HeadWriterTests {
    private func written(_ write: (inout OutputBuffer) -> Void) -> String {
        var output = OutputBuffer(capacity: 256)
        write(&output)
        var bytes: [UInt8] = []
        for index in output.span.indices { bytes.append(output.span[index]) }
        return String(decoding: bytes, as: UTF8.self)
    }

    static let statusLines = [
        (100, "HTTP/1.1 100 Continue\r\n"), (200, "HTTP/1.1 200 OK\r\n"),
        (404, "HTTP/1.1 404 Not Found\r\n"), (421, "HTTP/1.1 421 Misdirected Request\r\n"),
        (431, "HTTP/1.1 431 Request Header Fields Too Large\r\n"),
        (503, "HTTP/1.1 503 Service Unavailable\r\n"), (299, "HTTP/1.1 299 \r\n"),
        (999, "HTTP/1.1 999 \r\n"),
    ]

    @Test("a status line has the registered phrase or none", arguments: statusLines)
    func statusLine(_ example: (status: Int, line: String)) {
        #expect(written { HeadWriter.appendStatusLine(example.status, to: &$0) } == example.line)
    }

    @Test func `a head that was written can be read`() throws {
        let text = written { output in
            HeadWriter.appendStatusLine(200, to: &output)
            HeadWriter.appendField("Content-Length", decimal: 17, to: &output)
            HeadWriter.appendField("Cache-Control", "no-store", to: &output)
            HeadWriter.appendField("X-Subject", Array("s p".utf8).span, to: &output)
            HeadWriter.appendField(Array("X-A".utf8).span, Array("b".utf8).span, to: &output)
            HeadWriter.appendEmptyLine(to: &output)
        }
        let expected = """
            HTTP/1.1 200 OK\r\nContent-Length: 17\r\nCache-Control: no-store\r\n\
            X-Subject: s p\r\nX-A: b\r\n\r\n
            """
        #expect(text == expected)
        #expect(failure(ofResponse: Array(text.utf8)) == nil)
    }

    @Test(
        "a value that would end its line is not written",
        arguments: ["a\r\nX: y", "a\nb", "a\rb", "\0"]
    )
    func injection(_ value: String) {
        let bytes = Array(value.utf8)
        #expect(written { HeadWriter.appendField("X", bytes.span, to: &$0) } == "")
        #expect(written { HeadWriter.appendField(bytes.span, bytes.span, to: &$0) } == "")
    }

    @Test func `a parsed field is passed on without the whitespace around its value`() throws {
        let bytes = Array("GET / HTTP/1.1\r\nHost:\t a \r\n\r\n".utf8)
        var head = RequestHead(limits: HeadLimits())
        try head.parse(bytes.span)
        let field = head.fields[0]
        let line = written { HeadWriter.appendField(field, of: bytes.span, to: &$0) }
        #expect(line == "Host: a\r\n")
    }

    static let sizes = [
        (1, "1\r\n"), (15, "f\r\n"), (16, "10\r\n"), (255, "ff\r\n"), (4_096, "1000\r\n"),
        (Int.max, "7fffffffffffffff\r\n"),
    ]

    @Test("a chunk size has no more digits than it needs", arguments: sizes)
    func chunkSize(_ example: (size: Int, line: String)) {
        #expect(written { HeadWriter.appendChunkSize(example.size, to: &$0) } == example.line)
    }

    @Test("every failure has a status and a kebab-case code", arguments: HeadFailure.allCases)
    func failures(_ failure: HeadFailure) {
        #expect((400...599).contains(failure.status))
        let code = "\(failure.code)"
        #expect(code.allSatisfy { $0 == "-" || ("a"..."z").contains($0) })
        #expect(HeadFailure.allCases.filter { "\($0.code)" == code }.count == 1)
    }
}

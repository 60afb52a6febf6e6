import HTTP
import Testing

@Suite("The framing of requests")
struct RequestFramingTests {
    static let smuggling: [RefusedHead] = [
        ("length and chunked", "Content-Length: 5\r\nTransfer-Encoding: chunked"),
        ("chunked and length", "Transfer-Encoding: chunked\r\nContent-Length: 5"),
        ("chunked and length 0", "Transfer-Encoding: chunked\r\nContent-Length: 0"),
        ("repeated length", "Content-Length: 5\r\nContent-Length: 6"),
        ("repeated equal length", "Content-Length: 5\r\nContent-Length: 5"),
        ("list of lengths", "Content-Length: 5, 6"),
        ("list of equal lengths", "Content-Length: 5, 5"),
        ("list with an empty element", "Content-Length: 5,"),
        ("plus sign", "Content-Length: +5"),
        ("minus sign", "Content-Length: -5"),
        ("hexadecimal", "Content-Length: 0x5"),
        ("hexadecimal digit", "Content-Length: A"),
        ("empty length", "Content-Length:"),
        ("blank length", "Content-Length: \t "),
        ("leading zero", "Content-Length: 05"),
        ("two zeros", "Content-Length: 00"),
        ("fraction", "Content-Length: 5.0"),
        ("exponent", "Content-Length: 1e3"),
        ("underscore", "Content-Length: 1_000"),
        ("space within", "Content-Length: 1 0"),
        ("quotes", "Content-Length: \"5\""),
        ("semicolon", "Content-Length: 5;"),
        ("19 digits", "Content-Length: 1000000000000000000"),
        ("2^64", "Content-Length: 18446744073709551616"),
        ("2^64 and 5", "Content-Length: 18446744073709551621"),
        ("Content_Length", "Content_Length: 5"),
        ("content.length", "content.length: 5"),
        ("Content_Length beside the real one", "Content-Length: 5\r\nContent_Length: 6"),
        ("xchunked", "Transfer-Encoding: xchunked"),
        ("chunkedx", "Transfer-Encoding: chunkedx"),
        ("identity", "Transfer-Encoding: identity"),
        ("gzip", "Transfer-Encoding: gzip"),
        ("gzip, chunked", "Transfer-Encoding: gzip, chunked"),
        ("chunked, identity", "Transfer-Encoding: chunked, identity"),
        ("chunked, chunked", "Transfer-Encoding: chunked, chunked"),
        ("chunked with a comma", "Transfer-Encoding: chunked,"),
        ("comma and chunked", "Transfer-Encoding: ,chunked"),
        ("chunked with a parameter", "Transfer-Encoding: chunked;q=1"),
        ("chunked in quotes", "Transfer-Encoding: \"chunked\""),
        ("empty coding", "Transfer-Encoding:"),
        ("repeated coding", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
        ("two codings", "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked"),
        ("Transfer_Encoding", "Transfer_Encoding: chunked"),
        ("Transfer.Encoding with a length", "Content-Length: 5\r\nTransfer.Encoding: chunked"),
    ].map { RefusedHead($0.0, .framingInvalid, fields: $0.1) }

    static let smugglingHTTP10 = RefusedHead(
        "chunked in HTTP/1.0",
        .framingInvalid,
        fields: "Transfer-Encoding: chunked",
        version: "1.0"
    )

    /// Spellings of the same tricks that already break the grammar of a field line.
    static let malformed: [RefusedHead] = [
        ("space before the colon", "Transfer-Encoding : chunked"),
        ("vertical tab", "Transfer-Encoding: \u{0B}chunked"),
        ("bare CR", "Transfer-Encoding: chunked\rX: 1"),
        ("bare LF", "X: 1\nTransfer-Encoding: chunked"),
        ("fold", "Transfer-Encoding:\r\n chunked"),
        ("NUL", "Content-Length: 5\0"),
        ("no-break space", "Content-Length:\u{A0}5"),
    ].map { RefusedHead($0.0, .headerMalformed, fields: $0.1) }

    @Test(
        "framing that can be read in two ways is refused",
        arguments: smuggling + [smugglingHTTP10]
    )
    func refused(_ example: RefusedHead) {
        #expect(failure(ofRequest: Array(latin1: example.head)) == .framingInvalid)
    }

    @Test("a framing field that is no field line is refused", arguments: malformed)
    func refusedEarlier(_ example: RefusedHead) {
        #expect(failure(ofRequest: Array(latin1: example.head)) == .headerMalformed)
    }

    static let accepted: [(fields: String, framing: BodyFraming)] = [
        ("X: 1", .none),
        ("Content-Length: 0", .length(0)),
        ("content-length:5", .length(5)),
        ("CONTENT-LENGTH: \t 17 \t", .length(17)),
        ("Content-Length: 999999999999999999", .length(999_999_999_999_999_999)),
        ("Transfer-Encoding: chunked", .chunked),
        ("transfer-encoding:CHUNKED", .chunked),
        ("Transfer-Encoding: \tChunked ", .chunked),
    ]

    @Test("exactly one well-formed framing field is understood", arguments: accepted)
    func understood(_ example: (fields: String, framing: BodyFraming)) throws {
        let bytes = Array("POST / HTTP/1.1\r\nHost: a\r\n\(example.fields)\r\n\r\n".utf8)
        var head = RequestHead(limits: HeadLimits())
        try head.parse(bytes.span)
        let framing = head.framing
        #expect(framing == example.framing)
    }
}

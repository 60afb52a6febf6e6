import Testing

/// A request as bytes and what must become of it.
///
/// `@` in the text stands for a target of the case's own, so that the upstream's record tells
/// whether anything of it got through.
struct FramingCase: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var statuses: Set<Int>

    init(_ name: String, _ text: String, _ statuses: Set<Int> = [400]) {
        self.name = name
        self.text = text
        self.statuses = statuses
    }

    var testDescription: String { name }

    /// The target that `@` stands for.
    var target: String {
        "/open/" + name.lowercased().map { $0.isLetter || $0.isNumber ? "\($0)" : "-" }.joined()
    }

    var bytes: [UInt8] {
        Array(text.replacing("@", with: target).replacing("{at}", with: "@").utf8)
    }

    /// A POST with these field lines and this body.
    static func post(
        _ name: String,
        _ lines: String,
        _ body: String = "hello",
        _ statuses: Set<Int> = [400]
    ) -> FramingCase {
        let head = "POST @ HTTP/1.1\r\nHost: acme.test\r\n"
        return FramingCase(name, head + lines + "\r\n\r\n" + body, statuses)
    }

    /// A GET with these field lines.
    static func get(
        _ name: String,
        _ lines: String,
        _ statuses: Set<Int> = [400]
    ) -> FramingCase {
        FramingCase(
            name,
            "GET @ HTTP/1.1\r\nHost: acme.test\r\n" + lines + "\r\n\r\n",
            statuses
        )
    }

    /// A GET with this request line.
    static func line(
        _ name: String,
        _ line: String,
        _ statuses: Set<Int> = [400]
    ) -> FramingCase {
        FramingCase(name, line + "\r\nHost: acme.test\r\n\r\n", statuses)
    }
}

extension FramingCase {
    static let bodyFraming: [FramingCase] = [
        post("length and chunked", "Content-Length: 5\r\nTransfer-Encoding: chunked", chunked),
        post("chunked and length", "Transfer-Encoding: chunked\r\nContent-Length: 5", chunked),
        post("two lengths that differ", "Content-Length: 5\r\nContent-Length: 6"),
        post("two lengths that agree", "Content-Length: 5\r\nContent-Length: 5"),
        post("a list of lengths", "Content-Length: 5, 5"),
        post("a length with a plus", "Content-Length: +5"),
        post("a length with a minus", "Content-Length: -5"),
        post("a hexadecimal length", "Content-Length: 0x5"),
        post("a length with letters", "Content-Length: 5abc"),
        post("a length with a point", "Content-Length: 5.0"),
        post("a length with a space in it", "Content-Length: 5 5"),
        post("a quoted length", "Content-Length: \"5\""),
        post("an empty length", "Content-Length: "),
        post("a length beyond 64 bits", "Content-Length: 18446744073709551621"),
        post("a length of forty digits", "Content-Length: " + .init(repeating: "9", count: 40)),
        post("the greatest length", "Content-Length: 9223372036854775807", "x", [400, 413]),
        post("a coding that only looks chunked", "Transfer-Encoding: xchunked", chunked),
        post("chunked and identity", "Transfer-Encoding: chunked, identity", chunked),
        post("identity and chunked", "Transfer-Encoding: identity, chunked", chunked),
        post("identity", "Transfer-Encoding: identity\r\nContent-Length: 5"),
        post("chunked twice in a list", "Transfer-Encoding: chunked, chunked", chunked),
        post(
            "chunked in two fields",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            chunked
        ),
        post(
            "chunked and identity in two fields",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            chunked
        ),
        post("gzip and chunked", "Transfer-Encoding: gzip, chunked", chunked, [400, 501]),
        post("gzip alone", "Transfer-Encoding: gzip", "hello", [400, 501]),
        post("a quoted coding", "Transfer-Encoding: \"chunked\"", chunked),
        post("a vertical tab before chunked", "Transfer-Encoding: \u{0B}chunked", chunked),
        post("a coding with a NUL", "Transfer-Encoding: chunked\0", chunked),
        post("an empty coding", "Transfer-Encoding: ", chunked),
        post("a space before the colon of a coding", "Transfer-Encoding : chunked", chunked),
        post("a space before the colon of a length", "Content-Length : 5"),
        post("a tab before the colon of a length", "Content-Length\t: 5"),
        post("a folded coding", "Transfer-Encoding:\r\n chunked", chunked),
        FramingCase(
            "chunked in HTTP 1.0",
            "POST @ HTTP/1.0\r\nHost: acme.test\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked
        ),
    ]

    static let chunks: [FramingCase] = [
        chunk("a negative chunk size", "-5\r\nhello\r\n0\r\n\r\n"),
        chunk("a chunk size with a plus", "+5\r\nhello\r\n0\r\n\r\n"),
        chunk("a chunk size with 0x", "0x5\r\nhello\r\n0\r\n\r\n"),
        chunk("a space before the chunk size", " 5\r\nhello\r\n0\r\n\r\n"),
        chunk("an empty chunk size", "\r\nhello\r\n0\r\n\r\n"),
        chunk("letters for a chunk size", "zz\r\nhello\r\n0\r\n\r\n"),
        chunk("a chunk size of 17 digits", "11111111111111111\r\nhello\r\n0\r\n\r\n"),
        chunk("a chunk size that wraps to 5", "10000000000000005\r\nhello\r\n0\r\n\r\n"),
        chunk("a bare LF after the chunk size", "5\nhello\r\n0\r\n\r\n"),
        chunk("a bare CR after the chunk size", "5\rhello\r\n0\r\n\r\n"),
        chunk("no CRLF after a chunk", "5\r\nhello0\r\n\r\n"),
        chunk("a bare LF after a chunk", "5\r\nhello\n0\r\n\r\n"),
        chunk("a chunk longer than it says", "4\r\nhello\r\n0\r\n\r\n"),
        chunk("a NUL in the chunk size", "5\0\r\nhello\r\n0\r\n\r\n"),
        chunk(
            "a chunk extension without end",
            "5;" + String(repeating: "a", count: 100_000) + "\r\nhello\r\n0\r\n\r\n"
        ),
        chunk("a folded trailer", "5\r\nhello\r\n0\r\nA: b\r\n c\r\n\r\n"),
        chunk("a trailer without a colon", "5\r\nhello\r\n0\r\nnonsense\r\n\r\n"),
        chunk("a trailer with a NUL", "5\r\nhello\r\n0\r\nA: \0\r\n\r\n"),
        chunk("a trailer with a bare LF", "5\r\nhello\r\n0\r\nA: b\n\r\n"),
        chunk(
            "trailers without end",
            "5\r\nhello\r\n0\r\nA: " + String(repeating: "a", count: 200_000) + "\r\n\r\n",
            [400, 431]
        ),
    ]

    private static let chunked = "5\r\nhello\r\n0\r\n\r\n"

    private static func chunk(
        _ name: String,
        _ body: String,
        _ statuses: Set<Int> = [400]
    ) -> FramingCase {
        post(name, "Transfer-Encoding: chunked", body, statuses)
    }
}

extension FramingCase {
    static let syntax: [FramingCase] = [
        line("two spaces after the method", "GET  @ HTTP/1.1"),
        line("two spaces before the version", "GET @  HTTP/1.1"),
        line("tabs in the request line", "GET\t@\tHTTP/1.1"),
        line("a space after the version", "GET @ HTTP/1.1 "),
        line("a space before the method", " GET @ HTTP/1.1"),
        line("no version", "GET @"),
        line("only a method", "GET"),
        line("a method with a parenthesis", "G(T @ HTTP/1.1"),
        line("a method with an at sign", "G{at}T @ HTTP/1.1"),
        line("a method with a NUL", "G\0T @ HTTP/1.1"),
        line("a version in lower case", "GET @ http/1.1"),
        line("a version without a minor number", "GET @ HTTP/1"),
        line("a version with two digits", "GET @ HTTP/1.10"),
        line("a version with a letter", "GET @ HTTP/1.x"),
        line("a version of another protocol", "GET @ ICAP/1.0"),
        line("version 2.0", "GET @ HTTP/2.0", [505]),
        line("version 3.0", "GET @ HTTP/3.0", [505]),
        line("version 0.9", "GET @ HTTP/0.9", [400, 505]),
        FramingCase("the preface of HTTP 2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400, 505]),
        FramingCase("HTTP 0.9", "GET @\r\n"),
        FramingCase("bare LF everywhere", "GET @ HTTP/1.1\nHost: acme.test\n\n"),
        FramingCase("a bare LF after the request line", "GET @ HTTP/1.1\nHost: acme.test\r\n\r\n"),
        FramingCase("a bare LF at the end", "GET @ HTTP/1.1\r\nHost: acme.test\r\n\n"),
        FramingCase("a bare CR after the request line", "GET @ HTTP/1.1\rHost: acme.test\r\n\r\n"),
        FramingCase("no Host", "GET @ HTTP/1.1\r\nA: b\r\n\r\n"),
        get("two Hosts that differ", "Host: beta.test"),
        get("two Hosts that agree", "Host: acme.test"),
        get("a folded field", "A: b\r\n c"),
        FramingCase(
            "a folded first field",
            "GET @ HTTP/1.1\r\n Host: acme.test\r\nHost: acme.test\r\n\r\n"
        ),
        get("an empty name", ": b"),
        get("a line without a colon", "nonsense"),
        get("a space in a name", "A B: c"),
        get("a space before a colon", "A : b"),
        get("a NUL in a name", "A\0: b"),
        get("a parenthesis in a name", "A(b): c"),
        get("a letter beyond ASCII in a name", "\u{C4}: c"),
        get("a NUL in a value", "A: b\0c"),
        get("a bare CR in a value", "A: b\rc"),
        get("a bare LF in a value", "A: b\nc"),
        get("a DEL in a value", "A: b\u{7F}c"),
        get("a control character in a value", "A: b\u{01}c"),
    ]

    static let sizes: [FramingCase] = [
        line(
            "a target of 60 KB",
            "GET @" + String(repeating: "a", count: 60_000) + " HTTP/1.1",
            [414]
        ),
        get("a field of 60 KB", "A: " + String(repeating: "a", count: 60_000), [431]),
        get("a name of 60 KB", String(repeating: "a", count: 60_000) + ": b", [431]),
        get(
            "fields of 60 KB together",
            (0..<60).map { "A\($0): \(thousand)" }.joined(separator: "\r\n"),
            [431]
        ),
        get("200 fields", (0..<200).map { "A\($0): b" }.joined(separator: "\r\n"), [431]),
        FramingCase(
            "a method of 60 KB",
            String(repeating: "A", count: 60_000),
            [400, 414, 431, 501]
        ),
    ]

    private static let thousand = String(repeating: "a", count: 1_000)
}

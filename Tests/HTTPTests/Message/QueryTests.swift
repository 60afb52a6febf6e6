import HTTP
import Testing

@Suite("Queries")
struct QueryTests {
    static let wellFormed = [
        "", "a", "a=b", "a=b&c=d", "a=b;c", "a?b/c", "a=%2F%2f", "a=%00", "-._~!$&'()*+,;=:@/?",
        "response_type=code&scope=a+b&state=%E2%82%AC", "%C0%AF",
    ]

    @Test("a query of RFC 3986 characters passes", arguments: wellFormed)
    func passes(_ query: String) {
        #expect(QuerySyntax.check(Array(query.utf8)))
    }

    static let malformed = [
        "#", "a#b", " ", "a b", "\0", "\t", "\r", "\n", "\u{7F}", "\u{E9}", "\"", "<", ">", "[",
        "]", "\\", "^", "`", "{", "|", "}", "%", "a%", "%2", "%2G", "%G2", "%%41", "% 1",
    ]

    @Test("any other query is refused", arguments: malformed)
    func refuses(_ query: String) {
        #expect(!QuerySyntax.check(Array(latin1: query)))
    }

    static let parameters: [(query: String, found: [String])] = [
        ("", []), ("&", []), ("&&a", ["a>"]), ("a", ["a>"]), ("a=", ["a>"]), ("=b", [">b"]),
        ("=", [">"]), ("a=b", ["a>b"]), ("a=b&", ["a>b"]), ("a=b=c", ["a>b=c"]),
        ("a=1&b=2&&a=3", ["a>1", "b>2", "a>3"]), ("a%3Db=c%26d", ["a%3Db>c%26d"]),
        ("a;b=c", ["a;b>c"]),
        (
            "response_type=code&client_id=abcdefgh&state=",
            ["response_type>code", "client_id>abcdefgh", "state>"]
        ),
    ]

    @Test("pairs are found without copying", arguments: parameters)
    func pairs(_ example: (query: String, found: [String])) {
        let bytes = Array("/x?\(example.query)".utf8)
        var parameters = QueryParameters(3..<bytes.count)
        var found: [String] = []
        while let parameter = parameters.next(in: bytes.span) {
            found.append("\(text(bytes, parameter.name))>\(text(bytes, parameter.value))")
        }
        #expect(found == example.found)
    }

    static let decoded: [(encoded: String, text: String?)] = [
        ("", ""), ("code", "code"), ("c%6Fde", "code"), ("c%6fde", "code"), ("a+b", "a b"),
        ("a%20b", "a b"), ("%2B", "+"), ("%E2%82%AC", "\u{20AC}"), ("%", nil), ("a%2", nil),
        ("%zz", nil),
    ]

    @Test("a form value is compared and decoded", arguments: decoded)
    func decodes(_ example: (encoded: String, text: String?)) {
        let encoded = Array(example.encoded.utf8)
        var output = OutputBuffer(capacity: 64)
        let isWellFormed = FormEncoding.decode(encoded.span, into: &output)
        #expect(isWellFormed == (example.text != nil))
        var found: [UInt8] = []
        for index in output.span.indices { found.append(output.span[index]) }
        #expect(found == Array((example.text ?? "").utf8))
        if let text = example.text {
            #expect(FormEncoding.equals(encoded, Array(text.utf8)))
            #expect(!FormEncoding.equals(encoded, Array((text + "x").utf8)))
        }
    }

    @Test func `a malformed form value equals nothing`() {
        #expect(!FormEncoding.equals(Array("code%".utf8), Array("code".utf8)))
        #expect(!FormEncoding.equals(Array("%".utf8), []))
        #expect(FormEncoding.equals(Array("S%32%356".utf8), "S256"))
        #expect(!FormEncoding.equals(Array("s256".utf8), Array("S256".utf8)))
    }

    @Test func `every byte survives a form`() {
        let bytes = (0...255).map { UInt8($0) }
        let encoded = FormEncoding.encode(bytes)
        #expect(encoded.allSatisfy { 0x21...0x7E ~= $0 && $0 != 0x26 && $0 != 0x3D })
        #expect(FormEncoding.equals(encoded, bytes))
        #expect(
            FormEncoding.encode(Array("aZ9*-._ ~+/=:".utf8))
                == Array("aZ9*-._+%7E%2B%2F%3D%3A".utf8)
        )
    }
}

import HTTP
import Testing

@Suite("Canonical paths")
struct PathCanonicalityTests {
    struct Spelling: Sendable, CustomTestStringConvertible {
        var path: String
        var fault: PathCanonicality.Fault
        var testDescription: String { path.debugDescription }
    }

    static let canonical = [
        "/", "/a", "/a/", "/a/b", "/a/b/", "/v1/openid/offers/pre-authorized",
        "/v1/openid/offers/pre-authorized/8241400f-de3b-42c5-ad7c-8a380039e796",
        "/.well-known/openid-credential-issuer", "/...", "/a/...", "/..a", "/a..", "/.a", "/a.",
        "/a.b", "/a..b/c", "/-._~", "/!$&'()+,=:@", "/A/a", "/a=b&c", "/a+b", "/a:b", "/a@b",
        "/%20", "/a%20b", "/%22", "/%3C%3E", "/%5B%5D", "/%5E", "/%60", "/%7B%7C%7D",
        "/%C3%A9", "/%C2%A0", "/%DF%BF", "/%E0%A0%80", "/%E2%82%AC", "/%ED%9F%BF", "/%EE%80%80",
        "/%EF%BF%BF", "/%F0%90%80%80", "/%F0%9F%98%80", "/%F4%8F%BF%BF", "/%E2%82%AC/%C3%A9/x",
        "/1234567890", "/~user/", "/did:web:acme.example",
    ]

    @Test("a canonical path passes", arguments: canonical)
    func passes(_ path: String) {
        let bytes = Array(path.utf8)
        #expect(PathCanonicality.fault(in: bytes) == nil)
        #expect(PathCanonicality.check(bytes))
    }

    private static func all(_ fault: PathCanonicality.Fault, _ paths: [String]) -> [Spelling] {
        paths.map { Spelling(path: $0, fault: fault) }
    }

    static let refused: [Spelling] =
        all(
            .notRooted,
            ["", "a", "a/b", "*", "?", ".", "..", "%2F", "\\", "#a", "http://a/", " /"]
        )
        + all(.emptySegment, ["//", "//a", "/a//", "/a//b", "///", "/a///b", "//a.example/x"])
        + all(
            .dotSegment,
            [
                "/.", "/..", "/./", "/../", "/a/.", "/a/..", "/a/./b", "/a/../b", "/./a", "/../a",
                "/a/b/../../c", "/../../../etc/passwd",
            ]
        )
        + all(
            .forbiddenByte,
            [
                "/;", "/a;b", "/a;b=c/d", "/..;/a", "/a/..;/b", "/;/a", "/a\\b", "/..\\a", "/\\",
                "/a#b", "/#", "/*", "/a*", "/a?b", "/\0", "/a\0b", "/ ", "/a b", "/\t", "/a\r",
                "/a\n", "/\u{01}", "/\u{1F}", "/\u{7F}", "/\u{80}", "/\u{E9}", "/\u{FF}",
                "/\u{C0}\u{AF}", "/\"", "/<", "/>", "/[", "/]", "/^", "/`", "/{", "/|", "/}",
            ]
        )
        + all(
            .malformedEncoding,
            [
                "/%", "/a%", "/%2", "/%2/", "/%G0", "/%0G", "/%zz", "/%%", "/%%41", "/%u002F",
                "/% 41", "/%+1", "/%-1", "/%4", "/%C3%", "/%C3%A",
            ]
        )
        + all(
            .lowercaseEncoding,
            [
                "/%2f", "/%2e%2e", "/%5c", "/%c3%a9", "/%C3%a9", "/%c3%A9", "/%3b", "/%7b", "/%aF",
                "/a%2e", "/%6a",
            ]
        )
        + all(
            .needlessEncoding,
            [
                "/%41", "/%61", "/%30", "/%2D", "/%5F", "/%7E", "/%2E", "/%2E%2E", "/%2E%2E/a",
                "/.%2E/a", "/%2E./a", "/a/%2E", "/%40", "/%3A", "/%2B", "/%2C", "/%3D", "/%26",
                "/%24", "/%21", "/%27", "/%28", "/%29", "/v1/%6Fpenid",
            ]
        )
        + all(
            .forbiddenEncoding,
            [
                "/%2F", "/a%2Fb", "/..%2Fa", "/%2F..", "/%5C", "/a%5Cb", "/..%5C", "/%25", "/%252F",
                "/%252E%252E", "/%00", "/a%00", "/a%00.json", "/%01", "/%09", "/%0A", "/%0D",
                "/%0D%0AX:%20y", "/%1F", "/%7F", "/%3B", "/a%3Bb", "/%2A", "/%3F", "/a%3Fb=c",
                "/%23", "/a%23b",
            ]
        )
        + all(
            .malformedUTF8,
            [
                "/%80", "/%BF", "/%C0%AF", "/%C0%80", "/%C0%AE%C0%AE", "/%C1%BF", "/%C1%9C",
                "/%C3", "/%C3a", "/%C3/", "/%C3%28", "/%C3%41", "/%E0%80%AF", "/%E0%9F%BF",
                "/%E2%82", "/%E2%82/", "/%E2%28%A1", "/%ED%A0%80", "/%ED%BF%BF", "/%F0%80%80%AF",
                "/%F0%8F%BF%BF", "/%F0%9F%98", "/%F4%90%80%80", "/%F5%80%80%80", "/%F8%88%80%80%80",
                "/%FE", "/%FF", "/%C2%80", "/%C2%85", "/%C2%9F",
            ]
        )

    @Test("any other spelling is refused", arguments: refused)
    func refuses(_ spelling: Spelling) {
        let bytes = Array(latin1: spelling.path)
        #expect(PathCanonicality.fault(in: bytes) == spelling.fault)
        #expect(!PathCanonicality.check(bytes))
    }

    @Test func `a byte passes raw or encoded, never both`() {
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in UInt8.min...UInt8.max {
            let raw: [UInt8] = [0x2F, 0x61, byte, 0x61]
            let encoded: [UInt8] = [0x2F, 0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            let passes = (PathCanonicality.check(raw), PathCanonicality.check(encoded))
            #expect(!(passes.0 && passes.1), "\(byte)")
        }
    }

    @Test func `an encoded character of any length passes`() {
        for scalar in stride(from: UInt32(0xA0), through: 0x10_FFFF, by: 257) {
            guard let character = Unicode.Scalar(scalar) else { continue }
            var path = Array("/".utf8)
            for byte in String(Character(character)).utf8 {
                path += Array("%".utf8)
                path += Array(String(byte, radix: 16, uppercase: true).utf8)
            }
            #expect(PathCanonicality.check(path), "U+\(String(scalar, radix: 16))")
        }
    }
}

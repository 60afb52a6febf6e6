import Policy
import Testing

@Suite("base64url")
struct Base64URLTests {
    static let pairs: [(String, String)] = [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
        ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"), ("\u{3FF}?>~", "z78_Pn4"),
    ]

    @Test("the vectors of RFC 4648 work both ways", arguments: pairs)
    func vectors(_ bytes: String, _ text: String) {
        #expect(Base64URL.encode(Array(bytes.utf8)) == text)
        #expect(Base64URL.decode(Array(text.utf8).span) == Array(bytes.utf8))
    }

    static let refused = [
        "A", "AAAAA", "Zg=", "Zg==", "Zm8=", "Zh", "Zk", "Zm9", "Zm-", "Zm9v\n", " Zm9v", "Zm 9v",
        "Zm9+", "Zm9/", "Zm9v.", "Zm9\u{E9}", "Z\u{0}9v", "Z===",
    ]

    @Test("what is not canonical is refused", arguments: refused)
    func refuses(_ text: String) {
        var kept: [UInt8] = [1, 2, 3]
        let isDecoded = Base64URL.decode(Array(text.utf8).span, into: &kept)
        #expect(!isDecoded)
        #expect(kept.isEmpty)
    }

    @Test func `every length and every byte comes back`() {
        for length in 0..<70 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 37 + length) }
            let text = Base64URL.encode(bytes)
            #expect(Base64URL.decode(Array(text.utf8).span) == bytes)
        }
        let all = (0...255).map { UInt8($0) }
        #expect(Base64URL.decode(Array(Base64URL.encode(all).utf8).span) == all)
    }
}

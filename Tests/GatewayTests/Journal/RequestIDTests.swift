import Testing

@testable import Gateway

@Suite("Request identifier")
struct RequestIDTests {
    @Test(
        "a well-formed identifier is kept",
        arguments: ["a", "AZaz09._~+/=:@-", String(repeating: "x", count: 128)]
    )
    func kept(_ text: String) {
        let id = RequestID(wellFormed: Array(text.utf8).span)
        #expect(id.map { string($0) } == text)
    }

    @Test(
        "anything else is refused",
        arguments: ["", " a", "a b", "a\n", "a\"", "é", "a,b", "a\u{0}", "a\u{7F}", "[", "`", "{"]
            + [String(repeating: "x", count: 129)]
    )
    func refused(_ text: String) {
        let id = RequestID(wellFormed: Array(text.utf8).span)
        #expect(id == nil)
    }

    @Test func `exactly the named characters are allowed`() {
        let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
            .union("._~+/=:@-".utf8)
        for byte in UInt8.min...UInt8.max {
            let bytes = [byte]
            let isKept = RequestID(wellFormed: bytes.span) != nil
            #expect(isKept == allowed.contains(byte), "byte \(byte)")
        }
    }

    @Test func `a made identifier is a UUID of version 7`() {
        // RFC 9562 appendix A.6.
        let id = RequestID(
            uuidV7: 0x017F_22E2_79B0,
            random: (0xCC3, 0x18C4_DC0C_0C07_398F << 2)
        )
        #expect(string(id) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
        let ones = RequestID(uuidV7: -1, random: (.max, .max))
        #expect(string(ones) == "ffffffff-ffff-7fff-bfff-ffffffffffff")
    }

    private func string(_ id: RequestID) -> String {
        String(decoding: id.span.copied, as: UTF8.self)
    }
}

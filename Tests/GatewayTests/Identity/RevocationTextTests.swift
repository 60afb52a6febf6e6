import Testing

@testable import Gateway

@Suite("Revocation text")
struct RevocationTextTests {
    /// The entries of a text, each as `KINDS:VALUE`, and `KINDS:VALUE|WHOLE` for one that counts
    /// both ways.
    static func entries(_ text: String) throws -> [String] {
        let names: [RevocationKinds: String] = [
            .token: "token", .subject: "subject", .client: "client", .any: "any",
        ]
        var text = try RevocationText(Array(text.utf8))
        var found: [String] = []
        while let entry = text.next() {
            func shown(_ range: Range<Int>) -> String {
                String(decoding: text.bytes[range], as: UTF8.self)
            }
            let whole = entry.whole.map { "|" + shown($0) } ?? ""
            found.append("\(names[entry.kinds] ?? "?"):\(shown(entry.value))\(whole)")
        }
        return found
    }

    @Test(
        "a line is a value, perhaps with its kind",
        arguments: [
            ("", []), ("\n\n", []), ("   \t", []), ("# x", []), ("  # x", []), ("#x\ny", ["any:y"]),
            ("a", ["any:a"]), ("a\nb\n", ["any:a", "any:b"]), ("a\r\nb\r\n", ["any:a", "any:b"]),
            ("  a \t\n", ["any:a"]), ("a b  c", ["any:a b  c"]), ("a # b", ["any:a"]),
            ("a\t#b", ["any:a"]), ("a#b", ["any:a#b"]), ("auth0|x", ["any:auth0|x"]),
            ("token a", ["token:a"]), ("jti\ta", ["token:a"]), ("subject  a b", ["subject:a b"]),
            ("sub a # b", ["subject:a"]), ("client a", ["client:a"]), ("client_id a", ["client:a"]),
            ("sub:a", ["subject:a|sub:a"]), ("client=a", ["client:a|client=a"]),
            ("jti = a", ["token:a|jti = a"]), ("sub: a", ["subject:a|sub: a"]),
            ("client_id=a", ["client:a|client_id=a"]), ("sub:sub:a", ["subject:sub:a|sub:sub:a"]),
            ("token", ["any:token"]), ("token:", ["any:token:"]), ("sub =", ["any:sub ="]),
            ("token # a", ["any:token"]), ("sub:#a", ["subject:#a|sub:#a"]),
            ("tokens a", ["any:tokens a"]), ("subjecta", ["any:subjecta"]),
            ("Sub a", ["any:Sub a"]),
            ("subsub:a", ["any:subsub:a"]), ("{\"a\"}", ["any:{\"a\"}"]),
            ("\u{FEFF}a\n\u{FEFF}b", ["any:a", "any:\u{FEFF}b"]), ("é", ["any:é"]),
        ]
    )
    func lines(_ text: String, _ entries: [String]) throws {
        #expect(try Self.entries(text) == entries)
    }

    @Test(
        "what is no text is refused",
        arguments: [
            ([0x61, 0xFF], .notUTF8), ([0xC0, 0x80], .notUTF8), ([0xED, 0xA0, 0x80], .notUTF8),
            ([0xFF, 0xFE, 0x61, 0x00], .notUTF8), ([0x61, 0x00], .controlCharacter(line: 1)),
            ([0x61, 0x0A, 0x0A, 0x62, 0x1B], .controlCharacter(line: 3)),
            ([0x61, 0x0D, 0x62], .controlCharacter(line: 1)),
            ([0x7F], .controlCharacter(line: 1)),
        ] as [([UInt8], RevocationText.Fault)]
    )
    func faults(_ bytes: [UInt8], _ fault: RevocationText.Fault) {
        #expect(throws: fault) { try RevocationText(bytes) }
    }

    @Test func `a table knows each value for its kinds only`() throws {
        let text = try RevocationText(Array("a\ntoken b\nsub:c\nclient b\n".utf8))
        let (table, counts) = try #require(text.table(entriesMax: 4))
        #expect(counts == RevocationCounts(token: 1, subject: 1, client: 1, any: 1))
        func kinds(_ value: String) -> [Bool] {
            [.token, .subject, .client].map { table.contains(Array(value.utf8), for: $0) }
        }
        #expect(kinds("a") == [true, true, true])
        #expect(kinds("b") == [true, false, true])
        #expect(kinds("c") == [false, true, false])
        #expect(kinds("sub:c") == [true, true, true])
        #expect(kinds("d") == [false, false, false])
        #expect(kinds("") == [false, false, false])
        #expect(kinds("A") == [false, false, false])
    }

    @Test func `a million entries are found in 26 bytes each, and nothing else is`() throws {
        let count = Revocations.entriesMax
        var bytes: [UInt8] = []
        for number in 0..<count { bytes += Self.name(number) + [0x0A] }
        let text = try RevocationText(bytes)
        #expect(text.table(entriesMax: count - 1) == nil)
        let (table, counts) = try #require(text.table(entriesMax: count))
        #expect(counts.any == count)
        #expect(table.bytesCount <= count * 26)
        for number in stride(from: 0, to: count, by: 101) {
            #expect(table.contains(Self.name(number), for: .subject))
            #expect(!table.contains(Self.name(number + count), for: .any))
        }
    }

    /// Eight letters for a number.
    private static func name(_ number: Int) -> [UInt8] {
        (0..<8).map { UInt8(ascii: "a") + UInt8(number >> ($0 * 4) & 15) }
    }
}

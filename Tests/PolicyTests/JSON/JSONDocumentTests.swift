import Policy
import Testing

@Suite("JSON document")
struct JSONDocumentTests {
    static let accepted: [String] = [
        "0", "-0", "-1.5e+10", "1E400", "\"\"", "true", "false", "null", "[]", "{}",
        " [ 1 , 2 ] ", "\t\r\n{ \"a\" : { } }", #"{"a":1,"A":2,"":3}"#, #""\"\\\/\b\f\n\r\t""#,
        #""\u0041\u00e9\u20ac\ud83d\ude00\u0000""#, "\"é€😀\u{10FFFF}\u{7F}\"",
        "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]",
    ]

    @Test("what RFC 8259 allows is read", arguments: accepted)
    func accepts(_ text: String) throws {
        _ = try JSONDocument(Array(text.utf8))
    }

    @Test("every text that is cut off is refused", arguments: accepted.filter { $0.count > 3 })
    func cut(_ text: String) throws {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, first == 0x7B || first == 0x5B || first == 0x22 else {
            return
        }
        for length in 0..<bytes.count {
            #expect(throws: JSONFailure.self, "\(length)") {
                _ = try JSONDocument(Array(bytes[..<length]))
            }
        }
    }

    static let refused: [(String, JSONFailure.Reason)] = [
        ("", .truncated), (" ", .truncated), ("[", .truncated), ("\"a", .truncated),
        ("tru", .truncated), ("nul1", .unexpectedByte), ("01", .trailingBytes),
        ("-", .truncated), ("1.", .truncated), (".5", .unexpectedByte), ("1e", .truncated),
        ("1e+", .truncated), ("+1", .unexpectedByte), ("NaN", .unexpectedByte),
        ("Infinity", .unexpectedByte), ("0x1", .trailingBytes), ("1 2", .trailingBytes),
        ("{} {}", .trailingBytes), ("[1,]", .unexpectedByte), ("[,1]", .unexpectedByte),
        ("[1 2]", .unexpectedByte), (#"{"a":1,}"#, .unexpectedByte), (#"{"a"}"#, .unexpectedByte),
        (#"{a:1}"#, .unexpectedByte), (#"{1:1}"#, .unexpectedByte), ("'a'", .unexpectedByte),
        ("[1]//", .trailingBytes), ("/**/1", .unexpectedByte), ("\u{FEFF}1", .unexpectedByte),
        ("\"\n\"", .unexpectedByte), ("\"\u{0}\"", .unexpectedByte), ("1\u{0}", .trailingBytes),
        (#""\x41""#, .badEscape), (#""\u12""#, .badEscape), (#""\u12g4""#, .badEscape),
        (#""\ud800""#, .badEscape), (#""\ud800\u0041""#, .badEscape),
        (#""\udc00""#, .badEscape), (#""\ud800\ud800""#, .badEscape),
        ("-01", .trailingBytes), ("00", .trailingBytes), ("-NaN", .unexpectedByte),
        ("1e1.5", .trailingBytes), ("--1", .unexpectedByte), ("1_0", .trailingBytes),
        ("TRUE", .unexpectedByte), ("[\u{A0}1]", .unexpectedByte), ("\u{B}1", .unexpectedByte),
        ("[1]\u{0}", .trailingBytes), ("{\u{0}}", .unexpectedByte), ("\"\t\"", .unexpectedByte),
        (#""\U0041""#, .badEscape), (#""\u{41}""#, .badEscape), (#""\ud83d\n""#, .badEscape),
        (#""\ud83d\ud83d\ude00""#, .badEscape), (#"{"":1,"":2}"#, .repeatedMember),
        (#"{"a\/":1,"a/":2}"#, .repeatedMember), (#"{"\u0000":1,"\u0000":2}"#, .repeatedMember),
        (#"{"\u00e9":1,"é":2}"#, .repeatedMember),
        (#"{"a":1,"a":2}"#, .repeatedMember), (#"{"a":1,"\u0061":2}"#, .repeatedMember),
        (#"{"b":{"a":1,"c":0,"a":2}}"#, .repeatedMember),
        (#"{"\ud83d\ude00":1,"😀":2}"#, .repeatedMember),
        ("[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]", .tooDeep),
    ]

    @Test("what it does not allow is refused, with the reason", arguments: refused)
    func refuses(_ text: String, _ reason: JSONFailure.Reason) {
        let failure = #expect(throws: JSONFailure.self) { _ = try JSONDocument(Array(text.utf8)) }
        #expect(failure?.reason == reason)
    }

    static let malformedUTF8: [[UInt8]] = [
        [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
        [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xE2, 0x82], [0xF0, 0x80, 0x80, 0x80],
        [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
        [0xF0, 0x9F, 0x98], [0xFE], [0xFF], [0xE2, 0x28, 0xA1], [0xF0, 0x9F, 0x28, 0x80],
    ]

    @Test("a string that is not well-formed UTF-8 is refused", arguments: malformedUTF8)
    func utf8(_ bytes: [UInt8]) {
        #expect(throws: JSONFailure.self) { _ = try JSONDocument([0x22] + bytes + [0x22]) }
    }

    @Test func `another encoding than UTF-8 is refused`() {
        let text = #"{"a":1}"#
        let wide = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        for bytes in [wide, [0xFF, 0xFE] + wide, [0xEF, 0xBB, 0xBF] + Array(text.utf8)] {
            #expect(throws: JSONFailure.self) { _ = try JSONDocument(bytes) }
        }
    }

    @Test func `names that differ in case or composition are different`() throws {
        _ = try JSONDocument(Array(#"{"a":1,"A":2,"\u00e9":3,"e\u0301":4,"a ":5}"#.utf8))
    }

    @Test func `an object with many members has no member twice either`() throws {
        let members = (0..<200).map { "\"m\($0)\":\($0)" }
        _ = try JSONDocument(Array("{\(members.joined(separator: ","))}".utf8))
        let twice = members + [#""\u006d150":0"#]
        let failure = #expect(throws: JSONFailure.self) {
            _ = try JSONDocument(Array("{\(twice.joined(separator: ","))}".utf8))
        }
        #expect(failure?.reason == .repeatedMember)
    }

    @Test func `there are never more values than the caller allows`() throws {
        _ = try JSONDocument(Array("[1,2,3]".utf8), nodesMax: 4)
        let failure = #expect(throws: JSONFailure.self) {
            _ = try JSONDocument(Array("[1,2,3]".utf8), nodesMax: 3)
        }
        #expect(failure?.reason == .tooManyNodes)
    }

    @Test func `values are found by name, path and place`() throws {
        let text = #"{"a":{"b":[1,"x\u0079",{"c":true}],"http://x/y":"z"},"d":null,"e.f":0}"#
        let document = try JSONDocument(Array(text.utf8))
        let list = try #require(document.node(at: ["a", "b"]))
        let kinds = document.elements(of: list).map { document.kind(of: $0) }
        #expect(kinds == [.number, .string, .object])
        let elements = Array(document.elements(of: list))
        #expect(document.equals(elements[1], Array("xy".utf8)))
        #expect(!document.equals(elements[1], Array("x".utf8)))
        #expect(!document.equals(elements[1], Array("xyz".utf8)))
        #expect(document.string(of: elements[1]) == Array("xy".utf8))
        #expect(document.node(at: ["a", "http://x/y"]) != nil)
        #expect(document.node(at: ["e.f"]) != nil)
        #expect(document.node(at: ["a", "b", "c"]) == nil)
        #expect(document.node(at: ["a", "missing"]) == nil)
        #expect(document.kind(of: document.root) == .object)
        #expect(document.members(of: document.root).count == 3)
        #expect(Array(document.elements(of: document.root)).isEmpty)
        let null = try #require(document.member("d", of: document.root))
        #expect(document.kind(of: null) == .null)
    }

    @Test func `escapes are undone into UTF-8`() throws {
        let document = try JSONDocument(Array(#""\u0041\u00e9\u20ac\ud83d\ude00\"\/\n""#.utf8))
        #expect(document.string(of: document.root) == Array("Aé€😀\"/\n".utf8))
        #expect(document.equals(document.root, Array("Aé€😀\"/\n".utf8)))
    }

    @Test func `a written string reads as itself`() throws {
        let text = "a\"b\\c\n\t\r\u{1}\u{1F}é😀/"
        var written: [UInt8] = []
        JSONString.append(text, to: &written)
        let document = try JSONDocument(written)
        #expect(document.string(of: document.root) == Array(text.utf8))
    }

    @Test func `numbers and booleans are compared as they are written`() throws {
        let document = try JSONDocument(Array("[5,true,\"5\",null,[5]]".utf8))
        let five = Array("5".utf8)
        #expect(
            document.elements(of: document.root).map { document.says($0, five) } == [
                true, false, true, false, false,
            ]
        )
    }
}

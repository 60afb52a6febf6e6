import Testing

@testable import Policy

@Suite("Statement parser")
struct StatementParserTests {
    static func parse(_ text: String) -> StatementParser.Parsed { parse(Array(text.utf8)) }

    static func parse(_ bytes: [UInt8]) -> StatementParser.Parsed {
        StatementParser.parse(bytes, file: 0) { substitution in
            switch substitution {
            case .environment("NAME"): .success("a value {subject} # \"x\"")
            case .environment("EMPTY"): .success("")
            case .environment("KEY"): .success("NAME")
            case .file("key"): .success("s3cret")
            case .environment: .failure(SourceFailure("is not set"))
            case .file: .failure(SourceFailure("No such file or directory"))
            }
        }
    }

    static let wellFormed: [(text: String, outline: String)] = [
        ("", ""),
        ("\n\n  \t\n", ""),
        ("# only a comment", ""),
        ("a", "a"),
        ("a b  c\t d ", "a b c d"),
        ("a # b { c", "a"),
        ("a#b c", "a#b c"),
        ("a #", "a"),
        ("a \"b # c\"", "a \"b # c\""),
        ("a\nb", "a; b"),
        ("a\r\nb\r\n", "a; b"),
        ("\u{FEFF}a b", "a b"),
        ("a {\n}", "a { }"),
        ("a { # why\n  b # what\n} # end", "a { b }"),
        ("a {\nb {\nc\n}\n}\nd", "a { b { c } }; d"),
        ("a{\nb\n}", "a { b }"),
        ("a b{\n}", "a b { }"),
        ("a \"{\"", "a \"{\""),
        ("a \"}\"\n\"}\"", "a \"}\"; \"}\""),
        ("a \"\"", "a \"\""),
        (#"a "\"\\\n\t\u{41}\u{1F600}""#, "a \"\"\\\n\tA\u{1F600}\""),
        ("match GET /x/{id:uuid}", "match GET /x/{id:uuid}"),
        ("match GET /{rest...} {\n}", "match GET /{rest...} { }"),
        ("header X {claim a b}", "header X {claim a b}"),
        ("header X {subject}", "header X {subject}"),
        ("a $ $x $$ 5$", "a $ $x $$ 5$"),
        ("a ${env:NAME}", "a a value {subject} # \"x\""),
        ("a x${env:EMPTY}y", "a xy"),
        ("a ${env:EMPTY}", "a "),
        ("a pre-${file:key}-post", "a pre-s3cret-post"),
        ("a \"${file:key} and ${file:key}\"", "a \"s3cret and s3cret\""),
        ("a ${env:${env:KEY}}", "a a value {subject} # \"x\""),
        ("größe é 日本", "größe é 日本"),
    ]

    @Test("a well-formed text gives its statements", arguments: wellFormed)
    func statements(_ text: String, _ expected: String) {
        let parsed = Self.parse(text)
        #expect(parsed.diagnostics.map(summary) == [])
        #expect(outline(parsed.statements) == expected)
    }

    static let faulty: [(text: String, faults: [String], outline: String)] = [
        ("a \"b", ["1:3 a quoted word without its closing `\"`"], "a \"b\""),
        ("a \"b\"c d", ["1:6 no space after the closing `\"`"], "a \"b\" d"),
        ("a b\"c d\" e", ["1:4 a quote inside a bare word: quote the whole word"], "a b e"),
        (
            #"a "\q" "\u{}" "\u{D800}" "\u41""#,
            [
                #"1:4 unknown escape; wanted one of `\"`, `\\`, `\n`, `\t`, `\u{...}`"#,
                #"1:9 wanted `\u{...}` with 1 to 6 hexadecimal digits"#,
                #"1:16 wanted `\u{...}` with 1 to 6 hexadecimal digits"#,
                #"1:27 wanted `\u{...}` with 1 to 6 hexadecimal digits"#,
            ],
            #"a "" "{}" "{D800}" "41""#
        ),
        (#"a "b\"#, ["1:3 a quoted word without its closing `\"`"], "a \"b\""),
        ("a { b", ["1:3 `{` opens a block only at the end of a line"], "a b"),
        ("a { b }", ["1:3 `{` opens a block only at the end of a line"], "a b"),
        ("a }", ["1:3 `}` stands alone on its line"], "a"),
        ("a {\n} b", ["2:1 `}` stands alone on its line"], "a { }"),
        ("}", ["1:1 `}` closes no block"], ""),
        ("a {\nb", ["1:1 the block of `a` is never closed"], "a { b }"),
        (
            "a {\nb {\n",
            ["2:1 the block of `b` is never closed", "1:1 the block of `a` is never closed"],
            "a { b { } }"
        ),
        (
            "a\n{\nb\n}",
            ["2:1 `{` alone on a line: it belongs at the end of the line before"], "a { b }"
        ),
        (
            "a {}\nb",
            ["1:3 an empty block is `{` at the end of the line and `}` on the next"], "a { }; b"
        ),
        ("a ${env:GONE}", ["1:3 environment variable `GONE` is not set"], "a "),
        ("a x${file:no}y", ["1:4 cannot read `no`: No such file or directory"], "a xy"),
        ("a ${evn:X}", ["1:3 wanted `${env:NAME}` or `${file:PATH}` (env?)"], "a "),
        ("a ${fil:X}", ["1:3 wanted `${env:NAME}` or `${file:PATH}` (file?)"], "a "),
        ("a ${env:}", ["1:3 wanted `${env:NAME}` or `${file:PATH}` (env?)"], "a "),
        ("a ${HOME}", ["1:3 wanted `${env:NAME}` or `${file:PATH}`"], "a "),
        ("a ${env:X b", ["1:3 `${` without its `}`"], "a  b"),
        ("a \"${env:X\"", ["1:4 `${` without its `}`"], "a \"\""),
        ("a ${env:${env:GONE}}", ["1:9 environment variable `GONE` is not set"], "a "),
        ("a b\u{0}c", ["1:4 control character U+0000"], "a b\u{0}c"),
        ("a \"b\u{1B}\"", ["1:5 control character U+001B"], "a \"b\u{1B}\""),
        ("a\rb", ["1:2 control character U+000D"], "a\rb"),
        ("a b\u{A0}c", ["1:4 U+00A0 looks like a space and is none"], "a b\u{A0}c"),
        ("a b\u{200B}", ["1:4 invisible character U+200B"], "a b\u{200B}"),
        ("日本 \"x", ["1:4 a quoted word without its closing `\"`"], "日本 \"x\""),
        ("\t\ta \"x", ["1:5 a quoted word without its closing `\"`"], "a \"x\""),
    ]

    @Test("a faulty text names every fault at its place and is read on", arguments: faulty)
    func faults(_ text: String, _ faults: [String], _ expected: String) {
        let parsed = Self.parse(text)
        #expect(parsed.diagnostics.map(summary) == faults)
        #expect(outline(parsed.statements) == expected)
    }

    @Test func `every fault of a file is found`() {
        let parsed = Self.parse("a \"b\nc }\nd ${env:GONE} ${file:no}\ne { f\n}\n}")
        #expect(
            parsed.diagnostics.map { "\($0.position.line):\($0.position.column)" }
                == ["1:3", "2:3", "3:3", "3:15", "4:3", "5:1", "6:1"]
        )
    }

    @Test("bytes that are not UTF-8 are refused at their column")
    func encoding() {
        let parsed = Self.parse(Array("ok\né b".utf8) + [0xFF, 0x20, 0xC3, 0x0A] + Array("c".utf8))
        #expect(parsed.diagnostics.map(summary) == ["2:4 bytes that are not UTF-8"])
        #expect(parsed.statements.count == 3)
    }

    @Test("a word knows where it begins, and whether it was quoted")
    func positions() throws {
        let parsed = Self.parse("\n\té \"b\" c {\n}")
        let statement = try #require(parsed.statements.first)
        #expect(statement.words.map(\.position.column) == [2, 4, 8])
        #expect(statement.words.map(\.position.line) == [2, 2, 2])
        #expect(statement.words.map(\.isQuoted) == [false, true, false])
    }

    @Test("a word shows its spelling in the file, never what a file brought")
    func secrets() throws {
        let statement = try #require(
            Self.parse("a pre-${file:key} \"${env:NAME}\"").statements.first
        )
        #expect(statement.words[1].text == "pre-s3cret")
        #expect(statement.words.map(\.shown) == ["a", "pre-${file:key}", "\"${env:NAME}\""])
        #expect(statement.words[1].verbatim == [4..<10])
    }

    @Test("more words on a line than the limit are refused")
    func lineWords() {
        let most = LanguageLimits.lineWordsMax
        let line = Array(repeating: "w", count: most).joined(separator: " ")
        #expect(Self.parse(line).diagnostics.isEmpty)
        let parsed = Self.parse(line + " w")
        #expect(
            parsed.diagnostics.map(summary) == [
                "1:\(2 * most + 1) more than \(most) words on a line"
            ]
        )
    }

    @Test("blocks nested deeper than the limit are refused once, and the rest is read")
    func depth() {
        let most = LanguageLimits.blockDepthMax
        func nested(_ depth: Int) -> String {
            String(repeating: "a {\n", count: depth) + String(repeating: "}\n", count: depth) + "b"
        }
        #expect(Self.parse(nested(most)).diagnostics.isEmpty)
        for depth in [most + 1, most + 2, 50_000] {
            let parsed = Self.parse(nested(depth))
            #expect(
                parsed.diagnostics.map(summary)
                    == ["\(most + 1):3 more than \(most) blocks in one another"]
            )
            #expect(parsed.statements.map(\.keyword.text) == ["a", "b"])
        }
    }

    @Test("a file with no end of faults is given up")
    func faultsMax() {
        let most = LanguageLimits.fileFaultsMax
        #expect(Self.parse(String(repeating: "a }\n", count: most)).diagnostics.count == most)
        let many = Self.parse(String(repeating: "a }\n", count: 20 * most))
        #expect(many.diagnostics.count == most + 2)
        #expect(
            many.diagnostics.last?.message == "too many faults: the rest of the file is not read"
        )
        let line = "\"" + String(repeating: "\\q", count: 20 * most)
        #expect(Self.parse(line).diagnostics.count <= most + 2)
    }

    @Test("a substitution nested deeper than the limit is refused")
    func substitutionDepth() {
        let most = LanguageLimits.substitutionDepthMax
        let opening = String(repeating: "${env:", count: most + 1)
        let text = "a " + opening + "X" + String(repeating: "}", count: most + 1)
        #expect(!Self.parse(text).diagnostics.isEmpty)
    }

    @Test func `a brace that a substitution brings is a word, alone on its line or at its end`() {
        for brace in ["{", "}"] {
            let text = "a {\n${env:B}\nb ${env:B}\n}\n"
            let parsed = StatementParser.parse(Array(text.utf8), file: 0) { _ in .success(brace) }
            #expect(parsed.diagnostics.isEmpty)
            #expect(outline(parsed.statements) == "a { \(brace); b \(brace) }")
        }
    }
}

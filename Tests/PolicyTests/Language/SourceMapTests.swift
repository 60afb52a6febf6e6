import Policy
import Testing

@Suite("Source map")
struct SourceMapTests {
    static let cases: [(text: String, line: Int, column: Int, expected: String)] = [
        ("abc def", 1, 5, "f:1:5: error: bad\nabc def\n    ^"),
        ("abc\r\ndef\r\n", 2, 1, "f:2:1: error: bad\ndef\n^"),
        ("\t\ta b", 1, 5, "f:1:5: error: bad\n\t\ta b\n\t\t  ^"),
        ("é日 x", 1, 4, "f:1:4: error: bad\né日 x\n   ^"),
        ("abc", 1, 4, "f:1:4: error: bad\nabc\n   ^"),
        ("abc", 9, 1, "f:9:1: error: bad"),
        ("", 1, 1, "f:1:1: error: bad"),
        ("a\u{1B}[31mb", 1, 1, "f:1:1: error: bad\na\u{FFFD}[31mb\n^"),
        ("\u{FEFF}ab", 1, 2, "f:1:2: error: bad\nab\n ^"),
    ]

    @Test("an error shows its place, its line and a caret", arguments: cases)
    func rendering(_ text: String, _ line: Int, _ column: Int, _ expected: String) {
        var sources = SourceMap()
        let file = sources.add(path: "f", bytes: Array(text.utf8))
        let position = SourcePosition(file: file, line: line, column: column)
        #expect(sources.render(Diagnostic("bad", at: position)) == expected)
    }

    @Test("a long line is cut around the column")
    func longLine() {
        var sources = SourceMap()
        let text = String(repeating: "a", count: 5_000) + "X" + String(repeating: "b", count: 5_000)
        let file = sources.add(path: "f", bytes: Array(text.utf8))
        let position = SourcePosition(file: file, line: 1, column: 5_001)
        let lines = sources.render(Diagnostic("bad", at: position)).split(separator: "\n")
        #expect(lines[1].count == 160)
        let caret = lines[2].count - 1
        #expect(Array(lines[1])[caret] == "X")
    }

    @Test("a suggestion stands in the line of the message")
    func suggestion() {
        var sources = SourceMap()
        let file = sources.add(path: "etc/p.conf", bytes: Array("hots x".utf8))
        let position = SourcePosition(file: file, line: 1, column: 1)
        let diagnostic = Diagnostic("unknown word `hots`", at: position, suggestion: "host")
        #expect(
            sources.render(diagnostic)
                == "etc/p.conf:1:1: error: unknown word `hots`; did you mean `host`?\nhots x\n^"
        )
    }

    static let paths: [(file: String, path: String, expected: String)] = [
        ("postern.conf", "tls/a.pem", "tls/a.pem"),
        ("conf/postern.conf", "tls/a.pem", "conf/tls/a.pem"),
        ("conf/postern.conf", "../policies", "conf/../policies"),
        ("/etc/postern/postern.conf", "a", "/etc/postern/a"),
        ("/etc/postern/postern.conf", "/a", "/a"),
        ("/postern.conf", "a", "/a"),
    ]

    @Test("a path is relative to the folder of the file that names it", arguments: paths)
    func resolve(_ file: String, _ path: String, _ expected: String) {
        var sources = SourceMap()
        let number = sources.add(path: file, bytes: [])
        #expect(sources.resolve(path, in: number) == expected)
    }
}

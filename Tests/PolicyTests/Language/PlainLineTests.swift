import Testing

@testable import Policy

@Suite("Plain lines")
struct PlainLineTests {
    static let pieces = [
        "a", "route", "{", "}", "{}", "x{", "#", "a#b", "# c", " ", "\t", "  ", "\"q r\"", "$",
        "${",
        "\\", "\u{e9}", "\u{1}", "10.0.0.0/8", "{id:uuid}", "\r",
    ]

    @Test func `a line that is cut the short way is cut as the lexer cuts it`() {
        var cutCount = 0
        for first in Self.pieces {
            for second in Self.pieces {
                for third in Self.pieces {
                    let text = first + second + third
                    let bytes = Array(("front " + text + " back").utf8)
                    let range = 6..<bytes.count - 5
                    guard let words = PlainLine.words(bytes, range, file: 2, line: 7) else {
                        continue
                    }
                    cutCount += 1
                    var lexer = LineLexer(text, file: 2, line: 7) { _ in .success("") }
                    let wanted = lexer.words()
                    #expect(lexer.diagnostics.isEmpty, "\(text)")
                    #expect(words.map(\.text) == wanted.map(\.text), "\(text)")
                    #expect(words.map(\.position) == wanted.map(\.position), "\(text)")
                    #expect(words.map(\.shown) == wanted.map(\.shown), "\(text)")
                    #expect(!words.contains { $0.isQuoted || $0.isFaulty }, "\(text)")
                }
            }
        }
        #expect(cutCount > 1_000)
    }

    @Test func `a line of too many words is left to the lexer`() {
        let bytes = Array(String(repeating: "a ", count: LanguageLimits.lineWordsMax + 1).utf8)
        #expect(PlainLine.words(bytes, bytes.indices, file: 0, line: 1) == nil)
    }
}

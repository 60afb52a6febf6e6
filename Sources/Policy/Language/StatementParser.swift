/// Reads the text of one file into statements.
///
/// It knows words, lines and blocks, and nothing of what they mean. It goes on after a fault, so
/// that one look shows every one of them.
public struct StatementParser {
    /// What a file says, and what is wrong with how it says it.
    public struct Parsed: Sendable {
        /// The statements, as far as they could be read.
        public var statements: [Statement]

        /// Every fault, in the order of the lines.
        public var diagnostics: [Diagnostic]
    }

    /// The bytes that some editors put at the beginning of a file; they are skipped.
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private let file: Int
    private let resolve: Substitution.Resolver
    private var diagnostics: [Diagnostic] = []

    /// The blocks that are open, the file itself first.
    private var open = [OpenBlock(words: nil)]

    /// Blocks opened beyond the depth limit, whose statements are dropped.
    private var excessDepth = 0

    private init(file: Int, resolve: @escaping Substitution.Resolver) {
        self.file = file
        self.resolve = resolve
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - bytes: The whole file, lines ending in LF or CRLF.
    ///   - file: Its number in the `SourceMap`.
    ///   - resolve: Looks up `${...}`.
    /// - Returns: The statements and every fault.
    public static func parse(
        _ bytes: [UInt8],
        file: Int,
        resolve: @escaping Substitution.Resolver
    ) -> Parsed {
        var statements: [Statement] = []
        let diagnostics = parse(bytes, file: file, resolve: resolve) { statements.append($0) }
        return Parsed(statements: statements, diagnostics: diagnostics)
    }

    /// Reads a file without keeping it: each statement outside of all blocks is handed over as soon
    /// as it is whole.
    ///
    /// - Parameters:
    ///   - bytes: The whole file, lines ending in LF or CRLF.
    ///   - file: Its number in the `SourceMap`.
    ///   - resolve: Looks up `${...}`.
    ///   - take: Gets the statements in their order.
    /// - Returns: Every fault, in the order of the lines.
    static func parse(
        _ bytes: [UInt8],
        file: Int,
        resolve: @escaping Substitution.Resolver,
        take: (Statement) -> Void
    ) -> [Diagnostic] {
        var parser = StatementParser(file: file, resolve: resolve)
        var start = bytes.starts(with: byteOrderMark) ? byteOrderMark.count : 0
        var number = 0
        while start <= bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
            number += 1
            parser.take(bytes, start..<end, number: number)
            parser.handOver(except: 1, to: take)
            guard parser.diagnostics.count <= LanguageLimits.fileFaultsMax else {
                let end = SourcePosition(file: file, line: number, column: 1)
                parser.report("too many faults: the rest of the file is not read", end)
                break
            }
            start = end + 1
        }
        parser.finish()
        parser.handOver(except: 0, to: take)
        return parser.diagnostics
    }

    /// Hands statements over; the last may still get the block of a `{` alone on the next line.
    private mutating func handOver(except kept: Int, to take: (Statement) -> Void) {
        guard open.count == 1, open[0].statements.count > kept else { return }
        let whole = open[0].statements.count - kept
        for statement in open[0].statements.prefix(whole) { take(statement) }
        open[0].statements.removeFirst(whole)
    }

    /// Takes the next line, without its LF.
    private mutating func take(_ bytes: [UInt8], _ range: Range<Int>, number: Int) {
        var range = range
        if let last = bytes[range].last, last == UInt8(ascii: "\r") {
            range = range.lowerBound..<range.upperBound - 1
        }
        if let words = PlainLine.words(bytes, range, file: file, line: number) {
            return take(LineShape(words))
        }
        let content = [UInt8](bytes[range])
        checkEncoding(content, line: number)
        let text = String(decoding: content, as: UTF8.self)
        var lexer = LineLexer(text, file: file, line: number, resolve: resolve)
        let words = lexer.words()
        diagnostics += lexer.diagnostics
        take(LineShape(words))
    }

    /// Reports the first byte of a line that is not UTF-8.
    private mutating func checkEncoding(_ content: [UInt8], line: Int) {
        do {
            _ = try UTF8Span(validating: content.span)
        } catch {
            let valid = content[..<error.byteOffsets.lowerBound]
            let column = String(decoding: valid, as: UTF8.self).unicodeScalars.count + 1
            let position = SourcePosition(file: file, line: line, column: column)
            diagnostics.append(Diagnostic("bytes that are not UTF-8", at: position))
        }
    }

    private mutating func take(_ shape: LineShape) {
        diagnostics += shape.diagnostics
        switch shape.ending {
        case .statement:
            add(shape.words, block: nil)
        case .emptyBlock:
            add(shape.words, block: [])
        case .opensBlock(let position):
            openBlock(shape.words, at: position)
        case .closesBlock(let position):
            closeBlock(at: position)
        }
    }

    private mutating func add(_ words: [Word], block: [Statement]?) {
        guard !words.isEmpty, excessDepth == 0 else { return }
        open[open.count - 1].statements.append(Statement(words: words, block: block))
    }

    private mutating func openBlock(_ words: [Word], at position: SourcePosition) {
        guard excessDepth == 0, open.count <= LanguageLimits.blockDepthMax else {
            if excessDepth == 0 {
                report("more than \(LanguageLimits.blockDepthMax) blocks in one another", position)
            }
            excessDepth += 1
            return
        }
        guard words.isEmpty else { return open.append(OpenBlock(words: words)) }
        report("`{` alone on a line: it belongs at the end of the line before", position)
        // Read on as if it stood there.
        let before = open[open.count - 1].statements.popLast()
        open.append(OpenBlock(words: before?.words ?? []))
    }

    private mutating func closeBlock(at position: SourcePosition) {
        guard excessDepth == 0 else {
            excessDepth -= 1
            return
        }
        guard open.count > 1, let block = open.popLast() else {
            return report("`}` closes no block", position)
        }
        add(block.words ?? [], block: block.statements)
    }

    private mutating func finish() {
        excessDepth = 0
        while open.count > 1, let block = open.popLast() {
            if let keyword = block.words?.first {
                report("the block of `\(keyword.shown)` is never closed", keyword.position)
            }
            add(block.words ?? [], block: block.statements)
        }
    }

    private mutating func report(_ message: String, _ position: SourcePosition) {
        diagnostics.append(Diagnostic(message, at: position))
    }
}

/// A block whose `}` has not come yet.
private struct OpenBlock {
    /// The words in front of its `{`.
    let words: [Word]?

    var statements: [Statement] = []
}

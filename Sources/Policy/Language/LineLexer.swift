/// Cuts one line into words.
///
/// A word begins after a space or a tab. One that begins with `"` goes to the next `"`; any other
/// is bare and goes to the next space or tab. A `#` that begins a word begins a comment; inside a
/// word it is a plain character.
struct LineLexer {
    private let scalars: [Unicode.Scalar]
    private let file: Int
    private let line: Int
    private let resolve: Substitution.Resolver
    private var index = 0
    private(set) var diagnostics: [Diagnostic] = []

    /// Creates a lexer for the text of a line, without its line ending.
    init(_ text: String, file: Int, line: Int, resolve: @escaping Substitution.Resolver) {
        scalars = Array(text.unicodeScalars)
        self.file = file
        self.line = line
        self.resolve = resolve
    }

    /// The words of the line, with lone braces among them.
    mutating func words() -> [Word] {
        var words: [Word] = []
        while skipSpaces() {
            let start = index
            guard words.count < LanguageLimits.lineWordsMax else {
                report("more than \(LanguageLimits.lineWordsMax) words on a line", at: start)
                break
            }
            words.append(scalars[index] == "\"" ? quotedWord() : bareWord())
        }
        return words
    }

    /// Goes to the next word; `false` when there is none.
    private mutating func skipSpaces() -> Bool {
        while index < scalars.count, Self.isSpace(scalars[index]) { index += 1 }
        return index < scalars.count && scalars[index] != "#"
    }

    private mutating func bareWord() -> Word {
        let start = index
        var content = WordContent()
        while index < scalars.count, !Self.isSpace(scalars[index]) {
            let scalar = scalars[index]
            if startsSubstitution(at: index) {
                substitute(into: &content)
            } else if scalar == "\"" {
                report("a quote inside a bare word: quote the whole word", at: index)
                content.isFaulty = true
                skipQuoted()
            } else {
                if !content.isFaulty, let fault = Self.fault(ofBare: scalar) {
                    report(fault, at: index)
                    content.isFaulty = true
                }
                content.append(scalar)
                index += 1
            }
        }
        return word(content, from: start, isQuoted: false)
    }

    private mutating func quotedWord() -> Word {
        let start = index
        var content = WordContent()
        index += 1
        while index < scalars.count, scalars[index] != "\"" {
            if scalars[index] == "\\" {
                escape(into: &content)
            } else if startsSubstitution(at: index) {
                substitute(into: &content)
            } else {
                if scalars[index].properties.generalCategory == .control, scalars[index] != "\t" {
                    report("control character \(Self.name(scalars[index]))", at: index)
                    content.isFaulty = true
                }
                content.append(scalars[index])
                index += 1
            }
        }
        guard index < scalars.count else {
            report("a quoted word without its closing `\"`", at: start)
            content.isFaulty = true
            return word(content, from: start, isQuoted: true)
        }
        index += 1
        if index < scalars.count, !Self.isSpace(scalars[index]) {
            report("no space after the closing `\"`", at: index)
            content.isFaulty = true
            while index < scalars.count, !Self.isSpace(scalars[index]) { index += 1 }
        }
        return word(content, from: start, isQuoted: true)
    }

    /// Goes past the rest of a quote that stands inside a bare word.
    private mutating func skipQuoted() {
        let closing = scalars[(index + 1)...].firstIndex(of: "\"")
        index = closing.map { $0 + 1 } ?? index + 1
    }

    private func word(_ content: WordContent, from start: Int, isQuoted: Bool) -> Word {
        var written: String?
        if content.isSubstituted || content.isFaulty {
            var spelling = String.UnicodeScalarView()
            spelling.append(contentsOf: scalars[start..<index])
            written = String(spelling)
        }
        return Word(
            text: String(content.scalars),
            position: position(start),
            isQuoted: isQuoted,
            written: written,
            isFaulty: content.isFaulty,
            verbatim: content.verbatim
        )
    }

    private func position(_ index: Int) -> SourcePosition {
        SourcePosition(file: file, line: line, column: index + 1)
    }

    private mutating func report(_ message: String, at index: Int, suggestion: String? = nil) {
        guard diagnostics.count <= LanguageLimits.fileFaultsMax else { return }
        diagnostics.append(Diagnostic(message, at: position(index), suggestion: suggestion))
    }
}

/// What has been read of a word.
private struct WordContent {
    var scalars = String.UnicodeScalarView()
    var count = 0
    var verbatim: [Range<Int>] = []
    var isSubstituted = false
    var isFaulty = false

    mutating func append(_ scalar: Unicode.Scalar) {
        scalars.append(scalar)
        count += 1
    }

    /// Appends text that is never looked into again.
    mutating func append(verbatim text: String) {
        let start = count
        for scalar in text.unicodeScalars { append(scalar) }
        if count > start { verbatim.append(start..<count) }
    }
}

// Escapes and substitutions.
extension LineLexer {
    /// Reads an escape of a quoted word.
    private mutating func escape(into content: inout WordContent) {
        let start = index
        index = min(index + 2, scalars.count)
        // At the end of the line the missing quote is what is wrong.
        guard start + 1 < scalars.count else { return }
        let next = scalars[start + 1]
        switch next {
        case "\"", "\\": content.append(next)
        case "n": content.append("\n")
        case "t": content.append("\t")
        case "u":
            if let scalar = unicodeEscape() {
                content.append(verbatim: String(scalar))
            } else {
                report("wanted `\\u{...}` with 1 to 6 hexadecimal digits", at: start)
                content.isFaulty = true
            }
        default:
            report(
                "unknown escape; wanted one of `\\\"`, `\\\\`, `\\n`, `\\t`, `\\u{...}`",
                at: start
            )
            content.isFaulty = true
        }
    }

    /// Reads the `{...}` of `\u{...}`; `nil`, with the index where it was, when it is none.
    private mutating func unicodeEscape() -> Unicode.Scalar? {
        guard index < scalars.count, scalars[index] == "{" else { return nil }
        let digits = scalars[(index + 1)...].prefix { $0.properties.isASCIIHexDigit }
        let end = digits.endIndex
        guard (1...6).contains(digits.count), end < scalars.count, scalars[end] == "}" else {
            return nil
        }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: digits)
        guard let value = UInt32(String(text), radix: 16), let scalar = Unicode.Scalar(value) else {
            return nil
        }
        index = end + 1
        return scalar
    }

    private func startsSubstitution(at index: Int) -> Bool {
        scalars[index] == "$" && index + 1 < scalars.count && scalars[index + 1] == "{"
    }

    /// Replaces the `${...}` that begins here.
    private mutating func substitute(into content: inout WordContent) {
        content.isSubstituted = true
        if let value = substitution(depth: 1) {
            content.append(verbatim: value)
        } else {
            content.isFaulty = true
        }
    }

    /// Reads a `${...}`, others inside it first; `nil` when it is faulty, which is then reported.
    private mutating func substitution(depth: Int) -> String? {
        let start = index
        index += 2
        var name = ""
        var isFaulty = false
        while index < scalars.count, scalars[index] != "}", scalars[index] != "\"" {
            if startsSubstitution(at: index), depth < LanguageLimits.substitutionDepthMax {
                if let inner = substitution(depth: depth + 1) {
                    name += inner
                } else {
                    isFaulty = true
                }
            } else {
                guard !Self.isSpace(scalars[index]) else { break }
                name.unicodeScalars.append(scalars[index])
                index += 1
            }
        }
        guard index < scalars.count, scalars[index] == "}" else {
            report("`${` without its `}`", at: start)
            return nil
        }
        index += 1
        return isFaulty ? nil : value(of: name, at: start)
    }

    /// Looks up what `${...}` names.
    private mutating func value(of name: String, at start: Int) -> String? {
        guard let substitution = Substitution(name) else {
            let kind = String(name.prefix { $0 != ":" })
            report(
                "wanted `${env:NAME}` or `${file:PATH}`",
                at: start,
                suggestion: NearestWord.of(kind, among: Substitution.kinds)
            )
            return nil
        }
        switch (resolve(substitution), substitution) {
        case (.success(let value), _): return value
        case (.failure(let failure), .environment(let name)):
            report("environment variable `\(Word.presentable(name))` \(failure.reason)", at: start)
        case (.failure(let failure), .file(let path)):
            report("cannot read `\(Word.presentable(path))`: \(failure.reason)", at: start)
        }
        return nil
    }
}

extension LineLexer {
    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t"
    }

    private static func name(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    /// Why a character may not stand in a bare word: nobody sees what it is.
    private static func fault(ofBare scalar: Unicode.Scalar) -> String? {
        // Almost every character is one of these, and to look up what it is takes long.
        if 0x21...0x7E ~= scalar.value { return nil }
        return switch scalar.properties.generalCategory {
        case .control: "control character \(name(scalar))"
        case .format: "invisible character \(name(scalar))"
        case .spaceSeparator, .lineSeparator, .paragraphSeparator:
            "\(name(scalar)) looks like a space and is none"
        default: nil
        }
    }
}

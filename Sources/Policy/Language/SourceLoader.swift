/// Reads files with everything they include.
///
/// `include GLOB` stands for the statements of the files it names, in the order of their names, at
/// the top of a file or inside a block. A path is relative to the file that names it. A pattern
/// that matches nothing is fine; a plain path that is not there is an error.
public struct SourceLoader {
    /// The files read so far.
    public private(set) var sources = SourceMap()

    /// Every fault found so far.
    public private(set) var diagnostics: [Diagnostic] = []

    private let reading: any SourceReading

    /// Whether a file that no statement names could not be read.
    private var isMissing = false

    /// The files that led to the one being read, outermost first.
    private var chain: [String] = []

    /// Creates a loader that reads through `reading`.
    public init(reading: any SourceReading) { self.reading = reading }

    /// Reads a file that the user named, or that a statement other than `include` named.
    ///
    /// - Parameters:
    ///   - path: Where it is.
    ///   - word: The word that names it, `nil` when the command line does.
    /// - Returns: Its statements, `include` replaced; as many as could be read.
    public mutating func load(_ path: String, namedBy word: Word? = nil) -> [Statement] {
        do {
            let bytes = try read(path)
            let file = sources.add(path: path, bytes: bytes)
            chain.append(path)
            defer { chain.removeLast() }
            let parsed = StatementParser.parse(bytes, file: file, resolve: resolver(file))
            diagnostics += parsed.diagnostics
            return expanded(parsed.statements)
        } catch {
            let position = word?.position ?? unread(path)
            let message = "cannot read `\(Word.presentable(path))`: \(error.reason)"
            diagnostics.append(Diagnostic(message, at: position))
            return []
        }
    }

    /// Reads a file, or every file of a folder whose name ends in `suffix`, in byte order.
    ///
    /// - Parameters:
    ///   - path: The file or folder.
    ///   - suffix: The end of the names that count, such as `.policy`.
    ///   - word: The word that names it.
    /// - Returns: Each file with its statements. A folder without such a file is a fault.
    public mutating func loadAll(
        _ path: String,
        suffix: String,
        namedBy word: Word
    ) -> [(path: String, statements: [Statement])] {
        do {
            var paths = [path]
            if try reading.isFolder(path) {
                let folder = path.hasSuffix("/") ? path : path + "/"
                paths = try reading.paths(matching: Self.escaped(folder) + "*" + suffix)
                guard !paths.isEmpty else {
                    let message = "the folder `\(word.shown)` holds no file `*\(suffix)`"
                    diagnostics.append(Diagnostic(message, at: word.position))
                    return []
                }
            }
            return paths.map { ($0, load($0, namedBy: word)) }
        } catch {
            let message = "cannot read `\(word.shown)`: \(error.reason)"
            diagnostics.append(Diagnostic(message, at: word.position))
            return []
        }
    }

    /// Whether the file that the user named could be read at all.
    public var isReadable: Bool { sources.count > 0 && !isMissing }

    private mutating func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

    private func read(_ path: String) throws(SourceFailure) -> [UInt8] {
        guard sources.count < LanguageLimits.filesMax else {
            throw SourceFailure("more than \(LanguageLimits.filesMax) files")
        }
        return try reading.contents(ofFile: path, bytesMax: LanguageLimits.fileBytesMax)
    }

    /// The beginning of a file that the user named and that cannot be read.
    private mutating func unread(_ path: String) -> SourcePosition {
        isMissing = true
        return SourcePosition(file: sources.add(path: path, bytes: []), line: 1, column: 1)
    }

    /// Replaces the `include` statements by what they name, all the way down.
    private mutating func expanded(_ statements: [Statement]) -> [Statement] {
        var result: [Statement] = []
        for statement in statements {
            if statement.keyword.text == "include" {
                result += included(statement)
            } else if let block = statement.block {
                result.append(Statement(words: statement.words, block: expanded(block)))
            } else {
                result.append(statement)
            }
        }
        return result
    }

    private mutating func included(_ statement: Statement) -> [Statement] {
        guard statement.block == nil else {
            report(Diagnostic("`include` takes no block", at: statement.position))
            return []
        }
        guard let name = statement.arguments.first, statement.words.count == 2 else {
            report(Diagnostic("`include` wants one path or pattern", at: statement.position))
            return []
        }
        guard !name.isFaulty else { return [] }
        return files(named: name).flatMap { includedFile($0, name) }
    }

    /// The files that an `include` names.
    private mutating func files(named name: Word) -> [String] {
        let file = name.position.file
        guard name.text.contains(where: { "*?[".contains($0) }) else {
            return [sources.resolve(name.text, in: file)]
        }
        do {
            let folder = name.text.hasPrefix("/") ? "" : Self.escaped(sources.folder(of: file))
            return try reading.paths(matching: folder + name.text)
        } catch {
            report(Diagnostic("cannot list `\(name.shown)`: \(error.reason)", at: name.position))
            return []
        }
    }

    private mutating func includedFile(_ path: String, _ name: Word) -> [Statement] {
        let paths = chain.map(Self.plain)
        if let first = paths.firstIndex(of: Self.plain(path)) {
            let circle = (chain[first...] + [path]).joined(separator: " -> ")
            report(Diagnostic("files include one another: \(circle)", at: name.position))
            return []
        }
        guard chain.count < LanguageLimits.includeDepthMax else {
            let most = LanguageLimits.includeDepthMax
            report(Diagnostic("more than \(most) files include one another", at: name.position))
            return []
        }
        return load(path, namedBy: name)
    }

    /// Looks up `${...}` for a file.
    private func resolver(_ file: Int) -> Substitution.Resolver {
        let reading = reading
        let sources = sources
        return { substitution in
            switch substitution {
            case .environment(let name):
                guard let value = reading.environmentValue(name) else {
                    return .failure(SourceFailure("is not set"))
                }
                return .success(value)
            case .file(let path):
                return Self.text(of: sources.resolve(path, in: file), reading)
            }
        }
    }

    /// The text of a file that `${file:...}` names, less the line ending at its end.
    private static func text(
        of path: String,
        _ reading: any SourceReading
    ) -> Result<String, SourceFailure> {
        do throws(SourceFailure) {
            let most = LanguageLimits.substitutionBytesMax
            var bytes = try reading.contents(ofFile: path, bytesMax: most)
            if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
            if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                return .failure(SourceFailure("not UTF-8"))
            }
            return .success(text)
        } catch {
            return .failure(error)
        }
    }

    /// A path without `.` steps and with `..` steps taken back, to recognise a file again.
    static func plain(_ path: String) -> String {
        var steps: [Substring] = []
        for step in path.split(separator: "/") where step != "." {
            if step == "..", let last = steps.last, last != ".." {
                steps.removeLast()
            } else {
                steps.append(step)
            }
        }
        return (path.hasPrefix("/") ? "/" : "") + steps.joined(separator: "/")
    }

    /// A path as a pattern that matches only it.
    private static func escaped(_ path: String) -> String {
        var result = ""
        for character in path {
            if "*?[]\\".contains(character) { result.append("\\") }
            result.append(character)
        }
        return result
    }
}

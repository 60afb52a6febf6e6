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

    /// The files that an `include` outside of all blocks named, as they were read.
    public private(set) var includedFiles: [IncludedFile] = []

    /// Gets the statements outside of all blocks, `include` replaced, and the files so far.
    public typealias Take = (Statement, inout SourceMap) -> Void

    private let forms: [String: IncludedFile.Form]
    private var reading: any SourceReading

    /// The number of the included file that is being read.
    private var owner: Int?

    /// Whether a file that no statement names could not be read.
    private var isMissing = false

    /// The files that led to the one being read, outermost first.
    private var chain: [String] = []

    /// Creates a loader.
    ///
    /// - Parameters:
    ///   - reading: What reads files and environment variables.
    ///   - forms: The included files, by path, that are not to be read as they are now.
    public init(reading: any SourceReading, forms: [String: IncludedFile.Form] = [:]) {
        self.reading = reading
        self.forms = forms
    }

    /// Reads a file that the user named, or that a statement other than `include` named.
    ///
    /// - Parameters:
    ///   - path: Where it is.
    ///   - word: The word that names it, `nil` when the command line does.
    /// - Returns: Its statements, `include` replaced; as many as could be read.
    public mutating func load(_ path: String, namedBy word: Word? = nil) -> [Statement] {
        var statements: [Statement] = []
        load(path, namedBy: word) { statement, _ in statements.append(statement) }
        return statements
    }

    /// Reads a file without keeping its statements.
    ///
    /// - Parameters:
    ///   - path: Where it is.
    ///   - word: The word that names it, `nil` when the command line does.
    ///   - take: Gets the statements, as many as can be read.
    public mutating func load(_ path: String, namedBy word: Word? = nil, _ take: Take) {
        parse(path, word) { statement, loader in loader.take(statement, take) }
    }

    /// Reads a file and hands its statements over as they stand in it.
    private mutating func parse(
        _ path: String,
        _ word: Word?,
        _ take: (Statement, inout SourceLoader) -> Void
    ) {
        do {
            let bytes = try read(path)
            let file = sources.add(path: path, bytes: bytes, owner: owner)
            chain.append(path)
            defer { chain.removeLast() }
            let resolve = resolver(sources.folder(of: file))
            let faults = StatementParser.parse(bytes, file: file, resolve: resolve) { statement in
                take(statement, &self)
            }
            diagnostics += faults
        } catch {
            let position = word.map { unread(path, namedBy: $0) } ?? unread(path)
            let message = "cannot read `\(Word.presentable(path))`: \(error.reason)"
            diagnostics.append(Diagnostic(message, at: position))
        }
    }

    /// Where it is reported that a file cannot be read: at the word that names it, or, of one that a
    /// pattern found, at its beginning.
    private mutating func unread(_ path: String, namedBy word: Word) -> SourcePosition {
        guard Self.isPattern(word), owner == sources.count,
            sources.count < LanguageLimits.filesMax
        else { return word.position }
        let file = sources.add(path: path, bytes: [], owner: owner)
        return SourcePosition(file: file, line: 1, column: 1)
    }

    private static func isPattern(_ name: Word) -> Bool {
        name.text.contains { "*?[".contains($0) }
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

    /// Takes a statement outside of all blocks.
    private mutating func take(_ statement: Statement, _ take: Take) {
        guard statement.keyword.text == "include" else {
            return take(expanded(statement), &sources)
        }
        guard let name = includedName(statement) else { return }
        for path in files(named: name) where isIncludable(path, name) {
            loadIncluded(path, name, take)
        }
    }

    /// Reads a file that stands outside of all blocks, in the form that is asked for.
    private mutating func loadIncluded(_ path: String, _ name: Word, _ take: Take) {
        let (outerReading, outerOwner) = (reading, owner)
        defer { (reading, owner) = (outerReading, outerOwner) }
        var wanted = reading
        switch forms[path] {
        case .leftOut: return
        case .kept(let recording): wanted = recording
        case nil: break
        }
        let recorder = RecordedSources.Recorder(wanted)
        reading = recorder
        let file = sources.count
        owner = file
        load(path, namedBy: name, take)
        // One that could not be read at all is the fault of who names it.
        guard sources.count > file else { return }
        includedFiles.append(
            IncludedFile(
                file: file,
                path: path,
                include: name.position,
                recording: recorder.sources
            )
        )
    }

    /// The statement with the `include` statements in its block replaced by what they name, all the
    /// way down.
    private mutating func expanded(_ statement: Statement) -> Statement {
        guard let block = statement.block, block.contains(where: Self.includes) else {
            return statement
        }
        var result: [Statement] = []
        for inner in block { add(inner, to: &result) }
        return Statement(words: statement.words, block: result)
    }

    /// Adds a statement of a block, or those of the files that it includes.
    private mutating func add(_ statement: Statement, to block: inout [Statement]) {
        guard statement.keyword.text == "include" else {
            return block.append(expanded(statement))
        }
        guard let name = includedName(statement) else { return }
        for path in files(named: name) where isIncludable(path, name) {
            parse(path, name) { statement, loader in loader.add(statement, to: &block) }
        }
    }

    private static func includes(_ statement: Statement) -> Bool {
        statement.keyword.text == "include" || statement.block?.contains(where: includes) ?? false
    }

    /// The word that an `include` names files by; `nil` after a report that it is malformed.
    private mutating func includedName(_ statement: Statement) -> Word? {
        guard statement.block == nil else {
            report(Diagnostic("`include` takes no block", at: statement.position))
            return nil
        }
        guard let name = statement.arguments.first, statement.words.count == 2 else {
            report(Diagnostic("`include` wants one path or pattern", at: statement.position))
            return nil
        }
        return name.isFaulty ? nil : name
    }

    /// The files that an `include` names.
    private mutating func files(named name: Word) -> [String] {
        let file = name.position.file
        guard Self.isPattern(name) else {
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

    /// Whether a file may be included here; reports why it may not.
    private mutating func isIncludable(_ path: String, _ name: Word) -> Bool {
        let paths = chain.map(Self.plain)
        if let first = paths.firstIndex(of: Self.plain(path)) {
            let circle = (chain[first...] + [path]).joined(separator: " -> ")
            report(Diagnostic("files include one another: \(circle)", at: name.position))
            return false
        }
        guard chain.count < LanguageLimits.includeDepthMax else {
            let most = LanguageLimits.includeDepthMax
            report(Diagnostic("more than \(most) files include one another", at: name.position))
            return false
        }
        return true
    }

    /// Looks up `${...}` for a file in a folder.
    private func resolver(_ folder: String) -> Substitution.Resolver {
        let reading = reading
        return { substitution in
            switch substitution {
            case .environment(let name):
                guard let value = reading.environmentValue(name) else {
                    return .failure(SourceFailure("is not set"))
                }
                return .success(value)
            case .file(let path):
                return Self.text(of: SourceMap.resolve(path, from: folder), reading)
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

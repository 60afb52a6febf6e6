/// The files of one load: their names and what they said, so that an error can show its line.
public struct SourceMap: Sendable {
    private var files: [File] = []

    private struct File: Sendable {
        let path: String
        let bytes: [UInt8]

        /// The file outside of all blocks that it belongs to, -1 for none.
        let owner: Int32
    }

    /// Creates a map without files.
    public init() {}

    /// How many files there are.
    public var count: Int { files.count }

    /// The paths of the files, in the order in which they were read.
    public var paths: [String] { files.map(\.path) }

    /// Adds a file.
    ///
    /// - Parameters:
    ///   - path: The path that leads to it from where the reader started, as shown in errors.
    ///   - bytes: What the file holds; nothing when it could not be read.
    ///   - owner: The included file that it is a part of, which may be itself: its own number is
    ///     `count`.
    /// - Returns: The number that positions in the file carry.
    public mutating func add(path: String, bytes: [UInt8], owner: Int? = nil) -> Int {
        files.append(File(path: path, bytes: bytes, owner: Int32(owner ?? -1)))
        return files.count - 1
    }

    /// The file included outside of all blocks that a file is a part of; `nil` for the file that the
    /// user named and what it includes in its blocks.
    public func owner(of file: Int) -> Int? {
        let owner = files[file].owner
        return owner < 0 ? nil : Int(owner)
    }

    /// The path of a file.
    public func path(of file: Int) -> String { files[file].path }

    /// The path that `path`, as written in `file`, leads to: relative to the folder of that file.
    public func resolve(_ path: String, in file: Int) -> String {
        Self.resolve(path, from: folder(of: file))
    }

    /// The path that `path` leads to from a folder with its final `/`.
    static func resolve(_ path: String, from folder: String) -> String {
        path.hasPrefix("/") ? path : folder + path
    }

    /// The folder of a file with its final `/`; empty when the path of the file names none.
    public func folder(of file: Int) -> String {
        let path = files[file].path
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return String(path[...slash])
    }

    /// The text of a line without its line ending, `nil` when the file has no such line.
    ///
    /// Bytes that are not UTF-8 and control characters other than a tab stand as U+FFFD.
    public func line(at position: SourcePosition) -> String? {
        var search = LineSearch()
        return line(at: position, &search)
    }

    /// Where a line was found, so that the search for one below it in the same file goes on there.
    struct LineSearch {
        fileprivate var file = -1
        fileprivate var line = 1
        fileprivate var start = 0
    }

    /// The text of a line, searched for from where another was found.
    func line(at position: SourcePosition, _ search: inout LineSearch) -> String? {
        let bytes = files[position.file].bytes
        if search.file != position.file || search.line > position.line {
            search = LineSearch(file: position.file)
        }
        while search.line < position.line {
            guard let end = bytes[search.start...].firstIndex(of: UInt8(ascii: "\n")) else {
                return nil
            }
            search.start = end + 1
            search.line += 1
        }
        let start = search.start
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
        var content = bytes[start..<end]
        if start == 0, content.starts(with: StatementParser.byteOrderMark) {
            content = content.dropFirst(StatementParser.byteOrderMark.count)
        }
        if content.last == UInt8(ascii: "\r") { content = content.dropLast() }
        guard !content.isEmpty else { return nil }
        var text = String.UnicodeScalarView()
        for scalar in String(decoding: content, as: UTF8.self).unicodeScalars {
            let isControl = scalar.properties.generalCategory == .control && scalar != "\t"
            text.append(isControl ? "\u{FFFD}" : scalar)
        }
        return String(text)
    }
}

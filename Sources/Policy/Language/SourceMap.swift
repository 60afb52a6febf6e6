/// The files of one load: their names and what they said, so that an error can show its line.
public struct SourceMap: Sendable {
    private var files: [File] = []

    private struct File: Sendable {
        let path: String
        let bytes: [UInt8]
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
    /// - Returns: The number that positions in the file carry.
    public mutating func add(path: String, bytes: [UInt8]) -> Int {
        files.append(File(path: path, bytes: bytes))
        return files.count - 1
    }

    /// The path of a file.
    public func path(of file: Int) -> String { files[file].path }

    /// The path that `path`, as written in `file`, leads to: relative to the folder of that file.
    public func resolve(_ path: String, in file: Int) -> String {
        guard !path.hasPrefix("/") else { return path }
        return folder(of: file) + path
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
        let bytes = files[position.file].bytes
        var line = 1
        var start = bytes.startIndex
        while line < position.line {
            guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            start = end + 1
            line += 1
        }
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

/// A place in a configuration or policy file.
///
/// There is one for every word of a configuration, so its numbers are kept small; a file is no longer
/// than `LanguageLimits.fileBytesMax`.
public struct SourcePosition: Hashable, Sendable {
    private let storedFile: Int32
    private let storedLine: Int32
    private let storedColumn: Int32

    /// The index of the file in its `SourceMap`.
    public var file: Int { Int(storedFile) }

    /// The line, from 1.
    public var line: Int { Int(storedLine) }

    /// The column in characters, from 1; a tab counts as one.
    public var column: Int { Int(storedColumn) }

    /// Creates a position.
    public init(file: Int, line: Int, column: Int) {
        storedFile = Int32(clamping: file)
        storedLine = Int32(clamping: line)
        storedColumn = Int32(clamping: column)
    }
}

extension SourcePosition: Comparable {
    /// Orders positions as a reader meets them: by file, then line, then column.
    public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}

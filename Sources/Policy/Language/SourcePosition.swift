/// A place in a configuration or policy file.
public struct SourcePosition: Hashable, Sendable {
    /// The index of the file in its `SourceMap`.
    public let file: Int

    /// The line, from 1.
    public let line: Int

    /// The column in characters, from 1; a tab counts as one.
    public let column: Int

    /// Creates a position.
    public init(file: Int, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }
}

extension SourcePosition: Comparable {
    /// Orders positions as a reader meets them: by file, then line, then column.
    public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}

extension SourceMap {
    /// What the user reads: one error a line with its place, the line it is about and a caret.
    ///
    /// ```
    /// postern.conf:3:5: error: unknown word `certficate` in a `listen` block; did you mean `certificate`?
    ///     certficate tls/acme.pem tls/acme.key
    ///     ^
    /// ```
    public func render(_ diagnostic: Diagnostic) -> String {
        var search = LineSearch()
        return render(diagnostic, &search)
    }

    private func render(_ diagnostic: Diagnostic, _ search: inout LineSearch) -> String {
        let position = diagnostic.position
        var text = "\(path(of: position.file)):\(position.line):\(position.column): error: "
        text += diagnostic.message
        if let suggestion = diagnostic.suggestion { text += "; did you mean `\(suggestion)`?" }
        guard let line = line(at: position, &search) else { return text }
        return text + "\n" + Self.excerpt(of: line, column: position.column)
    }

    /// A warning on one line, with its place.
    public func renderWarning(_ diagnostic: Diagnostic) -> String {
        let position = diagnostic.position
        let place = "\(path(of: position.file)):\(position.line):\(position.column)"
        return "\(place): warning: \(diagnostic.message)"
    }

    /// Several errors, in the order of their places, each ending its last line.
    public func render(_ diagnostics: [Diagnostic]) -> String {
        var search = LineSearch()
        return diagnostics.sorted { $0.position < $1.position }
            .map { render($0, &search) + "\n" }
            .joined()
    }

    /// The place as `FILE:LINE`, for a message that points at a second place.
    ///
    /// Only `line LINE` when it is in the file of `reader`.
    public func place(of position: SourcePosition, seenFrom reader: SourcePosition) -> String {
        guard position.file != reader.file else { return "line \(position.line)" }
        return "\(path(of: position.file)):\(position.line)"
    }

    /// The most characters of a line that an error shows.
    private static let excerptMax = 160

    /// A line and, below it, a caret under `column`; a long line is cut around the column.
    private static func excerpt(of line: String, column: Int) -> String {
        let scalars = Array(line.unicodeScalars)
        let caret = min(max(column - 1, 0), scalars.count)
        var start = 0
        var end = scalars.count
        if scalars.count > excerptMax {
            start = min(max(0, caret - excerptMax / 2), scalars.count - excerptMax)
            end = start + excerptMax
        }
        var shown = String.UnicodeScalarView()
        var below = String.UnicodeScalarView()
        for index in start..<end {
            shown.append(scalars[index])
            if index < caret { below.append(scalars[index] == "\t" ? "\t" : " ") }
        }
        return String(shown) + "\n" + String(below) + "^"
    }
}

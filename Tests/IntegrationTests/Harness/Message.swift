/// A header field as it stood on the wire.
struct Field: Hashable, Sendable {
    var name: String
    var value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// The start line and the fields of a message, and the exact bytes they were.
struct MessageHead: Sendable {
    var startLine: String
    var fields: [Field]
    var raw: [UInt8]

    /// Every value of a field, in order, whatever the case of its name.
    func values(_ name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    /// The first value of a field.
    subscript(name: String) -> String? { values(name).first }

    /// Whether a list field holds a word.
    func lists(_ word: String, in name: String) -> Bool {
        values(name).contains { value in
            value.split(separator: ",").contains {
                $0.trimmed.lowercased() == word
            }
        }
    }

    /// The first space-separated part of the start line, and so on.
    var words: [String] {
        startLine.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    }
}

extension MessageHead {
    /// Reads a head, strictly: CRLF everywhere, no folding, no space before a colon.
    init(reading stream: ByteStream, _ deadline: Deadline) throws {
        let first = try stream.line(deadline)
        startLine = String(latin1: first)
        raw = first + [13, 10]
        fields = []
        while true {
            let line = try stream.line(deadline)
            raw += line + [13, 10]
            if line.isEmpty { return }
            fields.append(try Field(line: line))
        }
    }
}

extension Field {
    /// Reads one field line.
    init(line: [UInt8]) throws {
        let text = String(latin1: line)
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else {
            throw Trouble.malformed("field line `\(text)`")
        }
        name = String(text[..<colon])
        guard !name.contains(where: { $0 == " " || $0 == "\t" }) else {
            throw Trouble.malformed("field line `\(text)`")
        }
        value = text[text.index(after: colon)...].trimmed
    }
}

extension String {
    /// One character a byte: nothing is lost or replaced.
    init(latin1 bytes: some Sequence<UInt8>) {
        self.init(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
}

extension StringProtocol {
    /// Without spaces and tabs at both ends.
    var trimmed: String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        return String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}

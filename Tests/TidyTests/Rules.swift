/// The properties of the code that neither the compiler nor swift-format checks.
///
/// Each rule looks at one file and returns what breaks it, one line a violation.
enum Rules {
    static let fileLinesMax = 500
    static let functionLinesMax = 60

    /// What the files under a folder may import; the longest matching prefix counts.
    static let allowedImports: [(folder: String, modules: Set<String>)] = [
        ("Sources/HTTP", []),
        ("Sources/Policy", []),
        ("Sources/Gateway", ["Synchronization"]),
        ("Sources/Gateway/Platform", ["CLinux", "Glibc", "Synchronization"]),
        ("Sources/Gateway/TLS", ["COpenSSL", "Glibc", "Synchronization"]),
        (
            "Sources/Gateway/Identity",
            ["COpenSSL", "Dispatch", "HTTP", "Policy", "Synchronization"]
        ),
        ("Sources/Gateway/Connection", ["HTTP", "Synchronization"]),
        ("Sources/Gateway/Limits", ["Policy", "Synchronization"]),
        ("Sources/Gateway/Outbound", ["HTTP", "Synchronization"]),
        ("Sources/Gateway/Shipping", ["Dispatch", "HTTP", "Policy", "Synchronization"]),
        ("Sources/Gateway/Proxy", ["HTTP", "Policy", "Synchronization"]),
        ("Sources/Gateway/Journal", ["HTTP", "Policy", "Synchronization"]),
        ("Sources/Gateway/Config", ["FoundationEssentials", "HTTP", "Policy", "Synchronization"]),
        ("Sources/Gateway/Admin", ["FoundationEssentials", "HTTP", "Policy", "Synchronization"]),
        ("Sources/Gateway/Runtime", ["Dispatch", "HTTP", "Policy", "Synchronization"]),
        ("Sources/Gateway/Commands", ["FoundationEssentials", "HTTP", "Policy"]),
        ("Sources/Gateway/Demo", ["FoundationEssentials", "HTTP", "Policy", "Synchronization"]),
    ]

    /// Modules are imported where the table says and nowhere else.
    static func imports(_ file: SourceFile) -> [String] {
        let rows = allowedImports.filter { file.path.hasPrefix($0.folder + "/") }
        guard let row = rows.max(by: { $0.folder.count < $1.folder.count }) else { return [] }
        return file.codeLines.compactMap { line in
            let words = line.split(separator: " ")
            guard let keyword = words.firstIndex(of: "import"), keyword < 3,
                words.count > keyword + 1
            else { return nil }
            let module = words.last.map(String.init) ?? ""
            let name = String(module.split(separator: ".").first ?? "")
            return row.modules.contains(name) ? nil : "imports \(name)"
        }
    }

    /// A file has at most 500 lines, a function at most 60.
    static func sizes(_ file: SourceFile) -> [String] {
        var broken: [String] = []
        let lines = file.codeLines
        if lines.count > fileLinesMax + 1 { broken.append("\(lines.count - 1) lines") }
        var open: (line: Int, indent: Int)?
        for (number, line) in lines.enumerated() {
            let indent = line.prefix { $0 == " " }.count
            let isEnd = line.trimmingTrailingSpaces.hasSuffix("}")
            if let begun = open, indent == begun.indent, isEnd {
                let length = number - begun.line + 1
                if length > functionLinesMax {
                    broken.append("line \(begun.line + 1): a function of \(length) lines")
                }
                open = nil
            } else if open == nil, line.beginsFunction, !isEnd {
                open = (number, indent)
            } else if let begun = open, indent < begun.indent, !line.isEmpty {
                // A requirement of a protocol: it has no body.
                open = nil
            }
        }
        return broken
    }

    static let bannedSuffixes = [
        "Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Service", "Info",
        "Data", "Impl", "Base", "Common", "Wrapper",
    ]
    static let bannedFiles = ["Utilities", "Extensions", "Constants", "Types", "Helpers"]

    /// A type is named for what it is in the domain.
    static func names(_ file: SourceFile) -> [String] {
        var broken = file.declaredTypes.filter { type in
            bannedSuffixes.contains { type.hasSuffix($0) }
        }
        if bannedFiles.contains(file.name) { broken.append(file.name + ".swift") }
        return broken
    }

    static let bannedCode = [
        "@unchecked Sendable", "nonisolated(unsafe)", "try!", "as!", "fatalError(",
    ]

    /// Nothing switches off what the compiler checks.
    static func escapes(_ file: SourceFile) -> [String] {
        file.codeLines.enumerated().flatMap { number, line in
            bannedCode.filter { line.contains($0) }.map { "line \(number + 1): \($0)" }
        }
    }

    /// A file is named for a type it declares, and `Type+Feature` for one it extends.
    static func fileNames(_ file: SourceFile) -> [String] {
        let parts = file.name.split(separator: "+").map(String.init)
        guard let type = parts.first else { return ["has no name"] }
        if parts.count == 1 {
            return file.declaredTypes.contains(type) ? [] : ["declares no \(type)"]
        }
        let extends = file.codeLines.contains { $0.words.starts(with: ["extension", type]) }
        return extends ? [] : ["extends no \(type)"]
    }
}

extension SourceFile {
    /// The names of all types the file declares, nested ones too.
    var declaredTypes: [String] { codeLines.flatMap(Self.types) }

    /// The names of the types that stand in no other.
    var outerTypes: [String] { codeLines.filter { $0.first != " " }.flatMap(Self.types) }

    private static func types(declaredIn line: String) -> [String] {
        let keywords: Set<String> = ["struct", "class", "enum", "protocol", "actor", "typealias"]
        let words = line.words
        return words.indices.dropLast().compactMap { index in
            guard keywords.contains(words[index]), words[index + 1].first?.isUppercase == true
            else { return nil }
            return words[index + 1]
        }
    }
}

extension String {
    /// The identifiers and keywords of a line of code.
    var words: [String] {
        split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "#" }.map(String.init)
    }

    fileprivate var beginsFunction: Bool {
        let words = words.prefix(8)
        return words.contains("func") || words.contains("init") && contains(" init")
    }

    fileprivate var trimmingTrailingSpaces: Substring {
        var trimmed = self[...]
        while trimmed.last == " " { trimmed.removeLast() }
        return trimmed
    }
}

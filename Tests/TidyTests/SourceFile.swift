import Foundation

/// A Swift file of the project: its path from the root and its text.
struct SourceFile: Sendable {
    let path: String
    let text: String

    /// The lines as written.
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    /// The lines without what stands in comments and in string literals.
    var codeLines: [String] {
        var isInsideText = false
        return lines.map { Self.code(in: $0, isInsideText: &isInsideText) }
    }

    /// The file's name without `.swift`.
    var name: String {
        String((path.split(separator: "/").last ?? "").dropLast(".swift".count))
    }

    /// The folder inside `Sources/Gateway`, `nil` elsewhere.
    var gatewayFolder: String? {
        let parts = path.split(separator: "/")
        guard parts.count > 3, parts[0] == "Sources", parts[1] == "Gateway" else { return nil }
        return String(parts[2])
    }

    private static func code(in line: Substring, isInsideText: inout Bool) -> String {
        let marks = line.components(separatedBy: "\"\"\"").count - 1
        if isInsideText || marks > 0 {
            if marks % 2 == 1 { isInsideText.toggle() }
            return isInsideText && marks == 1 ? String(line.prefix { $0 != "\"" }) : ""
        }
        var code = ""
        var isQuoted = false
        var previous: Character = " "
        for character in line {
            if character == "\"" && previous != "\\" { isQuoted.toggle() }
            if !isQuoted && previous == "/" && character == "/" {
                return String(code.dropLast())
            }
            if !isQuoted { code.append(character) }
            previous = previous == "\\" && character == "\\" ? " " : character
        }
        return code
    }
}

extension SourceFile {
    /// Every Swift file of the project.
    static let all: [SourceFile] = ["Sources", "Tests"].flatMap { files(under: $0) }

    /// The Swift files of the modules.
    static let sources: [SourceFile] = all.filter { $0.path.hasPrefix("Sources/") }

    private static func files(under folder: String) -> [SourceFile] {
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: root + folder)) ?? []
        return names.filter { $0.hasSuffix(".swift") }.sorted().compactMap { name in
            let path = folder + "/" + name
            guard let text = try? String(contentsOfFile: root + path, encoding: .utf8) else {
                return nil
            }
            return SourceFile(path: path, text: text)
        }
    }

    /// The project's folder, found from this file's own place in it.
    private static let root: String = {
        var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        parts.removeLast(3)
        return parts.joined(separator: "/") + "/"
    }()
}

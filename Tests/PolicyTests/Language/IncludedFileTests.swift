import Testing

@testable import Policy

@Suite("Included files")
struct IncludedFileTests {
    static let files = [
        "c/m": "a\ninclude t/*\nb {\ninclude in\n}", "c/in": "inner",
        "c/t/1": "one {\ninclude deep\n}",
        "c/t/deep": "${env:V}\n${file:s}", "c/t/s": "secret", "c/t/2": "two",
    ]

    static func load(
        _ files: [String: String],
        _ forms: [String: IncludedFile.Form] = [:]
    ) -> (outline: String, loader: SourceLoader) {
        let sources = MemorySources(files: files, environment: ["V": "value"])
        var loader = SourceLoader(reading: sources, forms: forms)
        return (outline(loader.load("c/m")), loader)
    }

    @Test func `what is included in a block belongs to the file around it`() {
        let loader = Self.load(Self.files).loader
        let owners = loader.sources.paths.indices.map { file in
            loader.sources.owner(of: file).map { loader.sources.path(of: $0) } ?? "-"
        }
        #expect(
            loader.sources.paths == [
                "c/m", "c/t/1", "c/t/deep", "c/t/2", "c/t/deep", "c/t/s", "c/in",
            ]
        )
        #expect(owners == ["-", "c/t/1", "c/t/1", "c/t/2", "c/t/deep", "c/t/s", "-"])
    }

    @Test func `a file is read again as it was, with all that it reads`() {
        var files = Self.files
        files["c/t/s"] = nil
        files["c/t/2"] = nil
        let first = Self.load(Self.files)
        let forms = first.loader.includedFiles.map {
            ($0.path, IncludedFile.Form.kept($0.recording))
        }
        files["c/t/deep"] = "changed"
        files["c/t/1"] = "changed"
        let again = Self.load(files, Dictionary(forms) { one, _ in one })
        #expect(again.outline.contains("one { value; secret }"), "\(again.outline)")
        #expect(again.outline.contains("value; secret"))
        #expect(again.loader.diagnostics.isEmpty)
    }

    @Test func `a file can be left out`() {
        let (outline, loader) = Self.load(Self.files, ["c/t/1": .leftOut])
        #expect(!outline.contains("one"))
        #expect(outline.contains("two"))
        #expect(!loader.includedFiles.contains { $0.path == "c/t/1" })
    }
}

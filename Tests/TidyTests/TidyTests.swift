import Testing

@Suite("Tidy")
struct TidyTests {
    @Test("the project's files are found")
    func found() {
        #expect(SourceFile.sources.count > 10)
    }

    @Test("imports point downwards", arguments: SourceFile.sources)
    func imports(_ file: SourceFile) {
        #expect(Rules.imports(file) == [])
    }

    @Test("folders know only those below them", arguments: SourceFile.sources)
    func layers(_ file: SourceFile) {
        #expect(Self.layers.violations(in: file) == [])
    }

    @Test("files and functions stay short", arguments: SourceFile.all)
    func sizes(_ file: SourceFile) {
        #expect(Rules.sizes(file) == [])
    }

    @Test("types are named for the domain", arguments: SourceFile.all)
    func names(_ file: SourceFile) {
        #expect(Rules.names(file) == [])
    }

    @Test("nothing switches off what the compiler checks", arguments: SourceFile.all)
    func escapes(_ file: SourceFile) {
        #expect(Rules.escapes(file) == [])
    }

    @Test("a file is named for what it declares", arguments: SourceFile.sources)
    func fileNames(_ file: SourceFile) {
        #expect(Rules.fileNames(file) == [])
    }

    private static let layers = Layers(SourceFile.sources)
}

extension SourceFile: CustomTestStringConvertible {
    var testDescription: String { path }
}

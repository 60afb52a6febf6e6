import Policy
import Testing

@Suite("Source loader")
struct SourceLoaderTests {
    static func load(
        _ files: [String: String],
        _ path: String = "conf/main.conf"
    ) -> (outline: String, loader: SourceLoader) {
        var loader = SourceLoader(reading: MemorySources(files: files))
        let statements = loader.load(path)
        return (outline(statements), loader)
    }

    @Test("an include stands for the statements of its files, in the order of their names")
    func include() {
        let files = [
            "conf/main.conf": "a\ninclude parts/*.conf\nb {\n  include inner.conf\n}",
            "conf/parts/20.conf": "twenty", "conf/parts/10.conf": "ten\ninclude ../deep.conf",
            "conf/parts/../deep.conf": "deep", "conf/inner.conf": "inner",
        ]
        let (outline, loader) = Self.load(files)
        #expect(loader.diagnostics.isEmpty)
        #expect(outline == "a; ten; deep; twenty; b { inner }")
        #expect(
            loader.sources.paths == [
                "conf/main.conf", "conf/parts/10.conf", "conf/parts/../deep.conf",
                "conf/parts/20.conf", "conf/inner.conf",
            ]
        )
    }

    @Test("a pattern that matches nothing is fine, a plain path that is not there is not")
    func nothing() {
        let (outline, loader) = Self.load([
            "conf/main.conf": "include none/*.conf\n  include gone.conf\nb"
        ])
        #expect(outline == "b")
        #expect(
            loader.diagnostics.map { loader.sources.render($0) } == [
                """
                conf/main.conf:2:11: error: cannot read `conf/gone.conf`: No such file or directory
                  include gone.conf
                          ^
                """
            ]
        )
    }

    static let circles: [(files: [String: String], message: String)] = [
        (
            ["x/a": "include b", "x/b": "include ../x/a", "x/../x/a": "include b"],
            "files include one another: x/a -> x/b -> x/../x/a"
        ),
        (["x/a": "b {\ninclude *\n}"], "files include one another: x/a -> x/a"),
    ]

    @Test("files that include one another are refused", arguments: circles)
    func refusedCircle(_ files: [String: String], _ message: String) {
        let (_, loader) = Self.load(files, "x/a")
        #expect(loader.diagnostics.map(\.message) == [message])
    }

    @Test("a file that includes itself is refused")
    func itself() {
        let (_, loader) = Self.load(["a": "include ./a"], "a")
        #expect(loader.diagnostics.map(\.message) == ["files include one another: a -> ./a"])
    }

    @Test("the same file may be included twice")
    func twice() {
        let files = ["m": "a {\ninclude x\n}\nb {\ninclude x\n}", "x": "same"]
        let (outline, loader) = Self.load(files, "m")
        #expect(loader.diagnostics.isEmpty)
        #expect(outline == "a { same }; b { same }")
    }

    @Test("a chain of includes longer than the limit is refused")
    func chain() {
        var files: [String: String] = [:]
        for number in 0..<100 { files["f\(number)"] = "include f\(number + 1)" }
        let (_, loader) = Self.load(files, "f0")
        let most = LanguageLimits.includeDepthMax
        #expect(
            loader.diagnostics.map(\.message) == ["more than \(most) files include one another"]
        )
    }

    @Test("includes that multiply are bounded")
    func explosion() {
        var files: [String: String] = [:]
        for number in 0..<14 {
            files["f\(number)"] = "include f\(number + 1)\ninclude f\(number + 1)"
        }
        files["f14"] = "x"
        let (_, loader) = Self.load(files, "f0")
        #expect(loader.sources.count == LanguageLimits.filesMax)
        #expect(loader.diagnostics.contains { $0.message.contains("more than 16384 files") })
    }

    static let malformed: [(text: String, message: String)] = [
        ("include", "1:1 `include` wants one path or pattern"),
        ("include a b", "1:1 `include` wants one path or pattern"),
        ("include a {\n}", "1:1 `include` takes no block"),
    ]

    @Test("a malformed include is refused", arguments: malformed)
    func refused(_ text: String, _ message: String) {
        let (_, loader) = Self.load(["m": text, "a": "x"], "m")
        #expect(loader.diagnostics.map(summary) == [message])
    }

    @Test("a file that the user names and that is not there is reported without a line")
    func missing() {
        let (_, loader) = Self.load([:])
        #expect(!loader.isReadable)
        #expect(
            loader.sources.render(loader.diagnostics)
                == "conf/main.conf:1:1: error: cannot read `conf/main.conf`: "
                + "No such file or directory\n"
        )
    }

    @Test("a file longer than the limit is refused")
    func size() {
        let long = String(repeating: "#", count: LanguageLimits.fileBytesMax)
        #expect(Self.load(["conf/main.conf": long]).loader.diagnostics.isEmpty)
        #expect(!Self.load(["conf/main.conf": long + "#"]).loader.diagnostics.isEmpty)
    }

    static let endings = ["s3cret", "s3cret\n", "s3cret\r\n"]

    @Test("a file that a word names loses one line ending at its end", arguments: endings)
    func substitution(_ content: String) {
        let files = ["conf/main.conf": "a ${file:keys/one}", "conf/keys/one": content]
        #expect(Self.load(files).outline == "a s3cret")
    }

    @Test("only one line ending is taken away")
    func oneLineEnding() {
        let files = ["conf/main.conf": "a ${file:/k}", "/k": "x\n\n"]
        #expect(Self.load(files).outline == "a x\n")
    }

    @Test("an environment variable is looked up where it stands")
    func environment() {
        let sources = MemorySources(files: ["m": "a ${env:A}b"], environment: ["A": "1 2"])
        var loader = SourceLoader(reading: sources)
        #expect(loader.load("m").first?.words.map(\.text) == ["a", "1 2b"])
    }
}

import Testing

/// The rules themselves: each finds what was planted for it and nothing in tidy code.
@Suite("Planted violations")
struct PlantedViolationTests {
    @Test(
        "an import that the table does not allow is found",
        arguments: [
            ("Sources/HTTP/Head.swift", "import Foundation", "imports Foundation"),
            ("Sources/Policy/Deep/Rule.swift", "public import HTTP", "imports HTTP"),
            ("Sources/Gateway/Proxy/Gate.swift", "import Glibc", "imports Glibc"),
            ("Sources/Gateway/Loop/Turn.swift", "import CLinux", "imports CLinux"),
            ("Sources/Gateway/Proxy/Gate.swift", "import struct Glibc.tm", "imports Glibc"),
            ("Sources/Gateway/Other/Gate.swift", "import COpenSSL", "imports COpenSSL"),
        ]
    )
    func imports(_ path: String, _ text: String, _ violation: String) {
        #expect(Rules.imports(SourceFile(path: path, text: text)) == [violation])
    }

    @Test(
        "an import that the table allows is not",
        arguments: [
            ("Sources/Gateway/Platform/Clock.swift", "import Glibc"),
            ("Sources/Gateway/TLS/TLSContext.swift", "internal import COpenSSL"),
            ("Sources/HTTP/Head.swift", "// import Foundation"),
            ("Sources/HTTP/Head.swift", "let text = \"import Foundation\""),
        ]
    )
    func allowedImports(_ path: String, _ text: String) {
        #expect(Rules.imports(SourceFile(path: path, text: text)) == [])
    }

    @Test("a function of 61 lines is found, one of 60 is not")
    func functionSizes() {
        for (lines, isFound) in [(60, false), (61, true)] {
            let body = Array(repeating: "        work()", count: lines - 4).joined(separator: "\n")
            let text = "struct A {\n    func a(\n        b: Int\n    ) {\n\(body)\n    }\n}\n"
            let file = SourceFile(path: "Sources/HTTP/A.swift", text: text)
            #expect(Rules.sizes(file).isEmpty != isFound)
        }
    }

    @Test("short functions in a row do not add up")
    func manyFunctions() {
        let function = "    func a() {\n        work()\n    }\n"
        let text = "struct A {\n" + String(repeating: function, count: 60) + "}\n"
        #expect(Rules.sizes(SourceFile(path: "Sources/HTTP/A.swift", text: text)) == [])
    }

    @Test("a file of 501 lines is found, one of 500 is not")
    func fileSizes() {
        for (lines, isFound) in [(500, false), (501, true)] {
            let text = String(repeating: "let a = 1\n", count: lines)
            let file = SourceFile(path: "Sources/HTTP/A.swift", text: text)
            #expect(Rules.sizes(file).isEmpty != isFound)
        }
    }

    @Test(
        "a name that says nothing is found",
        arguments: [
            "final class ConnectionManager {", "public struct UserInfo: Sendable {",
            "    enum RequestHelper {", "typealias TokenData = [UInt8]", "protocol StoreBase {",
        ]
    )
    func names(_ text: String) {
        let file = SourceFile(path: "Sources/HTTP/A.swift", text: text)
        #expect(Rules.names(file).count == 1)
    }

    @Test("a junk drawer is found by its file's name")
    func drawers() {
        let file = SourceFile(path: "Sources/HTTP/Utilities.swift", text: "struct A {}")
        #expect(Rules.names(file) == ["Utilities.swift"])
    }

    @Test("a word that only ends like a banned one is no violation")
    func innocentNames() {
        let text = "struct Metadata {}\nstruct Database {}\nenum Disinformation {}\n"
        #expect(Rules.names(SourceFile(path: "Sources/HTTP/Metadata.swift", text: text)) == [])
    }

    @Test(
        "an escape from the compiler is found",
        arguments: [
            "struct A: @unchecked Sendable {}", "nonisolated(unsafe) var a = 1",
            "let a = try! b()", "let a = b as! C", "    fatalError(\"never\")",
        ]
    )
    func escapes(_ text: String) {
        #expect(Rules.escapes(SourceFile(path: "Sources/HTTP/A.swift", text: text)).count == 1)
    }

    @Test("an escape in a comment or a text is none")
    func innocentEscapes() {
        let text =
            "// try! it\nlet a = \"try!\"\nlet b = \"\"\"\n    try! fatalError(\n    \"\"\"\n"
        #expect(Rules.escapes(SourceFile(path: "Sources/HTTP/A.swift", text: text)) == [])
    }

    @Test("a file that does not declare the type it is named for is found")
    func fileNames() {
        let text = "struct Route {}\nextension Rule {}\n"
        let rule = SourceFile(path: "Sources/HTTP/Rule.swift", text: text)
        #expect(Rules.fileNames(rule) == ["declares no Rule"])
        #expect(Rules.fileNames(SourceFile(path: "Sources/HTTP/Route.swift", text: text)) == [])
        #expect(Rules.fileNames(SourceFile(path: "Sources/HTTP/Rule+A.swift", text: text)) == [])
        #expect(Rules.fileNames(SourceFile(path: "Sources/HTTP/Role+A.swift", text: text)) != [])
    }

    @Test("a folder that speaks of one above it is found")
    func layers() {
        let gate = SourceFile(
            path: "Sources/Gateway/Proxy/RequestGate.swift",
            text: "struct RequestGate { let loop: EventLoop }"
        )
        let loop = SourceFile(
            path: "Sources/Gateway/Loop/EventLoop.swift",
            text: "struct EventLoop { var gate: RequestGate }"
        )
        let layers = Layers([gate, loop])
        #expect(layers.violations(in: loop) == ["speaks of RequestGate"])
        #expect(layers.violations(in: gate) == [])
    }
}

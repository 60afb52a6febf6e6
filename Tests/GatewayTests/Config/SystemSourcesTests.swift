import Policy
import Testing

@testable import Gateway

@Suite("System sources")
struct SystemSourcesTests {
    let sources = SystemSources()

    @Test func `a file is read up to the limit and no further`() throws {
        let text = String(repeating: "x", count: 40_000)
        let folder = try ConfigurationFolder(["a": text, "empty": ""])
        #expect(
            try sources.contents(ofFile: folder.path + "a", bytesMax: 40_000) == Array(text.utf8)
        )
        #expect(try sources.contents(ofFile: folder.path + "empty", bytesMax: 0) == [])
        #expect(throws: SourceFailure("larger than 39999 bytes")) {
            try sources.contents(ofFile: folder.path + "a", bytesMax: 39_999)
        }
    }

    static let unreadable: [(name: String, reason: String)] = [
        ("gone", "No such file or directory"), ("folder", "Is a directory"),
        ("a/b", "Not a directory"),
    ]

    @Test("what cannot be read is said in the system's words", arguments: unreadable)
    func refused(_ name: String, _ reason: String) throws {
        let folder = try ConfigurationFolder(["a": "", "folder/x": ""])
        #expect(throws: SourceFailure(reason)) {
            try sources.contents(ofFile: folder.path + name, bytesMax: 10)
        }
    }

    static let patterns: [(pattern: String, names: [String])] = [
        ("*.conf", ["B.conf", "a.conf", "b.conf"]), ("?.conf", ["B.conf", "a.conf", "b.conf"]),
        ("[ab].conf", ["a.conf", "b.conf"]), ("*/x", ["folder/x"]), ("none/*", []),
        ("*.none", []), ("\\*", ["*"]),
    ]

    @Test("a pattern matches names in byte order", arguments: patterns)
    func paths(_ pattern: String, _ names: [String]) throws {
        let folder = try ConfigurationFolder([
            "a.conf": "", "b.conf": "", "B.conf": "", ".hidden.conf": "", "folder/x": "", "*": "",
        ])
        let paths = try sources.paths(matching: folder.path + pattern)
        #expect(paths.map { String($0.dropFirst(folder.path.count)) } == names)
    }

    @Test func `a folder is told from a file`() throws {
        let folder = try ConfigurationFolder(["folder/x": ""])
        #expect(try sources.isFolder(folder.path + "folder"))
        #expect(try !sources.isFolder(folder.path + "folder/x"))
        #expect(throws: SourceFailure("No such file or directory")) {
            try sources.isFolder(folder.path + "gone")
        }
    }
}

import FoundationEssentials
import Synchronization
import Testing

@testable import Gateway

@Suite("Dead letters")
struct DeadLetterFileTests {
    private let scene = JournalScene()

    private func file() throws -> DeadLetterFile {
        try FileSystem.makeFolder(scene.path)
        return DeadLetterFile(path: scene.path + "/dead-x.jsonl")
    }

    private func text(_ file: DeadLetterFile) throws -> String {
        try String(contentsOfFile: file.path, encoding: .utf8)
    }

    private func event(_ number: Int) -> ArraySlice<UInt8> {
        Array(ShippingCourseTests.line(number).utf8.dropLast())[...]
    }

    @Test func `an event stands there with its reason, once after a crash`() throws {
        let file = try file()
        try file.add(event: event(1), status: 400, at: JournalScene.time)
        try file.add(event: event(1), status: 400, at: JournalScene.time + 5)
        try file.add(event: event(2), status: 422, at: JournalScene.time)
        let lines = try text(file).split(separator: "\n")
        #expect(lines.count == 2)
        let head = #"{"timestamp":"2026-11-23T21:48:22.123Z","status":400,"reason":"refused","#
        #expect(lines[0] == head + #""event":"# + ShippingCourseTests.line(1).dropLast() + "}")
    }

    @Test func `a line that a crash cut off is written over`() throws {
        let file = try file()
        try file.add(event: event(1), status: 400, at: JournalScene.time)
        let whole = try text(file)
        let torn = whole + whole.prefix(40)
        try Data(torn.utf8).write(to: URL(filePath: file.path))
        try file.add(event: event(2), status: 400, at: JournalScene.time)
        #expect(try text(file).hasPrefix(whole))
        #expect(try text(file).split(separator: "\n").count == 2)
    }

    @Test func `a full file takes nothing more`() throws {
        var file = try file()
        file.bytesMax = 250
        try file.add(event: event(1), status: 400, at: JournalScene.time)
        #expect(throws: DeadLetterFile.Failure.full) {
            try file.add(event: event(2), status: 400, at: JournalScene.time)
        }
        #expect(try text(file).split(separator: "\n").count == 1)
    }
}

/// What was reported.
final class Told: Sendable {
    private let lines = Mutex<[String]>([])

    func add(_ words: String) { lines.withLock { $0.append(words) } }

    var words: [String] { lines.withLock { $0 } }
}

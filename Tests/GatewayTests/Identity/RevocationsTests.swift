import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Gateway

/// What revocations published and reported.
private final class Audience: Sendable {
    private let lists = Mutex<[RevocationList]>([])
    private let words = Mutex<[String]>([])
    private let arrived = DispatchSemaphore(value: 0)

    var generations: [UInt64] { lists.withLock { $0.map(\.generation) } }
    var complaints: [String] { words.withLock { $0 } }

    func take(_ list: RevocationList, _ adopted: () -> Void) {
        lists.withLock { $0.append(list) }
        adopted()
        arrived.signal()
    }

    func hear(_ text: String) {
        words.withLock { $0.append(text) }
        arrived.signal()
    }

    /// Waits until something is so, at most for half a minute.
    func wait(until holds: () throws -> Bool) rethrows -> Bool {
        let deadline = DispatchTime.now() + .seconds(30)
        while try !holds() {
            guard arrived.wait(timeout: deadline) == .success else { return try holds() }
        }
        return true
    }
}

@Suite("Revocations")
struct RevocationsTests {
    private let folder: TemporaryStoreFolder
    private let audience = Audience()

    init() throws { folder = try TemporaryStoreFolder() }

    private func make(
        _ files: [RevocationFile] = [],
        folders: [String]? = nil,
        entriesMax: Int = Revocations.entriesMax
    ) throws -> Revocations {
        let audience = audience
        return try Revocations(
            files: files,
            folders: folders ?? [folder.path],
            entriesMax: entriesMax,
            report: { audience.hear($0) },
            publish: { list, adopted in audience.take(list, adopted) }
        )
    }

    private func file(_ text: String, tenant: String? = nil) throws -> RevocationFile {
        try write(text)
        return try RevocationFile(path, tenant: tenant, entriesMax: Revocations.entriesMax)
    }

    private var path: String { folder.path + "/revoked" }

    private func write(_ text: String) throws {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    private func subject(_ name: String, tenant: String? = nil) -> Revocation {
        Revocation(.subject, tenant: tenant, value: Array(name.utf8))
    }

    private func revokes(_ revocations: Revocations, _ name: String) throws -> Bool {
        let caller = try RevocationListTests.principal("\"sub\":\"\(name)\"")
        return revocations.list.revokes(caller, tenant: try IdentityScene().tenant())
    }

    @Test func `a change is kept, published with a higher generation and counted once`() throws {
        let revocations = try make()
        let first = revocations.list.generation
        let adopted = Mutex(0)
        let isAdopted: @Sendable () -> Void = { adopted.withLock { $0 += 1 } }
        #expect(
            try revocations.add([subject("a")], adopted: isAdopted)
                == Revocations.Change(count: 1, total: 1)
        )
        #expect(
            try revocations.add([subject("a"), subject("b")], adopted: isAdopted)
                == Revocations.Change(count: 1, total: 2)
        )
        #expect(try revokes(revocations, "a"))
        #expect(
            try revocations.remove([subject("a"), subject("x")], adopted: isAdopted)
                == Revocations.Change(count: 1, total: 1)
        )
        #expect(try !revokes(revocations, "a"))
        #expect(try revokes(revocations, "b"))
        #expect(audience.generations == [first + 1, first + 2, first + 3])
        #expect(adopted.withLock { $0 } == 3)
        #expect(try revokes(try make(), "b"))
    }

    @Test func `without a place nothing is taken`() throws {
        let revocations = try make(folders: [])
        #expect(throws: Revocations.Refusal.noPlace) {
            try revocations.add([subject("a")], adopted: {})
        }
        #expect(audience.generations.isEmpty)
    }

    @Test func `a place that cannot be written changes nothing`() throws {
        let place = folder.path + "/place"
        let revocations = try make(folders: [place])
        try "".write(toFile: place, atomically: false, encoding: .utf8)
        #expect(throws: Revocations.Refusal.self) {
            try revocations.add([subject("a")], adopted: {})
        }
        #expect(try !revokes(revocations, "a"))
        #expect(audience.generations.isEmpty)
    }

    @Test func `a first place without a file takes over from the next`() throws {
        let (first, second) = (folder.path + "/first", folder.path + "/second")
        _ = try make(folders: [second]).add([subject("a"), subject("b")], adopted: {})
        let revocations = try make(folders: [first, second])
        #expect(try revokes(revocations, "a"))
        _ = try revocations.remove([subject("a")], adopted: {})
        let later = try make(folders: [first, second])
        #expect(try !revokes(later, "a"))
        #expect(try revokes(later, "b"))
    }

    @Test func `a damaged file stops the start`() throws {
        try "x".write(toFile: folder.path + "/revocations", atomically: true, encoding: .utf8)
        #expect(throws: RevocationStore.Failure.self) { try make() }
    }

    @Test func `a file that changes is read again`() throws {
        let revocations = try make([try file("a\n")])
        revocations.watch()
        defer { revocations.stop() }
        #expect(try revokes(revocations, "a"))
        try write("b\n")
        #expect(try audience.wait { try revokes(revocations, "b") })
        #expect(try !revokes(revocations, "a"))
        #expect(audience.complaints.isEmpty)
    }

    @Test func `a file that turns bad keeps its entries, is complained of once and recovers`()
        throws
    {
        let revocations = try make([try file("a\n")])
        revocations.watch()
        defer { revocations.stop() }
        try FileManager.default.removeItem(atPath: path)
        #expect(audience.wait { audience.complaints.count == 1 })
        #expect(audience.complaints.first?.contains("`\(path)`") == true)
        #expect(try revokes(revocations, "a"))
        #expect(revocations.troubles.files.count == 1)
        try Data([0xFF]).write(to: URL(filePath: path))
        #expect(audience.wait { audience.complaints.count == 2 })
        #expect(audience.complaints.last?.contains("not UTF-8") == true)
        try write("b\n")
        #expect(try audience.wait { try revokes(revocations, "b") })
        #expect(audience.wait { audience.complaints.count == 3 })
        #expect(revocations.troubles.files.isEmpty)
        #expect(revocations.troubles.count == 2)
    }

    @Test func `another configuration brings its files, and what was posted stays`() throws {
        let revocations = try make([try file("a\n")])
        _ = try revocations.add([subject("p")], adopted: {})
        try revocations.adopt([], folder: folder.path)
        #expect(try !revokes(revocations, "a"))
        #expect(try revokes(revocations, "p"))
        #expect(audience.generations == audience.generations.sorted())
    }

    @Test func `another place takes what was posted along`() throws {
        let other = folder.path + "/other"
        try RevocationStore(folder: other).save(
            PostedRevocations().adding([subject("q")]).posted
        )
        let revocations = try make()
        _ = try revocations.add([subject("p")], adopted: {})
        #expect(throws: Revocations.AdoptionFailure.self) {
            try revocations.adopt([], folder: nil)
        }
        try revocations.adopt([], folder: other)
        for name in ["p", "q"] {
            #expect(try revokes(revocations, name))
            #expect(try revokes(try make(folders: [other]), name))
        }
    }

    @Test func `files and posted entries have one limit`() throws {
        let revocations = try make([try file("1\n2\n")], entriesMax: 3)
        #expect(throws: Revocations.Refusal.tooManyEntries) {
            try revocations.add([subject("a"), subject("b")], adopted: {})
        }
        #expect(try revocations.add([subject("a")], adopted: {}).total == 3)
        #expect(throws: Revocations.Refusal.tooManyEntries) {
            try revocations.add([subject("b")], adopted: {})
        }
        #expect(try revocations.add([subject("a")], adopted: {}).count == 0)
        revocations.watch()
        defer { revocations.stop() }
        try write("1\n2\n3\n")
        #expect(audience.wait { audience.complaints.count == 1 })
        #expect(revocations.troubles.files.first?.trouble == .tooManyEntries)
        let more = try RevocationFile(path, tenant: nil, entriesMax: 3)
        #expect(throws: Revocations.AdoptionFailure.self) {
            try revocations.adopt([more], folder: folder.path)
        }
        #expect(try revokes(revocations, "a"))
        #expect(throws: RevocationFile.Failure.tooManyEntries) {
            try RevocationFile(path, tenant: nil, entriesMax: 2)
        }
    }
}

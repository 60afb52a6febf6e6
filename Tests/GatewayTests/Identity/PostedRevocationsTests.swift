import Foundation
import Testing

@testable import Gateway

@Suite("Posted revocations")
struct PostedRevocationsTests {
    static let some = [
        Revocation(.token, tenant: nil, value: Array("a".utf8)),
        Revocation(.subject, tenant: "acme", value: Array("b c\nd\\n #".utf8)),
        Revocation(.client, tenant: nil, value: [0x20, 0x00, 0x0D, 0x20]),
        Revocation(.line, tenant: nil, value: Array("sub:x".utf8)),
        Revocation(.line, tenant: nil, value: Array("plain".utf8)),
    ]

    @Test func `entries come once and go`() {
        let (posted, count) = PostedRevocations().adding(Self.some + Self.some)
        #expect(count == 5)
        #expect(posted.counts == RevocationCounts(token: 1, subject: 2, client: 1, any: 1))
        #expect(posted.adding(Self.some).count == 0)
        #expect(posted.revocations == Self.some)
        let (fewer, gone) = posted.removing(Array(Self.some[1...2]) + Array(Self.some[1...1]))
        #expect(gone == 2)
        #expect(fewer.counts.total == 3)
        #expect(fewer.removing(Array(Self.some[1...2])).count == 0)
        #expect(fewer.removing(Self.some).posted.text.isEmpty)
    }

    @Test func `the same value of another kind or tenant is another entry`() {
        let value = Array("a".utf8)
        let (posted, _) = PostedRevocations().adding([
            Revocation(.token, tenant: nil, value: value),
            Revocation(.token, tenant: "acme", value: value),
            Revocation(.subject, tenant: nil, value: value),
        ])
        #expect(posted.counts.total == 3)
        let fewer = posted.removing([Revocation(.token, tenant: nil, value: value)]).posted
        #expect(fewer.tables[nil]?.contains(value, for: .token) == false)
        #expect(fewer.tables[nil]?.contains(value, for: .subject) == true)
        #expect(fewer.tables["acme"]?.contains(value, for: .token) == true)
    }

    @Test func `a line counts both ways`() {
        let posted = PostedRevocations().adding(Self.some).posted
        #expect(posted.tables[nil]?.contains(Array("x".utf8), for: .subject) == true)
        #expect(posted.tables[nil]?.contains(Array("x".utf8), for: .token) == false)
        #expect(posted.tables[nil]?.contains(Array("sub:x".utf8), for: .client) == true)
    }

    @Test func `what was saved is read again, byte by byte`() throws {
        let folder = try TemporaryStoreFolder()
        let store = RevocationStore(folder: folder.path + "/new")
        #expect(try store.load() == nil)
        let posted = PostedRevocations().adding(Self.some).posted
        try store.save(posted)
        let read = try #require(try store.load())
        #expect(read.text == posted.text)
        #expect(read.revocations == Self.some)
    }

    @Test(
        "a file that is cut off or changed is refused by name",
        arguments: [
            { $0.dropLast() }, { _ in "" }, { $0 + "token * z\n" },
            { $0.replacing("token * a", with: "token * b") },
            { $0.replacing("revocations 1", with: "revocations 2") }, { _ in "token * a\n" },
        ] as [@Sendable (String) -> any StringProtocol]
    )
    func damage(_ change: @Sendable (String) -> any StringProtocol) throws {
        let folder = try TemporaryStoreFolder()
        let store = RevocationStore(folder: folder.path)
        try store.save(PostedRevocations().adding([Self.some[0]]).posted)
        let text = try String(contentsOfFile: store.path, encoding: .utf8)
        try String(change(text)).write(toFile: store.path, atomically: false, encoding: .utf8)
        #expect(throws: RevocationStore.Failure.damaged(path: store.path)) { try store.load() }
    }

    @Test func `a file that others may write to is refused`() throws {
        let folder = try TemporaryStoreFolder()
        let store = RevocationStore(folder: folder.path)
        try store.save(PostedRevocations().adding([Self.some[0]]).posted)
        try FileManager.default.setAttributes([.posixPermissions: 0o622], ofItemAtPath: store.path)
        #expect(throws: RevocationStore.Failure.self) { try store.load() }
    }
}

/// A folder that goes away with its last reference.
final class TemporaryStoreFolder {
    let path: String

    init() throws {
        let name = "postern-store-\(UUID().uuidString)"
        path = FileManager.default.temporaryDirectory.path + "/" + name
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

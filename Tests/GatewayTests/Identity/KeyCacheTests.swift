import Foundation
import Policy
import Testing

@testable import Gateway

@Suite("Key cache")
struct KeyCacheTests {
    static let text = Array("{\"keys\":[\(SignatureVectorTests.vectors[1].jwk)]}".utf8)
    static let now: Int64 = 1_700_000_000

    let scene: CertificateScene
    let cache: KeyCache

    init() throws {
        scene = try CertificateScene()
        let folder = scene.folder + "/var/keys"
        let place = Configuration.KeyPlace.url("https://idp.example/jwks?key=secret")
            .with { $0.cachePath = folder }
        cache = try #require(KeyCache(of: place))
    }

    func load(
        staleSecondsMax: Int64 = 86_400,
        at now: Int64 = now
    ) -> Result<
        KeyCache.Kept?, KeyCache.Failure
    > {
        do throws(KeyCache.Failure) {
            return .success(try cache.load(at: now, staleSecondsMax: staleSecondsMax))
        } catch { return .failure(error) }
    }

    func failure(staleSecondsMax: Int64 = 86_400, at now: Int64 = now) -> KeyCache.Failure? {
        guard case .failure(let failure) = load(staleSecondsMax: staleSecondsMax, at: now) else {
            return nil
        }
        return failure
    }

    var isUnreadable: Bool { if case .unreadable = failure() { true } else { false } }

    func overwrite(_ contents: [UInt8]) throws {
        try PrivateFile.replace(cache.path, with: contents)
    }

    @Test func `what was saved is read, with its age, by this user only`() throws {
        try cache.save(Self.text, fetchedAt: Self.now - 90)
        let kept = try #require(try load().get())
        #expect(kept.keys.keys.count == 1)
        #expect(kept.ageSeconds == 90)
        let attributes = try FileManager.default.attributesOfItem(atPath: cache.path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        #expect(!cache.path.contains("secret"))
    }

    @Test func `nothing there is no failure`() throws {
        #expect(try load().get() == nil)
    }

    @Test func `a newer set takes the place of an older, and nothing else is left`() throws {
        try cache.save([0x7B], fetchedAt: Self.now - 500)
        try cache.save(Self.text, fetchedAt: Self.now)
        #expect(try load().get()?.ageSeconds == 0)
        #expect(try FileSystem.names(in: cache.folder) == [cache.name])
    }

    @Test func `a file that was cut or changed anywhere is not used`() throws {
        try cache.save(Self.text, fetchedAt: Self.now)
        let good = try PrivateFile.read(cache.path, bytesMax: 1 << 20)
        for count in 0..<good.count {
            try overwrite(Array(good.prefix(count)))
            #expect(failure() != nil, "\(count) bytes")
        }
        for index in good.indices {
            var bad = good
            bad[index] ^= 1
            try overwrite(bad)
            // Another time that is allowed too is all that can pass.
            #expect(!load().isSuccess || 0x30...0x39 ~= good[index], "byte \(index)")
        }
        try overwrite(good + [0x20])
        #expect(failure() == .damaged)
    }

    @Test func `the set of another source is not used`() throws {
        try cache.save(Self.text, fetchedAt: Self.now)
        let other = Configuration.KeyPlace.url("https://idp.example/jwks?key=other")
            .with { $0.cachePath = cache.folder }
        let otherCache = try #require(KeyCache(of: other))
        #expect(otherCache.name != cache.name)
        try FileSystem.rename(cache.path, to: otherCache.path)
        #expect(throws: KeyCache.Failure.foreign) {
            _ = try otherCache.load(at: Self.now, staleSecondsMax: 86_400)
        }
    }

    @Test func `a source is told apart by place, kind and authority, and files are not kept`() {
        func name(_ place: Configuration.KeyPlace, ca: String? = nil) -> String? {
            KeyCache(
                of: place.with {
                    $0.cachePath = "/keys"
                    $0.caPath = ca
                }
            )?.name
        }
        let names = [
            name(.url("https://a/")), name(.url("https://b/")), name(.discovery("https://a/")),
            name(.url("https://a/"), ca: "/ca.pem"), name(.url("https://a/"), ca: "/cb.pem"),
        ]
        #expect(Set(names.compactMap(\.self)).count == 5)
        #expect(name(.file("/keys.json")) == nil)
        #expect(KeyCache(of: .url("https://a/")) == nil)
    }

    @Test func `too old and yet to come are not used; a clock that was put right a little is`()
        throws
    {
        try cache.save(Self.text, fetchedAt: Self.now)
        #expect(failure(staleSecondsMax: 100, at: Self.now + 100) == .tooOld(seconds: 100))
        #expect(load(staleSecondsMax: 100, at: Self.now + 99).isSuccess)
        #expect(load(at: Self.now - KeyCache.clockSecondsMax).isSuccess)
        #expect(failure(at: Self.now - KeyCache.clockSecondsMax - 1) == .fromTheFuture)
    }

    @Test func `times that are no number are damage`() throws {
        try cache.save(Self.text, fetchedAt: Self.now)
        let good = String(
            decoding: try PrivateFile.read(cache.path, bytesMax: 1 << 20),
            as: UTF8.self
        )
        let times = ["", "-1", "1e9", "+17", "99999999999999999999", " 17"]
        for time in times {
            try overwrite(Array(good.replacing("\n\(Self.now)\n", with: "\n\(time)\n").utf8))
            #expect(failure() == .damaged, "\(time)")
        }
    }

    @Test func `a set without any usable key is not used`() throws {
        try cache.save(Array(#"{"keys":[]}"#.utf8), fetchedAt: Self.now)
        guard case .unusable = failure() else {
            Issue.record("\(String(describing: failure()))")
            return
        }
    }

    @Test func `a file that others may write, a link and a folder are not read`() throws {
        try cache.save(Self.text, fetchedAt: Self.now)
        try FileManager.default.setAttributes(
            [.posixPermissions: NSNumber(value: 0o666)],
            ofItemAtPath: cache.path
        )
        #expect(isUnreadable)
        try FileSystem.rename(cache.path, to: cache.path + ".moved")
        try FileManager.default.createSymbolicLink(
            atPath: cache.path,
            withDestinationPath: cache.path + ".moved"
        )
        #expect(isUnreadable)
        try FileSystem.remove(cache.path)
        try FileSystem.makeFolder(cache.path)
        #expect(isUnreadable)
    }

    @Test func `a file that is too large is not read`() throws {
        try cache.save(
            [UInt8](repeating: 0x20, count: KeySet.bytesMax + 1_024),
            fetchedAt: Self.now
        )
        #expect(isUnreadable)
    }

    @Test func `a folder that cannot be made is told`() throws {
        let place = Configuration.KeyPlace.url("https://a/")
            .with { $0.cachePath = scene.caPath + "/keys" }
        let cache = try #require(KeyCache(of: place))
        #expect(throws: Errno.self) { try cache.save(Self.text, fetchedAt: Self.now) }
    }
}

extension Result {
    fileprivate var isSuccess: Bool { if case .success = self { true } else { false } }
}

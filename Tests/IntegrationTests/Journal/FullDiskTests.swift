import Foundation
import Testing

/// A journal on a file system of 8 MB that is filled to its last byte, and freed again.
@Suite("A full disk")
struct FullDiskTests {
    @Test(
        "STARTs are refused when the disk is full, and taken again when it is not",
        .enabled {
            SmallDisk.isPossible
        }
    )
    func fullAndFreed() throws {
        let disk = try SmallDisk(megabytes: 8)
        defer { disk.end() }
        let scene = try GatewayScene.serving(Self.settings(disk))
        defer { scene.end() }
        #expect(try scene.exchange(Request("GET", "/open/before")).status == 200)
        try disk.fill()

        let conversation = try scene.connect()
        let refused = try Self.callUntilRefused(conversation)
        #expect(refused.status == 503)
        #expect(refused["Retry-After"] != nil)
        #expect(refused.text.contains("journal-unavailable"))
        let count = scene.upstream.arrivals.count
        // The same connection, so the same loop: the other may have room left.
        #expect(try conversation.exchange(Request("GET", "/open/full")).status == 503)
        #expect(scene.upstream.arrivals.count == count, "a call went on without its START")
        #expect(scene.gateway?.isRunning == true)

        try disk.free()
        try Self.expectRecovery(scene)
        try Self.expectPairs(scene)
    }

    @Test(
        "with on-failure open calls pass while the disk is full",
        .enabled {
            SmallDisk.isPossible
        }
    )
    func open() throws {
        let disk = try SmallDisk(megabytes: 8)
        defer { disk.end() }
        var settings = Self.settings(disk)
        settings.analytics = ["on-failure open"]
        let scene = try GatewayScene.serving(settings)
        defer { scene.end() }
        try disk.fill()
        let conversation = try scene.connect()
        for index in 0..<4_000 {
            #expect(try conversation.exchange(Request("GET", "/open/\(index)")).status == 200)
        }
        #expect(try scene.metric("postern_journal_failures_total") ?? 0 > 0)
        try Self.expectPairs(scene)
    }

    @Test(
        "a gateway that starts on a full disk refuses calls until there is room",
        .enabled {
            SmallDisk.isPossible
        }
    )
    func startsOnAFullDisk() throws {
        let disk = try SmallDisk(megabytes: 8)
        defer { disk.end() }
        try disk.fill()
        let scene = try GatewayScene.serving(Self.settings(disk))
        defer { scene.end() }
        let refused = try scene.exchange(Request("GET", "/open/full"))
        #expect(refused.status == 503)
        #expect(refused.text.contains("journal-unavailable"))
        #expect(try scene.admin("GET", "/readyz").status == 503)
        #expect(scene.upstream.arrivals.isEmpty)
        try disk.free()
        try Self.expectRecovery(scene)
    }

    @Test(
        "a policy that counts attempts starts on a small disk and on a full one",
        .enabled {
            SmallDisk.isPossible
        },
        arguments: [false, true]
    )
    func countsAttempts(isFull: Bool) throws {
        let disk = try SmallDisk(megabytes: 8)
        defer { disk.end() }
        if isFull { try disk.fill() }
        let scene = try CaptureScene.serving { $0.journalPath = disk.path + "/events" }
        defer { scene.end() }
        let request = CaptureScene.offerRequest
        #expect(try scene.exchange(request()).status == (isFull ? 503 : 201))
        guard isFull else { return }
        try disk.free()
        let deadline = Deadline(seconds: 20)
        var status = 503
        while status == 503, !deadline.hasPassed { status = try scene.exchange(request()).status }
        #expect(status == 201)
    }

    @Test(
        "a gateway whose journal is on a read-only disk says so and does not start",
        .enabled {
            SmallDisk.isPossible
        }
    )
    func readOnly() throws {
        let disk = try SmallDisk(megabytes: 8)
        defer { disk.end() }
        try disk.makeReadOnly()
        let scene = try GatewayScene(Self.settings(disk))
        defer { scene.end() }
        let outcome = try Command.postern(["serve", "--config", scene.configuration])
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("Read-only file system"))
    }

    private static func expectRecovery(_ scene: GatewayScene) throws {
        let deadline = Deadline(seconds: 20)
        var status = 503
        while status == 503, !deadline.hasPassed {
            status = try scene.exchange(Request("GET", "/open/after")).status
        }
        #expect(status == 200)
    }

    private static func settings(_ disk: SmallDisk) -> SceneSettings {
        var settings = SceneSettings()
        settings.journalPath = disk.path + "/events"
        return settings
    }

    /// Calls until the room of the segments that were there is used up.
    private static func callUntilRefused(_ conversation: Conversation) throws -> Response {
        var response = try conversation.exchange(Request("GET", "/open/0"))
        for index in 1..<20_000 where response.status == 200 {
            response = try conversation.exchange(Request("GET", "/open/\(index)"))
        }
        return response
    }

    private static func expectPairs(_ scene: GatewayScene) throws {
        let byRequest = Dictionary(grouping: try scene.events(), by: \.requestId)
        #expect(byRequest.count > 1)
        for (identifier, events) in byRequest where events.contains(where: \.isStart) {
            #expect(events.count { $0.isStart } == 1, "\(identifier)")
            #expect(events.count { $0.isOutcome } == 1, "\(identifier)")
        }
    }
}

/// A small file system in memory, mounted for one test.
final class SmallDisk: Sendable {
    let path: String

    /// Whether this user may mount one; says why not when not.
    static let isPossible: Bool = {
        guard let disk = try? SmallDisk(megabytes: 1) else {
            print("skipped: mounting a file system in memory is not allowed here")
            return false
        }
        disk.end()
        return true
    }()

    init(megabytes: Int) throws {
        path = FileManager.default.temporaryDirectory.path + "/postern-disk-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: false
        )
        let options = "size=\(megabytes)m,mode=0700"
        do {
            try Self.run("/usr/bin/mount", ["-t", "tmpfs", "-o", options, "tmpfs", path])
        } catch {
            try? FileManager.default.removeItem(atPath: path)
            throw error
        }
    }

    /// Fills it to the last byte.
    func fill() throws {
        let outcome = try Command.run(
            "/usr/bin/dd",
            ["if=/dev/zero", "of=\(path)/filler", "bs=4k"]
        )
        #expect(outcome.errors.contains("No space left"))
    }

    func makeReadOnly() throws { try Self.run("/usr/bin/mount", ["-o", "remount,ro", path]) }

    func free() throws { try FileManager.default.removeItem(atPath: path + "/filler") }

    func end() {
        try? Self.run("/usr/bin/umount", ["-l", path])
        try? FileManager.default.removeItem(atPath: path)
    }

    private static func run(_ program: String, _ arguments: [String]) throws {
        let result = try Command.run(program, arguments)
        guard result.status == 0 else { throw Trouble.unavailable("\(program): \(result.errors)") }
    }
}

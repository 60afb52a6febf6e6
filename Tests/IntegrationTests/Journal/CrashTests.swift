import Foundation
import Synchronization
import Testing

/// `kill -9` at random moments of many calls.
///
/// `POSTERN_DEATHS` says how often; `make crash` a hundred times.
@Suite("Sudden death")
struct CrashTests {
    private static let deaths =
        ProcessInfo.processInfo.environment["POSTERN_DEATHS"].flatMap(Int.init) ?? 10

    @Test(
        "every START has one outcome, and every call the upstream saw has its START",
        arguments: ["process", "power"]
    )
    func suddenDeath(_ durability: String) throws {
        var settings = SceneSettings()
        settings.analytics = ["durability \(durability)"]
        let scene = try GatewayScene.serving(
            settings,
            upstream: { call in
                let body = try call.body()
                // Some calls are always on their way when the gateway dies.
                if call.path.hasSuffix("7") { usleep(20_000) }
                try call.respond(200, body: body)
            }
        )
        defer { scene.end() }
        var answered: [String] = []
        for death in 0..<Self.deaths {
            let moment = scene.upstream.arrivals.count + Int.random(in: 1...250)
            let callers = (0..<8).map { Caller(scene, number: $0, calls: 125) }
            for caller in callers { caller.start() }
            #expect(
                scene.upstream.waitUntil(seconds: 60) { $0.arrivals.count >= moment },
                "death \(death)"
            )
            scene.kill()
            for caller in callers { caller.wait() }
            answered += callers.flatMap(\.answered)
            try scene.start()
        }
        try Self.expectWhole(scene, answered: answered)
        #expect(try scene.exchange(Request("GET", "/open/alive")).status == 200)
    }

    /// Holds the journal against the upstream's own record.
    private static func expectWhole(_ scene: GatewayScene, answered: [String]) throws {
        let seen = Set(scene.upstream.arrivals.compactMap { $0.head["X-Request-Id"] })
        let byRequest = Dictionary(grouping: try scene.events(), by: \.requestId)
        for (identifier, events) in byRequest {
            let starts = events.filter(\.isStart).count
            let outcomes = events.filter(\.isOutcome).count
            #expect(starts == 1 && outcomes == 1, "\(identifier): \(events)")
        }
        #expect(seen.count == scene.upstream.arrivals.count, "a call went on twice")
        #expect(seen.subtracting(byRequest.keys).isEmpty, "seen upstream, not written down")
        #expect(answered.count > 0)
        for identifier in answered {
            let outcome = byRequest[identifier]?.first { $0.isOutcome }
            #expect(outcome != nil, "\(identifier) was answered")
        }
        let restarts = byRequest.values.joined().filter { event in
            event.data?[["error", "type"]]?.string == "gateway-restart"
        }
        #expect(restarts.allSatisfy { $0.type == "TEST_OPEN_FAIL" })
        #expect(!restarts.isEmpty, "nothing was on its way")
    }

    @Test func `a second death after the recovery changes nothing that was written`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        for index in 0..<50 { _ = try scene.exchange(Request("GET", "/open/\(index)")) }
        let before = try scene.events { $0.count >= 100 }
        for _ in 0..<3 {
            scene.kill()
            try scene.start()
        }
        let after = try scene.events()
        #expect(Set(after.map(\.json)) == Set(before.map(\.json)))
    }

    @Test func `events can be read while nothing serves`() throws {
        let scene = try GatewayScene.serving()
        defer { scene.end() }
        let response = try scene.exchange(Request("GET", "/open/x"))
        scene.kill()
        let events = try scene.events(["--request", response["X-Request-Id"] ?? "none"])
        #expect(events.contains { $0.isStart })
    }
}

/// One client that calls again and again until it is done or the gateway is.
private final class Caller: Sendable {
    private let scene: GatewayScene
    private let number: Int
    private let calls: Int
    private let progress = Observed<(answered: [String], isDone: Bool)>(([], false))

    init(_ scene: GatewayScene, number: Int, calls: Int) {
        self.scene = scene
        self.number = number
        self.calls = calls
    }

    /// The request ids of the answers that came.
    var answered: [String] { progress.value.answered }

    func start() {
        Thread.detachNewThread { [self] in
            if let conversation = try? scene.connect() {
                for index in 0..<calls {
                    let request = Request("POST", "/open/\(number)/\(index)").with(body: "x")
                    guard let response = try? conversation.exchange(request) else { break }
                    progress.update { $0.answered.append(response["X-Request-Id"] ?? "") }
                }
            }
            progress.update { $0.isDone = true }
        }
    }

    func wait() {
        _ = progress.wait(seconds: 60) { $0.isDone ? true : nil }
    }
}

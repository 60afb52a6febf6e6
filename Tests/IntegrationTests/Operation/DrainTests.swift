import Foundation
import Glibc
import Testing

@Suite("Drain")
struct DrainTests {
    @Test("what runs is finished, then the gateway ends", arguments: [SIGTERM, SIGINT])
    func finishes(_ signal: Int32) throws {
        let scene = try slowScene()
        defer { scene.upstream.stop() }
        let idle = try scene.connect()
        #expect(try idle.exchange(Request("GET", "/open/quick")).status == 200)
        let running = try scene.connect()
        try running.send(Request("GET", "/open/slow"))
        _ = try scene.upstream.wait(for: "/open/slow")
        let began = ContinuousClock.now
        scene.gateway?.signal(signal)
        let response = try running.response()
        #expect(response.status == 200)
        #expect(response.text == "at last")
        #expect(running.isClosed())
        #expect(idle.isClosed())
        #expect(scene.gateway?.waitForEnd(seconds: 5) == .exited(0))
        #expect(began.duration(to: .now) < .seconds(5))
        let events = try scene.events(["--request", response["X-Request-Id"] ?? "none"])
        #expect(events.filter(\.isOutcome).map(\.type) == ["TEST_OPEN_SUCCESS"])
    }

    @Test func `nobody new is taken while it drains`() throws {
        let scene = try slowScene()
        defer { scene.upstream.stop() }
        let running = try scene.connect()
        try running.send(Request("GET", "/open/slow"))
        _ = try scene.upstream.wait(for: "/open/slow")
        scene.gateway?.signal(SIGTERM)
        let deadline = Deadline(seconds: 3)
        var isRefused = false
        while !isRefused, !deadline.hasPassed {
            isRefused = (try? scene.exchange(Request("GET", "/open/quick"), seconds: 1)) == nil
        }
        #expect(isRefused)
        #expect(try running.response().status == 200)
        #expect(scene.gateway?.waitForEnd(seconds: 5) == .exited(0))
    }

    @Test func `what runs too long is given up, and written down`() throws {
        let scene = try slowScene(drain: "500ms")
        defer { scene.upstream.stop() }
        let running = try scene.connect()
        try running.send(Request("GET", "/open/hang"))
        _ = try scene.upstream.wait(for: "/open/hang")
        let began = ContinuousClock.now
        scene.gateway?.signal(SIGTERM)
        #expect(scene.gateway?.waitForEnd(seconds: 6) == .exited(0))
        #expect(began.duration(to: .now) < .seconds(4))
        try scene.start()
        let events = try scene.events()
        #expect(events.filter(\.isStart).count == 1)
        #expect(events.filter { $0.type == "TEST_OPEN_FAIL" }.count == 1, "\(events)")
        scene.end()
    }

    @Test func `a second signal ends it at once`() throws {
        let scene = try slowScene(drain: "30s")
        defer { scene.upstream.stop() }
        let running = try scene.connect()
        try running.send(Request("GET", "/open/hang"))
        _ = try scene.upstream.wait(for: "/open/hang")
        let began = ContinuousClock.now
        scene.gateway?.signal(SIGTERM)
        #expect(scene.gateway?.waitForEnd(seconds: 0.5) == nil)
        scene.gateway?.signal(SIGTERM)
        #expect(scene.gateway?.waitForEnd(seconds: 3) != nil)
        #expect(began.duration(to: .now) < .seconds(4))
        scene.kill()
    }

    @Test func `an idle gateway ends at once`() throws {
        let scene = try slowScene(drain: "30s")
        defer { scene.upstream.stop() }
        let idle = try (0..<5).map { _ in try scene.connect() }
        for one in idle { #expect(try one.exchange(Request("GET", "/open/quick")).status == 200) }
        let began = ContinuousClock.now
        #expect(scene.terminate() == .exited(0))
        #expect(began.duration(to: .now) < .seconds(3))
    }

    @Test func `a body on its way is finished`() throws {
        let scene = try slowScene()
        defer { scene.upstream.stop() }
        let running = try scene.connect()
        try running.send(
            "POST /open/quick HTTP/1.1\r\nHost: acme.test\r\nContent-Length: 10\r\n\r\n01234"
        )
        _ = scene.upstream.waitUntil { $0.arrivals.contains { $0.target == "/open/quick" } }
        scene.gateway?.signal(SIGTERM)
        _ = scene.gateway?.waitForEnd(seconds: 0.2)
        try running.send("56789")
        #expect(try running.response().status == 200)
        #expect(scene.gateway?.waitForEnd(seconds: 5) == .exited(0))
    }

    private func slowScene(drain: String = "5s") throws -> GatewayScene {
        try GatewayScene.serving(
            .with { $0.topLevel = ["workers 2", "drain \(drain)"] },
            upstream: { call in
                _ = try call.body()
                switch call.path {
                case "/open/slow": usleep(600_000)
                case "/open/hang": _ = call.waitForEnd(seconds: 8)
                default: break
                }
                try call.respond(200, text: "at last")
            }
        )
    }
}

import Foundation
import Testing

/// `durability power`: requests go on when the disk has their STARTs.
@Suite("Durability")
struct DurabilityTests {
    private static func scene() throws -> GatewayScene {
        var settings = SceneSettings()
        settings.analytics = ["durability power"]
        return try GatewayScene.serving(settings)
    }

    @Test func `calls of all kinds pass, and each has its pair of events`() throws {
        let scene = try Self.scene()
        defer { scene.end() }
        let conversation = try scene.connect()
        for index in 0..<20 {
            let request = Request("POST", "/open/\(index)").with(body: "body \(index)")
            let response = try conversation.exchange(request)
            #expect(response.status == 200)
        }
        let large = String(repeating: "x", count: 300_000)
        #expect(
            try conversation.exchange(Request("POST", "/open/large").with(body: large)).status
                == 200
        )
        let denied = try scene.exchange(Request("GET", "/nowhere"))
        #expect(denied.status == 404)
        let events = try scene.events { $0.count { $0.isOutcome } >= 21 }
        #expect(events.count { $0.isStart } == 21)
    }

    @Test func `requests that come in one piece wait together and are answered in order`() throws {
        let scene = try Self.scene()
        defer { scene.end() }
        let conversations = try (0..<16).map { _ in try scene.connect() }
        for (index, conversation) in conversations.enumerated() {
            try conversation.send(Request("GET", "/open/\(index)"))
        }
        for (index, conversation) in conversations.enumerated() {
            #expect(try conversation.response().status == 200, "\(index)")
        }
        let events = try scene.events { $0.count { $0.isOutcome } >= 16 }
        #expect(events.count { $0.isStart } == 16)
    }

    @Test func `a client that leaves while the disk is waited for has its outcome`() throws {
        let scene = try Self.scene()
        defer { scene.end() }
        for _ in 0..<20 {
            let conversation = try scene.connect()
            try conversation.send(Request("POST", "/open/x").with(body: "x"))
            conversation.close()
        }
        #expect(try scene.exchange(Request("GET", "/open/alive")).status == 200)
        let events = try scene.events { events in
            events.count { $0.isStart } == events.count { $0.isOutcome }
        }
        #expect(events.count { $0.isStart } >= 1)
    }
}

import Glibc
import Testing

@Suite(
    "Timeouts",
    .scene(
        .with { settings in
            settings.limits = [
                "header-timeout 600ms", "body-timeout 600ms", "idle-timeout 1200ms",
            ]
        }
    )
)
struct TimeoutTests {
    @Test(
        "a head that does not come ends the connection",
        arguments: ["", "G", "GET /open/x HTTP/1.1\r\nHost: acme.test\r\n"]
    )
    func headNeverComes(_ start: String) throws {
        let conversation = try GatewayScene.here().connect()
        let began = ContinuousClock.now
        try conversation.send(Array(start.utf8))
        try expectEnd(conversation, within: 4, since: began)
    }

    @Test func `a head that drips is not given more time for every byte`() throws {
        let conversation = try GatewayScene.here().connect()
        let began = ContinuousClock.now
        do {
            try conversation.send("GET /open/x HTTP/1.1\r\n")
            for index in 0..<40 {
                try conversation.send("A\(index): b\r\n")
                usleep(100_000)
            }
            Issue.record("still open after \(began.duration(to: .now))")
        } catch Trouble.reset {
            #expect(began.duration(to: .now) < .seconds(4))
        }
    }

    @Test func `a body that does not come ends the exchange`() throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        let began = ContinuousClock.now
        try conversation.send(
            "POST /open/stuck HTTP/1.1\r\nHost: acme.test\r\nContent-Length: 10\r\n\r\nhalf"
        )
        try expectEnd(conversation, within: 4, since: began)
        #expect(!scene.upstream.arrivals(at: "/open/stuck").contains { $0.isComplete })
    }

    @Test func `an idle connection is ended without a word`() throws {
        let conversation = try GatewayScene.here().connect()
        #expect(try conversation.exchange(Request("GET", "/open/x")).status == 200)
        let began = ContinuousClock.now
        #expect(conversation.isClosed(seconds: 5))
        let lasted = began.duration(to: .now)
        #expect(lasted > .milliseconds(700) && lasted < .seconds(4), "\(lasted)")
    }

    @Test func `a handshake that does not come ends the connection`() throws {
        let scene = try GatewayScene.here()
        for start in [[UInt8](), [0x16], [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3]] {
            let socket = try Socket.connected(to: scene.port)
            if !start.isEmpty { try socket.send(start) }
            let bytes = try? socket.receive(Deadline(seconds: 5))
            // Nothing, or an alert, and the end.
            #expect(bytes != nil)
        }
    }

    /// A 408 or nothing at all, and the end of the connection.
    private func expectEnd(
        _ conversation: Conversation,
        within seconds: Double,
        since began: ContinuousClock.Instant
    ) throws {
        do {
            let response = try conversation.response(seconds: seconds)
            #expect(response.status == 408)
            #expect(conversation.isClosed())
        } catch Trouble.closed {
            // Ended without a word.
        } catch Trouble.reset {
            // The same.
        }
        #expect(began.duration(to: .now) < .seconds(seconds))
    }
}

import Foundation
import Testing

/// Descriptors and memory before and after everything a client can do wrong.
@Suite("Leaks", .serialized)
struct LeakTests {
    @Test func `no descriptor is left behind by any way to end`() throws {
        let scene = try Self.scene()
        defer { scene.end() }
        let meter = ProcessMeter(identifier: scene.gateway?.processIdentifier ?? 0)
        for way in Way.allCases { try way.go(scene) }
        try settle(scene)
        let before = meter.descriptors
        for _ in 0..<25 {
            for way in Way.allCases { try way.go(scene) }
        }
        let after = try settled(meter, below: before + 4, scene)
        #expect(after <= before + 4, "\(before) before, \(after) after")
        let open = scene.upstream.record.value.openConnections
        #expect(open <= 40, "\(open) connections to the upstream")
    }

    @Test func `memory does not grow with the number of requests`() throws {
        let scene = try Self.scene()
        defer { scene.end() }
        let meter = ProcessMeter(identifier: scene.gateway?.processIdentifier ?? 0)
        let token = try TokenOrder().signed()
        func round(_ count: Int) throws {
            let conversation = try scene.connect()
            defer { conversation.close() }
            for _ in 0..<count {
                let request = Request("POST", "/guarded/x").bearing(token).with(body: "some body")
                #expect(try conversation.exchange(request).status == 200)
                #expect(try conversation.exchange(Request("GET", "/unnamed")).status == 404)
            }
        }
        try round(500)
        let before = meter.anonymousBytes
        for _ in 0..<3 { try round(500) }
        let growth = meter.anonymousBytes - before
        #expect(growth < 4 << 20, "\(growth >> 10) KB in 3,000 requests")
    }

    @Test func `memory does not grow with the number of connections`() throws {
        let scene = try Self.scene()
        defer { scene.end() }
        let meter = ProcessMeter(identifier: scene.gateway?.processIdentifier ?? 0)
        func round(_ count: Int) throws {
            for _ in 0..<count {
                #expect(try scene.exchange(Request("GET", "/open/x")).status == 200)
            }
        }
        try round(300)
        let before = meter.anonymousBytes
        try round(900)
        let growth = meter.anonymousBytes - before
        #expect(growth < 6 << 20, "\(growth >> 10) KB in 900 connections")
    }

    @Test func `memory does not grow with the number of tokens`() throws {
        let scene = try Self.scene()
        defer { scene.end() }
        let meter = ProcessMeter(identifier: scene.gateway?.processIdentifier ?? 0)
        let conversation = try scene.connect()
        defer { conversation.close() }
        func round(_ count: Int) throws {
            for index in 0..<count {
                let bad = try TokenOrder().with(claim: "jti", .number(Double(index))).signed() + "A"
                let response = try conversation.exchange(Request("GET", "/guarded/x").bearing(bad))
                #expect(response.status == 401)
            }
        }
        try round(300)
        let before = meter.anonymousBytes
        try round(1_200)
        let growth = meter.anonymousBytes - before
        #expect(growth < 4 << 20, "\(growth >> 10) KB in 1,200 bad tokens")
    }

    /// A way for a connection or an exchange to end.
    enum Way: CaseIterable {
        case politely, abruptly, withReset, inHandshake, inHead, inBody, inAnswer, afterRefusal
        case plain, badRecord, upstreamCloses, halfClosed, pipelinedAndGone

        func go(_ scene: GatewayScene) throws {
            if case .inHandshake = self {
                let socket = try Socket.connected(to: scene.port)
                try socket.send([0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC])
                return socket.abort()
            }
            if case .plain = self {
                let socket = try Socket.connected(to: scene.port)
                try socket.send(Array("GET / HTTP/1.1\r\n\r\n".utf8))
                _ = try? socket.receive(Deadline(seconds: 2))
                return socket.close()
            }
            let wire = try RawTLSClient(port: scene.port)
            let conversation = Conversation(wire)
            try converse(conversation, wire)
        }

        private func converse(_ conversation: Conversation, _ wire: RawTLSClient) throws {
            switch self {
            case .politely:
                _ = try conversation.exchange(Request("GET", "/open/x"))
                wire.close()
            case .abruptly:
                _ = try conversation.exchange(Request("GET", "/open/x"))
                wire.socket.close()
            case .withReset:
                _ = try conversation.exchange(Request("GET", "/open/x"))
                wire.abort()
            case .inHead:
                try conversation.send("GET /open/x HTTP/1.1\r\nHost:")
                wire.socket.close()
            case .inBody:
                try conversation.send(
                    "POST /open/x HTTP/1.1\r\nHost: acme.test\r\nContent-Length: 90\r\n\r\nhalf"
                )
                wire.abort()
            case .inAnswer:
                try conversation.send(Request("GET", "/open/large"))
                _ = try conversation.head()
                wire.abort()
            case .afterRefusal:
                try conversation.send("nonsense\r\n\r\n")
                _ = try conversation.response()
                wire.close()
            case .badRecord:
                var records = try wire.records(for: Request("GET", "/open/x").bytes)
                records[records.count - 1] ^= 1
                try wire.socket.send(records)
                _ = try? wire.receive(Deadline(seconds: 2))
                wire.socket.close()
            case .upstreamCloses:
                _ = try conversation.exchange(Request("GET", "/open/close"))
                wire.close()
            case .halfClosed:
                try conversation.send(Request("GET", "/open/x"))
                wire.socket.shutdownWriting()
                _ = try? conversation.response(seconds: 2)
                wire.socket.close()
            case .pipelinedAndGone:
                let requests = (0..<10).flatMap { Request("GET", "/open/\($0)").bytes }
                try conversation.send(requests)
                wire.abort()
            case .inHandshake, .plain: break
            }
        }
    }

    private static func scene() throws -> GatewayScene {
        try GatewayScene.serving(
            .with { $0.topLevel = ["workers 1", "drain 3s"] },
            upstream: { call in
                _ = try call.body()
                switch call.path {
                case "/open/close": call.close()
                case "/open/large":
                    try call.respond(200, body: [UInt8](repeating: 0x61, count: 3_000_000))
                default: try call.respond(200, text: "fine")
                }
            }
        )
    }

    private func settle(_ scene: GatewayScene) throws {
        _ = scene.gateway?.waitForEnd(seconds: 0.5)
        #expect(try scene.exchange(Request("GET", "/open/x")).status == 200)
    }

    /// The number of descriptors once it has come down, or after a while.
    private func settled(
        _ meter: ProcessMeter,
        below limit: Int,
        _ scene: GatewayScene
    ) throws -> Int {
        let deadline = Deadline(seconds: 10)
        while meter.descriptors > limit, !deadline.hasPassed {
            _ = scene.gateway?.waitForEnd(seconds: 0.05)
        }
        return meter.descriptors
    }
}

import Foundation
import Testing

/// OpenSSL keeps its errors in a queue of the thread: what one connection leaves there must not
/// be taken for another's.
@Suite("Disturbances")
struct DisturbanceTests {
    @Test func `bad tokens and broken clients never disturb a neighbour on the same loop`() throws {
        let scene = try GatewayScene.serving(.with { $0.topLevel = ["workers 1", "drain 3s"] })
        defer { scene.end() }
        let token = try TokenOrder(algorithm: "RS256").signed()
        let good = (0..<4).map { number in
            Traffic(
                scene,
                Request("POST", "/guarded/good-\(number)").bearing(token)
                    .with(body: [UInt8](repeating: 0x61, count: 1 + number * 20_000))
            )
        }
        let bad = Troublemakers(scene)
        try bad.goOn(seconds: 8)
        let reports = good.map { $0.stop() }
        for report in reports {
            #expect(report.failures.isEmpty, "\(report.failures.prefix(5))")
            #expect(report.answers > 20)
        }
        #expect(bad.deeds.value > 50)
        #expect(try scene.exchange(Request("GET", "/guarded/x").bearing(token)).status == 200)
    }
}

/// Three threads of clients that break things.
private final class Troublemakers: Sendable {
    let deeds = Observed(0)
    private let scene: GatewayScene
    private let running = Observed(0)

    init(_ scene: GatewayScene) {
        self.scene = scene
    }

    func goOn(seconds: Double) throws {
        let deadline = Deadline(seconds: seconds)
        let algorithms = ["RS256", "ES256", "EdDSA", "PS256"]
        let tokens = try algorithms.map { name in
            let token = try TokenOrder(algorithm: name).signed()
            return String(token.dropLast(8)) + "AAAAAAAA"
        }
        let deeds: [@Sendable () throws -> Void] = [
            { [scene] in try Self.sendBadTokens(tokens, to: scene) },
            { [scene] in try Self.breakHandshakes(of: scene) },
            { [scene] in try Self.breakRecords(of: scene) },
        ]
        for deed in deeds {
            running.update { $0 += 1 }
            Thread.detachNewThread { [self] in
                while !deadline.hasPassed {
                    try? deed()
                    self.deeds.update { $0 += 1 }
                }
                running.update { $0 -= 1 }
            }
        }
        _ = running.wait(seconds: seconds + 20) { $0 == 0 ? true : nil }
    }

    private static func sendBadTokens(_ tokens: [String], to scene: GatewayScene) throws {
        let conversation = try scene.connect()
        defer { conversation.close() }
        for token in tokens {
            _ = try conversation.exchange(Request("GET", "/guarded/bad").bearing(token))
        }
    }

    private static func breakHandshakes(of scene: GatewayScene) throws {
        let starts: [[UInt8]] = [
            Array("GET / HTTP/1.1\r\n\r\n".utf8), [0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0],
            [0x15, 3, 3, 0, 2, 2, 40], [0x80, 0x2E, 1, 3, 1],
        ]
        for start in starts {
            let socket = try Socket.connected(to: scene.port)
            try socket.send(start)
            _ = try? socket.receive(Deadline(seconds: 1))
            socket.abort()
        }
    }

    private static func breakRecords(of scene: GatewayScene) throws {
        let wire = try RawTLSClient(port: scene.port)
        _ = try Conversation(wire).exchange(Request("GET", "/open/x"))
        var records = try wire.records(for: Request("GET", "/open/x").bytes)
        records[records.count / 2] ^= 0x55
        try wire.socket.send(records)
        _ = try? wire.receive(Deadline(seconds: 1))
        wire.abort()
        // Answers into a connection that is gone.
        let gone = try RawTLSClient(port: scene.port)
        let requests = (0..<5).flatMap { Request("GET", "/open/\($0)").bytes }
        try gone.send(requests)
        gone.abort()
    }
}

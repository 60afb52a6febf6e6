import Foundation
import Synchronization
import Testing

/// Bodies far larger than any buffer, with an eye on memory.
///
/// 256 MB by default; `POSTERN_STREAM_MB` asks for another size, 1024 for the full gigabyte.
@Suite(
    "Streaming",
    .serialized,
    .scene(
        .with { settings in
            settings.topLevel = ["workers 1", "drain 3s"]
            settings.limits = ["request-body 4GB", "body-timeout 20s"]
        },
        upstream: StreamScript.answer
    )
)
struct StreamingTests {
    static let megabytes =
        ProcessInfo.processInfo.environment["POSTERN_STREAM_MB"].flatMap { Int($0) } ?? 256

    /// What a body may cost, whatever its size.
    static let allowance = 24 << 20

    @Test func `a large answer passes in constant memory`() throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        defer { conversation.close() }
        let watch = try MemoryWatch(scene)
        try conversation.send(Request("GET", "/open/down/\(Self.megabytes)"))
        let head = try conversation.head()
        var count = 0
        let end = try conversation.body(of: head) { count += $0.count }
        #expect(end == .whole)
        #expect(count == Self.megabytes << 20)
        let growth = watch.stop()
        #expect(growth < Self.allowance, "grew by \(growth >> 10) KB")
    }

    @Test("a large body passes in constant memory", arguments: [false, true])
    func upload(_ isChunked: Bool) throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        defer { conversation.close() }
        let watch = try MemoryWatch(scene)
        let total = Self.megabytes << 20
        let framing = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: \(total)"
        try conversation.send("POST /open/up HTTP/1.1\r\nHost: acme.test\r\n\(framing)\r\n\r\n")
        let piece = [UInt8](repeating: 0x61, count: 1 << 20)
        let chunk = isChunked ? Array("100000\r\n".utf8) + piece + [13, 10] : piece
        for _ in 0..<Self.megabytes { try conversation.send(chunk) }
        if isChunked { try conversation.send("0\r\n\r\n") }
        #expect(try conversation.response(seconds: 30).text == "\(total)")
        let growth = watch.stop()
        #expect(growth < Self.allowance, "grew by \(growth >> 10) KB")
    }

    @Test func `a client that does not read holds the upstream back`() throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        defer { conversation.wire.abort() }
        let watch = try MemoryWatch(scene)
        try conversation.send(Request("GET", "/open/down-counted/2048"))
        _ = try conversation.head()
        let sent = try StreamScript.settledCount()
        #expect(sent < 64 << 20, "the upstream could send \(sent >> 20) MB")
        #expect(watch.stop() < Self.allowance)
        // Somebody else is served meanwhile.
        #expect(try scene.exchange(Request("GET", "/open/down/0")).status == 200)
    }

    @Test func `an upstream that does not read holds the client back`() throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        defer { conversation.wire.abort() }
        let watch = try MemoryWatch(scene)
        try conversation.send(
            "POST /open/deaf HTTP/1.1\r\nHost: acme.test\r\nContent-Length: 2147483648\r\n\r\n"
        )
        let piece = [UInt8](repeating: 0x61, count: 1 << 20)
        var sent = 0
        do {
            while sent < 512 {
                let records = try (conversation.wire as? RawTLSClient)?.records(for: piece) ?? []
                try (conversation.wire as? RawTLSClient)?.socket.send(records, seconds: 1)
                sent += 1
            }
        } catch Trouble.timedOut {
            // Held back, as it should be.
        }
        #expect(sent < 64, "the client could send \(sent) MB")
        #expect(watch.stop() < Self.allowance)
    }
}

/// Samples the gateway's own memory while something goes on.
private final class MemoryWatch: Sendable {
    private let meter: ProcessMeter
    private let start: Int
    private let highest: Observed<Int>
    private let isDone = Observed(false)

    init(_ scene: GatewayScene) throws {
        guard let gateway = scene.gateway else { throw Trouble.unavailable("no gateway") }
        meter = ProcessMeter(identifier: gateway.processIdentifier)
        start = meter.anonymousBytes
        highest = Observed(start)
        Thread.detachNewThread { [self] in
            while isDone.wait(seconds: 0.02, for: { $0 ? true : nil }) == nil {
                let now = meter.anonymousBytes
                highest.update { $0 = max($0, now) }
            }
        }
    }

    /// Ends the watch and gives the highest growth seen, in bytes.
    func stop() -> Int {
        isDone.update { $0 = true }
        return highest.value - start
    }
}

private enum StreamScript {
    private static let counted = Observed(0)

    static let answer: RecordingUpstream.Script = { call in
        let megabytes = call.path.split(separator: "/").last.flatMap { Int($0) } ?? 0
        let piece = [UInt8](repeating: 0x61, count: 1 << 20)
        switch call.path.split(separator: "/").dropFirst().first ?? "" {
        case "down":
            _ = try call.body()
            try call.send("HTTP/1.1 200 OK\r\nContent-Length: \(megabytes << 20)\r\n\r\n")
            for _ in 0..<megabytes { try call.send(piece, seconds: 30) }
        case "down-counted":
            _ = try call.body()
            try call.send("HTTP/1.1 200 OK\r\nContent-Length: \(megabytes << 20)\r\n\r\n")
            for _ in 0..<(megabytes << 4) {
                try call.send(Array(piece.prefix(65_536)), seconds: 20)
                counted.update { $0 += 65_536 }
            }
        case "deaf":
            _ = call.waitForReset(seconds: 15)
            call.close()
        default:
            let count = try call.countedBody()
            try call.respond(200, text: "\(count)")
        }
    }

    /// What was sent once nothing more goes for half a second.
    static func settledCount() throws -> Int {
        var last = -1
        let deadline = Deadline(seconds: 15)
        while !deadline.hasPassed {
            let before = counted.value
            if before == last { return before }
            last = before
            _ = counted.wait(seconds: 0.5) { $0 > before + (32 << 20) ? true : nil }
        }
        return counted.value
    }
}

extension UpstreamCall {
    /// Waits, without reading, for the other side to end.
    fileprivate func waitForReset(seconds: Double) -> Bool {
        let deadline = Deadline(seconds: seconds)
        while !deadline.hasPassed {
            if socket.hasHungUp { return true }
            Thread.sleep(forTimeInterval: 0.02)
        }
        return false
    }
}

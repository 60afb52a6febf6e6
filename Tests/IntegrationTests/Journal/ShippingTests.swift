import Foundation
import Testing

/// Events go from the journal to receivers that do not behave.
@Suite("Shipping")
struct ShippingTests {
    /// A `ship` block that tries again soon.
    private static func block(_ name: String, _ lines: [String]) -> [String] {
        let quick = ["interval 20ms", "timeout 1s", "retry 20ms", "retry-max 100ms"]
        return ["ship \(name) {"] + (lines + quick).map { "    " + $0 } + ["}"]
    }

    private static func line(_ format: String, _ receiver: EventReceiver) -> String {
        switch format {
        case "otlp": "otlp \(receiver.origin)"
        case "clickhouse": "clickhouse \(receiver.origin) audit.postern_events"
        default: "ndjson \(receiver.origin)/in"
        }
    }

    private static func scene(_ blocks: [[String]]) throws -> GatewayScene {
        var settings = SceneSettings()
        settings.analytics = blocks.flatMap(\.self)
        return try GatewayScene.serving(settings)
    }

    private static func identifiers(_ scene: GatewayScene) throws -> Set<String> {
        Set(try scene.events().compactMap { $0.json["id"]?.string })
    }

    private static func call(_ scene: GatewayScene, _ names: [String]) throws {
        let conversation = try scene.connect()
        defer { conversation.close() }
        for name in names {
            let request = Request("GET", "/open/x").with("X-Request-Id", name)
            _ = try conversation.exchange(request)
        }
    }

    private static func names(_ prefix: String, _ count: Int) -> [String] {
        (0..<count).map { "\(prefix)-\($0)" }
    }

    /// What `/readyz` says of a shipper.
    private static func standing(_ name: String, _ scene: GatewayScene) throws -> JSON? {
        let shippers = try scene.admin("GET", "/readyz").json?["shippers"]?.array ?? []
        return shippers.first { $0["name"]?.string == name }
    }

    /// Waits until a shipper has this state.
    private static func wait(
        for state: String,
        of name: String,
        _ scene: GatewayScene
    ) throws -> Bool {
        let deadline = Deadline(seconds: 20)
        while try standing(name, scene)?["state"]?.string != state {
            if deadline.hasPassed { return false }
            usleep(30_000)
        }
        return true
    }

    @Test(
        "exactly the journal's ids arrive at a receiver that fails in every way",
        arguments: ["otlp", "clickhouse", "ndjson"]
    )
    func storm(_ format: String) throws {
        let receiver = try EventReceiver()
        try receiver.behave([
            "500", "drop", "lost", "slow", "hang", "429", "ok", "503", "401", "404", "302", "408",
            "lost", "502",
        ])
        let scene = try Self.scene([
            Self.block("one", [Self.line(format, receiver), "batch 7"])
        ])
        defer { scene.end() }
        try Self.call(scene, Self.names("storm", 40))
        let wanted = try Self.identifiers(scene)
        #expect(wanted.count == 80)
        #expect(try receiver.wait(for: wanted, in: format))
        #expect(try Self.wait(for: "up-to-date", of: "one", scene))
        #expect(try scene.metric("postern_shipper_lag_bytes") == 0)
        #expect(try scene.metric("postern_shipper_lag_seconds") == 0)
        #expect(try scene.metric("postern_shipper_sent_total") == 80)
        #expect(try scene.metric("postern_shipper_dead_total") == 0)
        #expect(try scene.metric("postern_shipper_failed_total") ?? 0 >= 10)
        #expect(!scene.complaints.contains("receiver's own"))
        guard format == "clickhouse" else { return }
        // What came twice came in the same batch, so a table takes it once.
        let arrivals = try receiver.arrivals(format)
        #expect(arrivals.count > wanted.count)
        let byIdentifier = Dictionary(grouping: arrivals, by: \.identifier)
        #expect(byIdentifier.values.allSatisfy { Set($0.map(\.token)).count == 1 })
        #expect(arrivals.allSatisfy { !$0.token.isEmpty })
    }

    @Test func `a receiver that hangs does not hold up another, nor a call`() throws {
        let (good, bad) = (try EventReceiver(), try EventReceiver())
        try bad.behave(then: "hang")
        let scene = try Self.scene([
            Self.block("bad", [Self.line("ndjson", bad)]),
            Self.block("good", [Self.line("otlp", good)]),
        ])
        defer { scene.end() }
        try Self.call(scene, Self.names("side", 20))
        #expect(try good.wait(for: Self.identifiers(scene), in: "otlp"))
        #expect(try Self.wait(for: "failing", of: "bad", scene))
        let standing = try #require(try Self.standing("bad", scene))
        #expect(standing["lastFailure"]?.string == "timeout")
        #expect(standing["lagBytes"]?.number ?? 0 > 0)
        #expect(try scene.admin("GET", "/readyz").status == 200)
        #expect(scene.complaints.contains("shipper `bad` does not get on"))
        try bad.behave()
        #expect(try bad.wait(for: Self.identifiers(scene), in: "ndjson"))
    }

    @Test func `a refused event ends alone in the dead-letter file, and the others arrive`() throws
    {
        let receiver = try EventReceiver()
        let scene = try Self.scene([Self.block("one", [Self.line("ndjson", receiver)])])
        defer { scene.end() }
        try receiver.behave(then: "500")
        try Self.call(scene, Self.names("a", 20) + ["poison"] + Self.names("b", 20))
        try receiver.behave()
        let events = try scene.events()
        let poisoned = events.filter { $0.requestId == "poison" }
        let wanted = Set(events.compactMap { $0.json["id"]?.string })
            .subtracting(poisoned.compactMap { $0.json["id"]?.string })
        #expect(poisoned.count == 2)
        #expect(try receiver.wait(for: wanted, in: "ndjson"))
        #expect(try Self.wait(for: "up-to-date", of: "one", scene))
        let text = try String(
            contentsOfFile: scene.folder.path(of: "events/dead-one.jsonl"),
            encoding: .utf8
        )
        let dead = try text.split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
        #expect(Set(dead.compactMap { $0["event"] }) == Set(poisoned.map(\.json)))
        #expect(dead.count == 2 && dead.allSatisfy { $0["status"]?.number == 400 })
        #expect(try scene.metric("postern_shipper_dead_total") == 2)
        #expect(!text.contains("receiver's own"))
    }

    @Test func `records that a collector rejects in part are not sent again, and counted`() throws {
        let receiver = try EventReceiver()
        try receiver.behave(then: "500")
        let scene = try Self.scene([Self.block("one", [Self.line("otlp", receiver)])])
        defer { scene.end() }
        try Self.call(scene, Self.names("part", 5))
        try receiver.behave(["partial"])
        #expect(try Self.wait(for: "up-to-date", of: "one", scene))
        #expect(try receiver.identifiers("otlp").count == 9)
        #expect(try scene.metric("postern_shipper_dead_total") == 1)
        #expect(try scene.metric("postern_shipper_sent_total") == 9)
    }

    @Test func `nothing is lost when receiver and gateway die in the middle`() throws {
        let receiver = try EventReceiver()
        let scene = try Self.scene([
            Self.block("one", [Self.line("ndjson", receiver), "batch 3"])
        ])
        defer { scene.end() }
        for round in 0..<3 {
            try Self.call(scene, Self.names("up-\(round)", 15))
            receiver.kill()
            try Self.call(scene, Self.names("down-\(round)", 15))
            scene.kill()
            try receiver.start()
            try scene.start()
        }
        #expect(try receiver.wait(for: Self.identifiers(scene), in: "ndjson"))
        #expect(try Self.identifiers(scene).count >= 180)
    }

    @Test func `what is left is sent before a gateway ends`() throws {
        let receiver = try EventReceiver()
        var settings = SceneSettings()
        settings.analytics =
            ["ship one {"] + [Self.line("ndjson", receiver), "interval 1h"] + ["}"]
        let scene = try GatewayScene.serving(settings)
        defer { scene.end() }
        try Self.call(scene, Self.names("last", 10))
        #expect(scene.terminate() == .exited(0))
        #expect(Set(try receiver.identifiers("ndjson")) == (try Self.identifiers(scene)))
    }

    @Test func `https is verified, headers go along, and no secret is told`() throws {
        let receiver = try EventReceiver(secure: true)
        try receiver.behave(then: "403")
        let settings = SceneSettings()
        let scene = try GatewayScene(settings)
        try scene.folder.write("secret", "s3cr3t-word\n")
        let header = "header Authorization \"Bearer ${file:secret}\""
        try scene.rewrite {
            $0.analytics =
                Self.block("good", ["otlp \(receiver.origin)", "ca tls/ca.pem", header])
                + Self.block("wrong", ["ndjson \(receiver.origin)/in", "ca tls/beta.pem", header])
        }
        try scene.start()
        defer { scene.end() }
        try Self.call(scene, Self.names("tls", 5))
        #expect(try Self.wait(for: "failing", of: "good", scene))
        #expect(try Self.standing("good", scene)?["lastFailure"]?.string == "status-403")
        try receiver.behave()
        #expect(try receiver.wait(for: Self.identifiers(scene), in: "otlp"))
        #expect(try Self.wait(for: "failing", of: "wrong", scene))
        #expect(try Self.standing("wrong", scene)?["lastFailure"]?.string == "tls")
        #expect(try receiver.identifiers("ndjson").isEmpty)
        let fields = try receiver.seen()["authorization"]?.array ?? []
        #expect(!fields.isEmpty && fields.allSatisfy { $0.string == "Bearer s3cr3t-word" })
        let told = [
            try scene.admin("GET", "/metrics").text, try scene.admin("GET", "/readyz").text,
            scene.complaints,
        ]
        #expect(told.allSatisfy { !$0.contains("s3cr3t") && !$0.contains("receiver's own") })
        let files = try scene.folder.contents(below: "events").values
        #expect(files.allSatisfy { $0.range(of: Data("s3cr3t".utf8)) == nil })
    }

    @Test func `a reload adds, changes and removes shippers`() throws {
        let (first, second) = (try EventReceiver(), try EventReceiver())
        let scene = try Self.scene([])
        defer { scene.end() }
        try Self.call(scene, Self.names("before", 5))
        try scene.rewrite { $0.analytics = Self.block("one", [Self.line("ndjson", first)]) }
        #expect(try scene.admin("POST", "/reload").status == 200)
        let early = try Self.identifiers(scene)
        #expect(try first.wait(for: early, in: "ndjson"))
        #expect(try Self.wait(for: "up-to-date", of: "one", scene))
        try scene.rewrite { $0.analytics = Self.block("one", [Self.line("ndjson", second)]) }
        #expect(try scene.admin("POST", "/reload").status == 200)
        try Self.call(scene, Self.names("after", 5))
        let late = try Self.identifiers(scene).subtracting(early)
        #expect(try second.wait(for: late, in: "ndjson"))
        #expect(Set(try first.identifiers("ndjson")) == early)
        try scene.rewrite { $0.analytics = [] }
        #expect(try scene.admin("POST", "/reload").status == 200)
        #expect(try Self.standing("one", scene) == nil)
        #expect(try scene.metric("postern_shipper_sent_total") == nil)
    }
}

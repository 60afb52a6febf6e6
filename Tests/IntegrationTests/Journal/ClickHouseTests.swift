import Foundation
import Testing

/// Events go to the real ClickHouse, where it is installed.
@Suite("ClickHouse")
struct ClickHouseTests {
    /// The server's program, as Debian's package or ClickHouse's own names it.
    private static let program: [String]? = {
        for words in [["clickhouse-server"], ["clickhouse", "server"]] {
            let found = try? Command.run("sh", ["-c", "command -v \(words[0])"])
            if found?.status == 0 { return words }
        }
        print("skipped: no clickhouse-server here; Debian: apt-get install clickhouse-server")
        return nil
    }()

    @Test(
        "exactly the journal's ids are in the table, once each",
        .enabled(if: program != nil, "no clickhouse-server in PATH")
    )
    func rows() throws {
        let server = try ClickHouse(try #require(Self.program))
        defer { server.end() }
        try server.createTable()
        var settings = SceneSettings()
        settings.analytics = [
            "ship warehouse {", "clickhouse http://127.0.0.1:\(server.port) postern_events",
            "header X-ClickHouse-User default", "header X-ClickHouse-Key \(ClickHouse.password)",
            "batch 10", "interval 20ms", "retry 20ms", "retry-max 200ms", "}",
        ]
        let scene = try GatewayScene.serving(settings)
        defer { scene.end() }
        for index in 0..<30 {
            if index == 10 { server.end() }
            if index == 20 { scene.kill() }
            if index == 20 { try scene.start() }
            _ = try scene.exchange(Request("GET", "/open/\(index)"))
        }
        try server.start()
        let wanted = try scene.events().compactMap { $0.json["id"]?.string }
        #expect(wanted.count == 60)
        let deadline = Deadline(seconds: 30)
        var rows: [String] = []
        while Set(rows) != Set(wanted), !deadline.hasPassed {
            let answer = try server.query("SELECT id FROM postern_events FINAL ORDER BY id")
            rows = answer.split(separator: "\n").map(String.init)
            usleep(100_000)
        }
        #expect(rows == wanted.sorted())
        let typed = try server.query(
            "SELECT count() FROM postern_events FINAL WHERE tenantId = 'acme' AND time > 0 "
                + "AND visitParamExtractString(data, 'method') = 'GET'"
        )
        #expect(typed == "60\n")
        #expect(try scene.metric("postern_shipper_dead_total") == 0)
    }
}

/// A ClickHouse of one's own in a temporary folder.
private final class ClickHouse: Sendable {
    static let password = "pw-of-the-test"
    let port: UInt16
    private let program: [String]
    private let folder: TemporaryFolder
    private let process = Observed<ChildProcess?>(nil)

    init(_ program: [String]) throws {
        self.program = program
        port = try FreePort.next()
        folder = try TemporaryFolder("clickhouse")
        try folder.write(
            "config.xml",
            """
            <?xml version="1.0"?>
            <yandex>
                <logger><level>warning</level><console>1</console></logger>
                <listen_host>127.0.0.1</listen_host>
                <http_port>\(port)</http_port><tcp_port>\(try FreePort.next())</tcp_port>
                <path>\(folder.path)/data/</path><tmp_path>\(folder.path)/tmp/</tmp_path>
                <users_config>\(folder.path)/users.xml</users_config>
                <default_profile>default</default_profile>
                <default_database>default</default_database>
                <mark_cache_size>5368709</mark_cache_size>
            </yandex>
            """
        )
        try folder.write(
            "users.xml",
            """
            <?xml version="1.0"?>
            <yandex>
                <profiles><default></default></profiles>
                <users><default>
                    <password>\(Self.password)</password>
                    <networks><ip>127.0.0.1</ip></networks>
                    <profile>default</profile><quota>default</quota>
                </default></users>
                <quotas><default></default></quotas>
            </yandex>
            """
        )
        try FileManager.default.createDirectory(
            atPath: folder.path(of: "data"),
            withIntermediateDirectories: true
        )
        try start()
    }

    func start() throws {
        let child = try ChildProcess(
            program[0],
            program.dropFirst() + ["--config-file=" + folder.path(of: "config.xml")],
            folder: folder.path
        )
        process.update { $0 = child }
        let deadline = Deadline(seconds: 30)
        while (try? query("SELECT 1")) != "1\n" {
            guard child.isRunning, !deadline.hasPassed else {
                throw Trouble.unavailable("clickhouse did not start: \(child.errorText)")
            }
            _ = child.waitForEnd(seconds: 0.1)
        }
    }

    func end() { process.value?.end() }

    /// Runs `deploy/clickhouse.sql`; its last statement is for servers that know tokens.
    func createTable() throws {
        let script = try String(
            contentsOfFile: Built.repository + "/deploy/clickhouse.sql",
            encoding: .utf8
        )
        let text = script.split(separator: "\n").filter { !$0.hasPrefix("--") }
            .joined(separator: "\n")
        let statements = text.split(separator: ";")
        #expect(statements.count == 2)
        _ = try query(String(statements[0]))
        let major = try query("SELECT version()").split(separator: ".").first.flatMap { Int($0) }
        if let major, major >= 22 { _ = try query(String(statements[1])) }
    }

    /// Runs a statement and gives what it answers.
    func query(_ statement: String) throws -> String {
        let conversation = Conversation(try PlainWire(port: port))
        defer { conversation.close() }
        let request = Request("POST", "/", host: "127.0.0.1")
            .with("X-ClickHouse-User", "default").with("X-ClickHouse-Key", Self.password)
            .with(body: statement)
        let answer = try conversation.exchange(request, seconds: 10)
        guard answer.status == 200 else { throw Trouble.unavailable(answer.text) }
        return answer.text
    }
}

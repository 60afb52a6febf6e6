import Foundation
import Glibc
import Testing

/// A gateway of one's own in a temporary folder, with certificates, keys, an upstream and a
/// running `postern serve`.
final class GatewayScene: Sendable {
    /// The scene of the suite or test that runs.
    @TaskLocal static var current: GatewayScene?

    let folder: TemporaryFolder
    let upstream: RecordingUpstream
    let port: UInt16
    let adminPort: UInt16
    let settings: Observed<SceneSettings>
    private let process = Observed<ChildProcess?>(nil)

    /// Writes everything a start needs, and starts nothing.
    init(
        _ settings: SceneSettings = SceneSettings(),
        upstream script: @escaping RecordingUpstream.Script = RecordingUpstream.echo
    ) throws {
        folder = try TemporaryFolder()
        upstream = try RecordingUpstream(script: script)
        port = try FreePort.next()
        adminPort = try FreePort.next()
        self.settings = Observed(settings)
        try rewrite { _ in }
        try folder.write("keys.json", IdentityProvider.shared().keySet().text)
        let authority = try CertificateAuthority.shared()
        try folder.copy(authority.certificatePath, to: "tls/ca.pem")
        for name in ["acme", "beta"] {
            try folder.copy(authority.path("\(name).pem"), to: "tls/\(name).pem")
            try folder.copy(authority.path("\(name).key"), to: "tls/\(name).key")
        }
    }

    /// A scene whose gateway serves.
    static func serving(
        _ settings: SceneSettings = SceneSettings(),
        upstream script: @escaping RecordingUpstream.Script = RecordingUpstream.echo
    ) throws -> GatewayScene {
        let scene = try GatewayScene(settings, upstream: script)
        try scene.start()
        return scene
    }

    /// The scene around this test.
    static func here() throws -> GatewayScene {
        guard let current else { throw Trouble.unavailable("no scene around this test") }
        return current
    }

    var configuration: String { folder.path(of: "postern.conf") }

    var gateway: ChildProcess? { process.value }

    /// What the gateway said on standard error since its last start.
    var complaints: String { gateway?.errorText ?? "" }

    /// Changes the settings and writes the configuration and the policy anew.
    func rewrite(_ change: (inout SceneSettings) -> Void) throws {
        var settings = settings.value
        change(&settings)
        let changed = settings
        self.settings.update { $0 = changed }
        try folder.write(
            "postern.conf",
            changed.text(port: port, admin: adminPort, upstream: upstream.port)
        )
        try folder.write("policies/scene.policy", changed.policy)
    }

    /// Starts the gateway and waits until it takes connections.
    func start(_ options: [String] = [], seconds: Double = 15) throws {
        let child = try ChildProcess(
            Built.postern,
            ["serve", "--config", configuration] + options,
            folder: folder.path
        )
        process.update { $0 = child }
        let deadline = Deadline(seconds: seconds)
        while !answers() {
            guard child.isRunning, !deadline.hasPassed else {
                child.end()
                throw Trouble.unavailable("the gateway did not start: \(child.errorText)")
            }
            _ = child.waitForEnd(seconds: 0.01)
        }
    }

    /// Whether `/livez` says so and the listener takes a connection.
    private func answers() -> Bool {
        guard let admin = try? Conversation(PlainWire(port: adminPort)) else { return false }
        defer { admin.close() }
        let request = Request("GET", "/livez", host: "localhost").with("Connection", "close")
        guard let answer = try? admin.exchange(request, seconds: 2), answer.status == 200 else {
            return false
        }
        return (try? Socket.connected(to: port)) != nil
    }

    /// Ends the gateway the hard way.
    func kill() {
        gateway?.end()
    }

    /// Asks the gateway to end and says how it did.
    func terminate(seconds: Double = 10) -> ChildProcess.Ending? {
        gateway?.signal(SIGTERM)
        return gateway?.waitForEnd(seconds: seconds)
    }

    /// Ends everything; a gateway that crashed or does not end is an issue.
    func end() {
        defer { upstream.stop() }
        guard let gateway else { return }
        let wasRunning = gateway.isRunning
        var outputs = PlantedSecrets.answers(of: self)
        let ending = terminate()
        gateway.end()
        outputs.merge(PlantedSecrets.files(of: self)) { text, _ in text }
        PlantedSecrets.expectNone(in: outputs)
        guard wasRunning else { return }
        if ending != .exited(0) {
            let how = ending.map { "\($0)" } ?? "not at all"
            Issue.record("the gateway ended with \(how): \(gateway.errorText.suffix(2_000))")
        }
    }
}

extension GatewayScene {
    /// A TLS connection to the gateway.
    func connect(_ options: RawTLSClient.Options = .init()) throws -> Conversation {
        Conversation(try RawTLSClient(port: port, options))
    }

    /// One request on a connection of its own.
    func exchange(_ request: Request, seconds: Double = 10) throws -> Response {
        let conversation = try connect()
        defer { conversation.close() }
        return try conversation.exchange(request, seconds: seconds)
    }

    /// One request to the admin listener.
    func admin(_ method: String, _ path: String, seconds: Double = 10) throws -> Response {
        let conversation = Conversation(try PlainWire(port: adminPort))
        defer { conversation.close() }
        let request = Request(method, path, host: "127.0.0.1:\(adminPort)")
        return try conversation.exchange(request, seconds: seconds)
    }

    /// The value of one sample of `/metrics`, by the start of its line.
    func metric(_ name: String) throws -> Double? {
        let lines = try admin("GET", "/metrics").text.split(separator: "\n")
        let values = lines.filter { line in
            line == name || line.hasPrefix(name + " ") || line.hasPrefix(name + "{")
        }.compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }
        return values.isEmpty ? nil : values.reduce(0, +)
    }

    /// The events in the journal, through the command.
    func events(_ arguments: [String] = []) throws -> [Event] {
        let outcome = try Command.postern(["events", "--config", configuration] + arguments)
        guard outcome.status == 0 else {
            throw Trouble.unavailable("postern events: \(outcome.errors)")
        }
        return try outcome.lines.map { Event(json: try JSON(parsing: Array($0.utf8))) }
    }

    /// Reads events until they satisfy a test or the time is over; gives the last reading.
    func events(
        _ arguments: [String] = [],
        seconds: Double = 8,
        until holds: ([Event]) -> Bool
    ) throws -> [Event] {
        let deadline = Deadline(seconds: seconds)
        while true {
            let events = try events(arguments)
            if holds(events) || deadline.hasPassed { return events }
            usleep(50_000)
        }
    }

    /// The events of one request, once it has ended.
    func events(ofRequest identifier: String) throws -> [Event] {
        try events(["--request", identifier]) { $0.contains { !$0.type.hasSuffix("_START") } }
    }
}

/// One line of the journal.
struct Event: Sendable, CustomStringConvertible {
    var json: JSON

    var type: String { json["type"]?.string ?? "" }
    var requestId: String { json["requestId"]?.string ?? "" }
    var tenantId: String? { json["tenantId"]?.string }
    var clientId: String? { json["clientId"]?.string }
    var data: JSON? { json["data"] }
    var description: String { json.text }

    var isStart: Bool { type.hasSuffix("_START") }
    var isOutcome: Bool { type.hasSuffix("_SUCCESS") || type.hasSuffix("_FAIL") }

    /// Whether the data hold this refusal code, under whatever name.
    func names(_ code: String) -> Bool {
        data?.text.contains("\"\(code)\"") ?? false
    }
}

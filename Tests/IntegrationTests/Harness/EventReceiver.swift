import Foundation

/// A running receiver of events, `event_receiver.py`, that can be told to misbehave.
final class EventReceiver: Sendable {
    let port: UInt16
    private let controlPort: UInt16
    private let isSecure: Bool
    private let folder: TemporaryFolder
    private let process = Observed<ChildProcess?>(nil)

    /// Starts one; `secure`: over https, with a certificate of the tests' authority.
    init(secure isSecure: Bool = false) throws {
        port = try FreePort.next()
        controlPort = try FreePort.next()
        self.isSecure = isSecure
        folder = try TemporaryFolder("receiver")
        try start()
    }

    deinit { process.value?.end() }

    var origin: String { isSecure ? "https://localhost:\(port)" : "http://127.0.0.1:\(port)" }

    /// Starts it again, knowing what it took before.
    func start(seconds: Double = 20) throws {
        let authority = try CertificateAuthority.shared()
        let files =
            isSecure ? [authority.path("upstream.pem"), authority.path("upstream.key")] : []
        let arguments = ["\(port)", "\(controlPort)", folder.path(of: "taken")] + files
        let child = try PythonClient.start("event_receiver.py", arguments)
        process.update { $0 = child }
        let deadline = Deadline(seconds: seconds)
        while (try? seen()) == nil {
            guard child.isRunning, !deadline.hasPassed else {
                throw Trouble.unavailable("event_receiver.py: \(child.errorText)")
            }
            _ = child.waitForEnd(seconds: 0.02)
        }
    }

    /// Ends it the hard way.
    func kill() { process.value?.end() }

    /// How the next requests are treated, and those after them.
    func behave(_ script: [String] = [], then mode: String = "ok") throws {
        let order: JSON = ["script": .array(script.map(JSON.string)), "mode": .string(mode)]
        _ = try control(Request("PUT", "/").with(body: order.text))
    }

    /// What it has seen: `requests`, `events`, `authorization`.
    func seen() throws -> JSON {
        guard let json = try control(Request("GET", "/")).json else {
            throw Trouble.unavailable("event_receiver.py tells nothing")
        }
        return json
    }

    /// The events that it took in a format, each as often as it came, with the tokens of their
    /// batches.
    func arrivals(_ format: String) throws -> [(identifier: String, token: String)] {
        try seen()["events"]?.array?.compactMap { event in
            let words = event.array?.compactMap(\.string) ?? []
            return words.count == 3 && words[0] == format ? (words[1], words[2]) : nil
        } ?? []
    }

    /// Their ids.
    func identifiers(_ format: String) throws -> [String] {
        try arrivals(format).map(\.identifier)
    }

    /// Waits until exactly these ids have come, however often.
    func wait(for identifiers: Set<String>, in format: String, seconds: Double = 30) throws -> Bool
    {
        let deadline = Deadline(seconds: seconds)
        while try Set(self.identifiers(format)) != identifiers {
            if deadline.hasPassed { return false }
            usleep(50_000)
        }
        return true
    }

    private func control(_ request: Request) throws -> Response {
        let conversation = Conversation(try PlainWire(port: controlPort))
        defer { conversation.close() }
        return try conversation.exchange(request, seconds: 5)
    }
}

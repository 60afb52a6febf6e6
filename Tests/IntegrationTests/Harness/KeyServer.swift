import Foundation

/// A running identity provider that serves the pages a test gives it: `identity_provider.py`.
final class KeyServer: Sendable {
    let port: UInt16
    private let controlPort: UInt16
    private let isSecure: Bool
    private let process = Observed<ChildProcess?>(nil)
    private let pages = Observed<[String: JSON]>([:])

    private init(secure isSecure: Bool) throws {
        port = try FreePort.next()
        controlPort = try FreePort.next()
        self.isSecure = isSecure
        try start()
    }

    deinit { process.value?.end() }

    /// One that is reached over http.
    static func plain() throws -> KeyServer { try KeyServer(secure: false) }

    /// One with a certificate of the tests' authority.
    static func secure() throws -> KeyServer { try KeyServer(secure: true) }

    var origin: String { isSecure ? "https://localhost:\(port)" : "http://127.0.0.1:\(port)" }

    /// Starts it again, with the pages it had.
    func start(seconds: Double = 20) throws {
        let authority = try CertificateAuthority.shared()
        let files =
            isSecure ? [authority.path("upstream.pem"), authority.path("upstream.key")] : []
        let arguments = ["\(port)", "\(controlPort)"] + files
        let child = try PythonClient.start("identity_provider.py", arguments)
        process.update { $0 = child }
        let deadline = Deadline(seconds: seconds)
        while (try? put(pages.value)) == nil {
            guard child.isRunning, !deadline.hasPassed else {
                throw Trouble.unavailable("identity_provider.py: \(child.errorText)")
            }
            _ = child.waitForEnd(seconds: 0.02)
        }
    }

    /// Ends it the hard way.
    func kill() { process.value?.end() }

    /// Serves a key set.
    func publish(
        _ keys: [SigningKey],
        at path: String = "/jwks.json",
        held isHeld: Bool = false
    ) throws {
        let set: JSON = ["keys": .array(try keys.map { try $0.publicKey() })]
        try serve(path, ["body": .string(set.text), "held": .bool(isHeld)])
    }

    /// Serves a page, from the next start on when it does not run.
    func serve(_ path: String, _ page: JSON) throws {
        pages.update { $0[path] = page }
        if process.value?.isRunning ?? false { try put([path: page]) }
    }

    /// How often a path was asked for since its start.
    func count(_ path: String = "/jwks.json") throws -> Int {
        Int(try control(Request("GET", "/")).json?[path]?.number ?? 0)
    }

    /// Waits until a path was asked for so often.
    func wait(for count: Int, of path: String = "/jwks.json", seconds: Double = 10) throws {
        let deadline = Deadline(seconds: seconds)
        while try self.count(path) < count {
            guard !deadline.hasPassed else {
                throw Trouble.timedOut("\(path) was asked for \(try self.count(path)) times")
            }
            usleep(20_000)
        }
    }

    private func put(_ pages: [String: JSON]) throws {
        let answer = try control(Request("PUT", "/").with(body: JSON.object(pages).text))
        guard answer.status == 200 else { throw Trouble.unavailable("control: \(answer.status)") }
    }

    private func control(_ request: Request) throws -> Response {
        let conversation = Conversation(try PlainWire(port: controlPort))
        defer { conversation.close() }
        return try conversation.exchange(request)
    }
}

extension GatewayScene {
    /// A scene whose first tenant has its keys from `server`, nothing running yet.
    static func fetchingKeys(
        from server: KeyServer,
        _ lines: [String] = [],
        _ change: (inout SceneSettings) -> Void = { _ in }
    ) throws -> GatewayScene {
        try GatewayScene(
            .with { settings in
                settings.acme.tokens[2] = "keys \(server.origin)/jwks.json"
                settings.acme.tokens += ["ca tls/ca.pem"] + lines
                change(&settings)
            }
        )
    }

    /// The answer to a request with a token of `key`, one that was never seen when it has a number.
    func answer(
        to key: SigningKey,
        number: Int? = nil,
        tenant: String = "acme",
        issuer: String = "https://idp.test/"
    ) throws -> Response {
        var order = try TokenOrder(
            key: key,
            issuer: issuer,
            audience: .string("https://\(tenant).test")
        )
        if let number { order = order.with(claim: "jti", .string("\(number)")) }
        let request = Request("GET", "/guarded/x", host: "\(tenant).test")
        return try exchange(request.bearing(try order.signed()))
    }

    /// Asks until an answer has this status; gives the last.
    func answer(to key: SigningKey, until status: Int, seconds: Double = 15) throws -> Response {
        let deadline = Deadline(seconds: seconds)
        while true {
            let answer = try answer(to: key)
            if answer.status == status || deadline.hasPassed { return answer }
            usleep(50_000)
        }
    }

    /// What `/readyz` says of a tenant's keys.
    func keys(of tenant: String = "acme") throws -> JSON? {
        let tenants = try admin("GET", "/readyz").json?["tenants"]?.array ?? []
        return tenants.first { $0["name"]?.string == tenant }?["keys"]
    }

    /// Waits until `/readyz` says so; gives what it says last.
    func keys(
        of tenant: String = "acme",
        seconds: Double = 15,
        until holds: (JSON) -> Bool
    ) throws -> JSON? {
        let deadline = Deadline(seconds: seconds)
        while true {
            let keys = try keys(of: tenant)
            if keys.map(holds) ?? false || deadline.hasPassed { return keys }
            usleep(50_000)
        }
    }
}

/// `postern demo`.
enum DemoCommand {
    static let command = Command(
        name: "demo",
        usage: "[--port 8443] [--dir DIR]",
        summary: "a whole working scene on loopback, with commands to paste",
        run: run
    )

    static func run(_ arguments: [String]) throws(UsageFailure) -> ExitStatus {
        let read = try ArgumentReader(valued: ["--port", "--dir"]).read(arguments)
        let port = try port(read)
        // Before any thread: a signal must not end the process on one of the issuer's.
        Signals.block()
        do throws(DemoFailure) {
            let issuer = try stubIssuer()
            defer { issuer.stop() }
            let scene = try scene(port: port, directory: read["--dir"], issuer: issuer)
            return try DemoShow(scene: scene).run()
        } catch {
            StandardStream.error.writeLine("postern: \(error)")
            return .refused
        }
    }

    private static func port(_ read: Arguments) throws(UsageFailure) -> UInt16 {
        guard let text = read["--port"] else { return 8_443 }
        guard let port = UInt16(text), port > 0 else {
            throw .badValue(option: "--port", value: text, wanted: "a number from 1 to 65535")
        }
        return port
    }

    private static func stubIssuer() throws(DemoFailure) -> StubIssuer {
        do throws(Errno) {
            return try StubIssuer()
        } catch {
            throw .noPort("\(error)")
        }
    }

    private static func scene(
        port: UInt16,
        directory: String?,
        issuer: StubIssuer
    ) throws(DemoFailure) -> DemoScene {
        guard FreePort.isFree(port) else { throw .portTaken(port) }
        guard let adminPort = FreePort.find() else { throw .noPort("none is free") }
        return try DemoScene(
            in: DemoFolder(path: directory),
            port: port,
            adminPort: adminPort,
            issuerPort: issuer.port
        )
    }
}

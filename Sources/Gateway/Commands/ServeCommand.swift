/// `postern serve`.
enum ServeCommand {
    static let command = Command(
        name: "serve",
        usage: "--config FILE",
        summary: "run the gateway until SIGTERM; SIGHUP reloads",
        run: run
    )

    static func run(_ arguments: [String]) throws(UsageFailure) -> ExitStatus {
        let reader = ArgumentReader(valued: ["--config"], required: ["--config"])
        let path = try reader.read(arguments).required("--config")
        return GatewayRuntime.run(path: path) { runtime in
            StandardStream.error.writeLine("postern: ready, \(runtime.summary)")
        }
    }
}

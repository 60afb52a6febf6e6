/// `postern serve`.
enum ServeCommand {
    static let command = Command(
        name: "serve",
        usage: "--config FILE [--lenient]",
        summary:
            "run the gateway until SIGTERM; SIGHUP reloads; --lenient leaves wrong tenant files out",
        run: run
    )

    static func run(_ arguments: [String]) throws(UsageFailure) -> ExitStatus {
        let reader = ArgumentReader(
            valued: ["--config"],
            flags: ["--lenient"],
            required: ["--config"]
        )
        let read = try reader.read(arguments)
        let strictness: PreparedConfiguration.Strictness =
            read.flags.contains("--lenient") ? .lenient : .strict
        return GatewayRuntime.run(path: read.required("--config"), strictness) { runtime in
            StandardStream.error.writeLine("postern: ready, \(runtime.summary)")
        }
    }
}

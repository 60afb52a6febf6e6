/// The entry point: it runs the subcommand that was asked for.
@main
enum GatewayMain {
    nonisolated static func main() {
        OperatingProcess.ignoreBrokenPipes()
        let status = Command.run(Array(CommandLine.arguments.dropFirst()))
        OperatingProcess.exit(status.rawValue)
    }
}

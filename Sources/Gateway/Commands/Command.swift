import Policy

/// One subcommand.
struct Command: Sendable {
    /// The word after `postern`.
    let name: String

    /// Its arguments, as the usage shows them.
    let usage: String

    /// What it does, in a line.
    let summary: String

    /// Runs it with the arguments after its name.
    let run: @Sendable ([String]) throws(UsageFailure) -> ExitStatus
}

extension Command {
    /// Every subcommand, in the order of the usage.
    static let all: [Command] = [
        DemoCommand.command, ServeCommand.command, CheckCommand.command, RoutesCommand.command,
        DiffCommand.command, ReplayCommand.command, ExplainCommand.command, EventsCommand.command,
        TokenCommand.command,
        VersionCommand.command,
    ]

    /// Runs the subcommand that `arguments` (without the program's name) begin with.
    static func run(_ arguments: [String]) -> ExitStatus {
        guard let word = arguments.first else {
            StandardStream.error.write(usage)
            return .refused
        }
        if ["help", "--help", "-h"].contains(word) {
            StandardStream.output.write(usage)
            return .done
        }
        let name = word == "--version" ? "version" : word
        guard let command = all.first(where: { $0.name == name }) else {
            let nearest = NearestWord.of(word, among: all.map(\.name))
            return refuse(.unknownCommand(word, nearest: nearest), usage: usage)
        }
        let rest = Array(arguments.dropFirst())
        if rest.contains("--help") || rest.contains("-h") {
            StandardStream.output.write(command.line + command.summary + "\n")
            return .done
        }
        do throws(UsageFailure) {
            return try command.run(rest)
        } catch {
            return refuse(error, usage: command.line)
        }
    }

    private var line: String { "usage: postern \(name) \(usage)\n" }

    private static func refuse(_ failure: UsageFailure, usage: String) -> ExitStatus {
        StandardStream.error.write("postern: \(failure)\n\(usage)")
        return .refused
    }

    /// Every subcommand with its arguments.
    private static var usage: String {
        var text = "usage: postern COMMAND\n\n"
        for command in all {
            text += "  postern \(command.name) \(command.usage)\n      \(command.summary)\n"
        }
        return text
    }
}

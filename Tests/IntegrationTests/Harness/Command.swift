/// A program run to its end.
enum Command {
    struct Outcome: Sendable {
        /// The exit status; `nil` when a signal ended it.
        var status: Int32?
        var output: String
        var errors: String

        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    /// Runs a program; one that is not done in time is killed and is a failure.
    static func run(
        _ program: String,
        _ arguments: [String],
        folder: String? = nil,
        environment: [String: String] = [:],
        seconds: Double = 30
    ) throws -> Outcome {
        let child = try ChildProcess(
            program,
            arguments,
            folder: folder,
            environment: environment
        )
        guard let ending = child.waitForEnd(seconds: seconds) else {
            child.end()
            throw Trouble.timedOut("\(program) \(arguments): \(child.errorText)")
        }
        var status: Int32?
        if case .exited(let code) = ending { status = code }
        return Outcome(status: status, output: child.outputText, errors: child.errorText)
    }

    /// Runs `postern` with these arguments.
    static func postern(
        _ arguments: [String],
        folder: String? = nil,
        environment: [String: String] = [:],
        seconds: Double = 30
    ) throws -> Outcome {
        try run(
            Built.postern,
            arguments,
            folder: folder,
            environment: environment,
            seconds: seconds
        )
    }

    /// Runs a program that must succeed and gives what it printed.
    @discardableResult
    static func output(
        _ program: String,
        _ arguments: [String],
        folder: String? = nil,
        seconds: Double = 30
    ) throws -> String {
        let outcome = try run(program, arguments, folder: folder, seconds: seconds)
        guard outcome.status == 0 else {
            throw Trouble.unavailable("\(program) \(arguments): \(outcome.errors)")
        }
        return outcome.output
    }
}

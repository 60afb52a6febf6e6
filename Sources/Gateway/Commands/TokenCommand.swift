/// `postern token`.
enum TokenCommand {
    static let command = Command(name: "token", usage: "", summary: "", run: run)

    static func run(_ arguments: [String]) throws(UsageFailure) -> ExitStatus { .failed }
}

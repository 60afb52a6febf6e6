/// `postern explain`.
enum ExplainCommand {
    static let command = Command(name: "explain", usage: "", summary: "", run: run)

    static func run(_ arguments: [String]) throws(UsageFailure) -> ExitStatus { .failed }
}

/// `postern demo`.
enum DemoCommand {
    static let command = Command(name: "demo", usage: "", summary: "", run: run)

    static func run(_ arguments: [String]) throws(UsageFailure) -> ExitStatus { .failed }
}

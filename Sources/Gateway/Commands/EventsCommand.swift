/// `postern events`.
enum EventsCommand {
    static let command = Command(name: "events", usage: "", summary: "", run: run)

    static func run(_ arguments: [String]) throws(UsageFailure) -> ExitStatus { .failed }
}

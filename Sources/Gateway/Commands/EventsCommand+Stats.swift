extension EventsCommand {
    /// `postern events stats`: calls, refusals and latency by route.
    static func stats(_ arguments: [String]) throws(UsageFailure) -> ExitStatus {
        let reader = ArgumentReader(
            valued: JournalChoice.options + ["--tenant", "--since", "--until"]
        )
        let read = try reader.read(arguments)
        let filter = try filter(read, now: Clock.unixMilliseconds())
        return try JournalChoice(read).use { path throws(JournalFailure) in
            do throws(Errno) {
                let summary = try EventSummary(
                    EventQuery(filter),
                    journalPath: path,
                    limits: .none,
                    by: RouteStatistics.part
                )
                StandardStream.output.write(RouteStatistics(summary).text)
                return .done
            } catch {
                throw .file(path: path, operation: .list, reason: error)
            }
        }
    }
}

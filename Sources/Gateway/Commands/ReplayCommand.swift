import Policy

/// `postern replay`.
enum ReplayCommand {
    static let command = Command(
        name: "replay",
        usage: """
            --config NEW [--journal DIR] [--since 24h] [--until 1h] [--tenant T] \
            [--format table|json]
            """,
        summary: "which recorded calls would be answered otherwise by another configuration",
        run: run
    )

    private static let reader = ArgumentReader(
        valued: ["--config", "--journal", "--since", "--until", "--tenant", "--format"],
        required: ["--config"]
    )

    static func run(_ arguments: [String]) throws(UsageFailure) -> ExitStatus {
        let read = try reader.read(arguments)
        let now = Clock.unixMilliseconds()
        var filter = EventListing.Filter()
        filter.tenant = read["--tenant"]
        filter.sinceMilliseconds = try time("--since", read, .start, now)
        let until = try time("--until", read, .end, now)
        let asJSON = try isJSON(read)
        let report: ReplayReport
        let tenants: [String]
        do throws(PreparedConfiguration.Failure) {
            let loaded = try PreparedConfiguration.load(path: read.required("--config"))
            let documents = PreparedConfiguration.documents(of: loaded)
            let policy = try PreparedConfiguration.policy(of: loaded, documents)
            guard let path = read["--journal"] ?? loaded.configuration.analytics.journal?.path
            else {
                StandardStream.error.writeLine("postern: the configuration names no journal")
                return .refused
            }
            var replay = JournalReplay(loaded.configuration.tenants, policy, until: until)
            do throws(JournalFailure) {
                try replay.read(path, filter)
            } catch {
                StandardStream.error.writeLine("postern: \(error)")
                return .refused
            }
            report = replay.report
            tenants = loaded.configuration.tenants.map(\.name)
        } catch {
            // With 2 as for any other fault: 1 says that calls would change.
            _ = CheckCommand.report(error)
            return .refused
        }
        // A tenant that neither side knows is misspelt: that nothing changes for it says nothing.
        if let tenant = filter.tenant, report.callsCount == 0, report.refusedCount == 0 {
            _ = try RoutesCommand.index(of: tenant, in: tenants)
        }
        StandardStream.output.write(asJSON ? report.lines : report.text)
        return report.changedCount == 0 ? .done : .failed
    }

    private static func isJSON(_ read: Arguments) throws(UsageFailure) -> Bool {
        switch read["--format"] {
        case "table", nil: return false
        case "json": return true
        case let other?:
            throw .badValue(option: "--format", value: other, wanted: "table or json")
        }
    }

    /// A time that an option names: how long ago, or a date, or a date and time.
    private static func time(
        _ option: String,
        _ read: Arguments,
        _ edge: EventTime.Edge,
        _ now: Int64
    ) throws(UsageFailure) -> Int64? {
        guard let text = read[option] else { return nil }
        if let span = try? TimeSpan(parsing: text) { return now - Int64(span.milliseconds) }
        guard let time = EventTime.milliseconds(Array(text.utf8), edge: edge) else {
            throw .badValue(
                option: option,
                value: text,
                wanted: "a duration such as 24h, or a time such as 2026-11-23T21:48:22Z"
            )
        }
        return time
    }
}

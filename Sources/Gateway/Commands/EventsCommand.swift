import Policy

/// `postern events`.
enum EventsCommand {
    static let command = Command(
        name: "events",
        usage:
            "[verify|export|stats] --config FILE [--tenant T] [--type T] [--client C] [--request ID]"
            + " [--since 1h] [--until T] [--follow] [--format json|table]",
        summary: "what was asked and what became of it: events, their seals, a file, counts",
        run: run
    )

    static func run(_ arguments: [String]) throws(UsageFailure) -> ExitStatus {
        let rest = Array(arguments.dropFirst())
        switch arguments.first {
        case "verify": return try verify(rest)
        case "export": return try export(rest)
        case "stats": return try stats(rest)
        case let word? where !word.hasPrefix("-"):
            let nearest = NearestWord.of(word, among: ["verify", "export", "stats"])
            throw .unknownCommand("events \(word)", nearest: nearest.map { "events \($0)" })
        default: return try list(arguments)
        }
    }

    /// `postern events`: the events themselves.
    private static func list(_ arguments: [String]) throws(UsageFailure) -> ExitStatus {
        let reader = ArgumentReader(
            valued: JournalChoice.options + filterOptions + ["--client", "--request", "--format"],
            flags: ["--follow"]
        )
        let read = try reader.read(arguments)
        let filter = try filter(read, now: Clock.unixMilliseconds())
        let isTable = try format(read, among: ["json", "table"]) == "table"
        let choice = try JournalChoice(read)
        return try choice.use { path throws(JournalFailure) in
            var output = BufferedOutput()
            if isTable { output.write(EventRow.heading) }
            try EventListing.run(
                journalPath: path,
                filter: filter,
                follows: read.flags.contains("--follow"),
                emit: { line in
                    if isTable, let row = EventRow(line) {
                        output.write(row.text)
                    } else {
                        output.write(line)
                    }
                },
                flush: { output.flush() },
                isStopped: { StandardStream.output.isBroken }
            )
            return .done
        }
    }
}

extension EventsCommand {
    static let filterOptions = ["--tenant", "--type", "--since", "--until"]

    /// Which events the options ask for.
    static func filter(
        _ read: Arguments,
        now: Int64
    ) throws(UsageFailure) -> EventListing.Filter {
        var filter = EventListing.Filter()
        filter.tenant = read["--tenant"]
        filter.type = read["--type"]
        filter.client = read["--client"]
        filter.request = read["--request"]
        filter.sinceMilliseconds = try time(read, "--since", edge: .start, now: now)
        filter.untilMilliseconds = try time(read, "--until", edge: .end, now: now)
        return filter
    }

    /// The word after `--format`, the first of `words` when it is left out.
    static func format(_ read: Arguments, among words: [String]) throws(UsageFailure) -> String {
        guard let format = read["--format"] else { return words[0] }
        guard words.contains(format) else {
            let wanted = words.map { "`\($0)`" }.joined(separator: " or ")
            throw .badValue(option: "--format", value: format, wanted: wanted)
        }
        return format
    }

    /// A time, or how long ago it was, in milliseconds since 1970.
    private static func time(
        _ read: Arguments,
        _ option: String,
        edge: EventTime.Edge,
        now: Int64
    ) throws(UsageFailure) -> Int64? {
        guard let text = read[option] else { return nil }
        if let span = try? TimeSpan(parsing: text) { return now - Int64(span.milliseconds) }
        if let time = EventTime.milliseconds(Array(text.utf8), edge: edge) { return time }
        let wanted = "a duration such as 1h, or a time such as 2026-11-23T21:48:22Z"
        throw .badValue(option: option, value: text, wanted: wanted)
    }
}

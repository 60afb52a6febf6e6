import Policy

/// `postern events`.
enum EventsCommand {
    static let command = Command(
        name: "events",
        usage: "--config FILE [--tenant T] [--type T] [--request ID] [--since 1h] [--follow]",
        summary: "what was asked and what became of it, one JSON line an event",
        run: run
    )

    private static let reader = ArgumentReader(
        valued: ["--config", "--tenant", "--type", "--request", "--since"],
        flags: ["--follow"],
        required: ["--config"]
    )

    static func run(_ arguments: [String]) throws(UsageFailure) -> ExitStatus {
        let read = try reader.read(arguments)
        let filter = try filter(read, now: Clock.unixMilliseconds())
        let loaded: LoadedConfiguration
        do throws(ConfigurationFailure) {
            loaded = try ConfigurationLoader.load(path: read.required("--config"))
        } catch {
            StandardStream.error.write(error.description)
            return .refused
        }
        if let tenant = read["--tenant"] {
            let names = loaded.configuration.tenants.map(\.name)
            _ = try RoutesCommand.index(of: tenant, in: names)
        }
        guard let journal = loaded.configuration.analytics.journal else {
            StandardStream.error.writeLine("postern: the configuration names no journal")
            return .refused
        }
        return list(journal.path, filter, follows: read.flags.contains("--follow"))
    }

    /// Prints the events of the journal at `path`.
    private static func list(
        _ path: String,
        _ filter: EventListing.Filter,
        follows: Bool
    ) -> ExitStatus {
        do throws(JournalFailure) {
            try EventListing.run(
                journalPath: path,
                filter: filter,
                follows: follows,
                emit: { line in
                    StandardStream.output.writeLine(String(decoding: line, as: UTF8.self))
                },
                isStopped: { StandardStream.output.isBroken }
            )
            return .done
        } catch {
            StandardStream.error.writeLine("postern: \(error)")
            return .failed
        }
    }

    private static func filter(
        _ read: Arguments,
        now: Int64
    ) throws(UsageFailure) -> EventListing.Filter {
        var filter = EventListing.Filter()
        filter.tenant = read["--tenant"]
        filter.type = read["--type"]
        filter.request = read["--request"]
        if let since = read["--since"] {
            guard let span = try? TimeSpan(parsing: since) else {
                throw .badValue(option: "--since", value: since, wanted: "a duration such as 1h")
            }
            filter.sinceMilliseconds = now - Int64(span.milliseconds)
        }
        return filter
    }
}

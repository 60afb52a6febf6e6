extension EventsCommand {
    /// `postern events export`: events of the whole journal in their order, as one file.
    static func export(_ arguments: [String]) throws(UsageFailure) -> ExitStatus {
        let reader = ArgumentReader(
            valued: JournalChoice.options + filterOptions
                + ["--client", "--request", "--format", "--output"]
        )
        let read = try reader.read(arguments)
        let filter = try filter(read, now: Clock.unixMilliseconds())
        let isTable = try format(read, among: ["jsonl", "json", "csv"]) == "csv"
        return try JournalChoice(read).use { path throws(JournalFailure) in
            if let target = read["--output"] {
                return try export(path, filter, isTable, to: target)
            }
            var output = BufferedOutput()
            try export(
                path,
                filter,
                isTable,
                write: { output.write($0) },
                isStopped: { StandardStream.output.isBroken }
            )
            output.flush()
            return .done
        }
    }

    private static func export(
        _ path: String,
        _ filter: EventListing.Filter,
        _ isTable: Bool,
        to target: String
    ) throws(JournalFailure) -> ExitStatus {
        var draft: ExportFile
        do throws(Errno) {
            draft = try ExportFile(path: target)
        } catch {
            throw .file(path: target, operation: .open, reason: error)
        }
        do throws(JournalFailure) {
            try export(path, filter, isTable, write: { draft.write($0) }, isStopped: { false })
        } catch {
            draft.remove()
            throw error
        }
        do throws(Errno) {
            try draft.finish()
        } catch {
            throw .file(path: target, operation: .write, reason: error)
        }
        StandardStream.error.writeLine("postern: wrote \(draft.lines) lines to \(target)")
        return .done
    }

    private static func export(
        _ path: String,
        _ filter: EventListing.Filter,
        _ isTable: Bool,
        write: (ArraySlice<UInt8>) -> Void,
        isStopped: () -> Bool
    ) throws(JournalFailure) {
        if isTable { write(Array(EventRow.commaSeparated(EventRow.columns).utf8)[...]) }
        try EventListing.run(
            journalPath: path,
            filter: filter,
            follows: false,
            emit: { line in
                guard isTable else { return write(line) }
                if let row = EventRow(line) { write(Array(row.commaSeparated.utf8)[...]) }
            },
            isStopped: isStopped
        )
    }
}

/// A file that has its name once it is whole: until then it is a draft beside it.
struct ExportFile: ~Copyable {
    private static let pieceBytes = 1_048_576

    private(set) var lines = 0
    private let path: String
    private let draft: DiskFile
    private var buffer: [UInt8] = []
    private var byteCount = 0
    private var failure: Errno?

    init(path: String) throws(Errno) {
        let file = try DiskFile(changing: path + ".part")
        try file.truncate(to: 0)
        self.path = path
        draft = file
    }

    /// Takes a line; a failure is told by `finish`.
    mutating func write(_ line: ArraySlice<UInt8>) {
        buffer += line
        buffer.append(0x0A)
        lines += 1
        if buffer.count >= Self.pieceBytes { flush() }
    }

    /// Gives the file its name, or removes it.
    mutating func finish() throws(Errno) {
        flush()
        if let failure {
            remove()
            throw failure
        }
        try draft.synchronize()
        try FileSystem.rename(path + ".part", to: path)
    }

    /// Removes the draft.
    func remove() { try? FileSystem.remove(path + ".part") }

    private mutating func flush() {
        guard failure == nil else { return }
        do throws(Errno) {
            try draft.write(buffer, at: byteCount)
            byteCount += buffer.count
            buffer.removeAll(keepingCapacity: true)
        } catch {
            failure = error
            buffer = []
        }
    }
}

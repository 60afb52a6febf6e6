import Dispatch
import Synchronization

/// What is revoked now: the `revoked` files, looked at every second, and what was posted.
///
/// It makes the lists that the event loops refuse by, off the loops, and publishes each with a
/// higher generation than the one before.
final class Revocations: Sendable {
    /// Hands a list to every event loop, one call after the other, without blocking.
    ///
    /// `adopted` is to be called by each loop once it refuses by the list.
    typealias Publish =
        @Sendable (RevocationList, _ adopted: @escaping @Sendable () -> Void) -> Void

    /// Called with what an operator should read.
    typealias Report = @Sendable (String) -> Void

    private let state: Mutex<State>
    private let publish: Publish
    private let report: Report
    private let entriesMax: Int

    /// What was posted changes one change after the other, disk included.
    private let changing = Mutex(())

    /// Where the files are read.
    private let looking = DispatchQueue(label: "postern.revocations")

    /// The most entries of all files and of what was posted.
    static let entriesMax = 1_000_000

    /// How often the files are looked at.
    static let lookSeconds = 1

    /// Why a change is refused; nothing has changed then.
    enum Refusal: Error, Hashable {
        /// There is no folder to keep it in.
        case noPlace
        case tooManyEntries
        case tooManyBytes
        case unwritable(path: String, Errno)
    }

    /// What a change came to.
    struct Change: Hashable, Sendable {
        /// The entries that came or went.
        let count: Int

        /// All that are in force.
        let total: Int
    }

    fileprivate struct State: Sendable {
        var files: [RevocationFile]
        var store: RevocationStore?
        var posted: PostedRevocations
        var list = RevocationList()
        var troublesCount = 0
        var isStopped = false

        var fileCounts: RevocationCounts {
            files.reduce(RevocationCounts()) { $0 + $1.counts }
        }

        var total: Int { fileCounts.total + posted.counts.total }
    }

    /// Takes over what the files say and what was posted to another process before.
    ///
    /// - Parameters:
    ///   - files: The files as they were read.
    ///   - folders: Where posted entries may be kept. They are in the first, and taken over from
    ///     the next that has any when it has no file yet.
    ///   - entriesMax: The most entries of all files and of what was posted.
    ///   - report: Who is told of files that turn bad, and of their recovery.
    ///   - publish: Where new lists go.
    /// - Throws: Why what was posted before is not known: a start without it would let in whom
    ///   somebody has shut out.
    init(
        files: [RevocationFile],
        folders: [String],
        entriesMax: Int = Revocations.entriesMax,
        report: @escaping Report,
        publish: @escaping Publish
    ) throws(RevocationStore.Failure) {
        let stores = folders.map { RevocationStore(folder: $0) }
        var posted: PostedRevocations?
        for store in stores where posted == nil { posted = try store.load() }
        state = Mutex(
            State(files: files, store: stores.first, posted: posted ?? PostedRevocations())
        )
        self.entriesMax = entriesMax
        self.report = report
        self.publish = publish
        state.withLock { $0.makeList() }
    }

    /// What is refused by now.
    var list: RevocationList { state.withLock { $0.list } }

    /// Begins to look at the files.
    func watch() {
        looking.asyncAfter(deadline: .now() + .seconds(Self.lookSeconds)) { [weak self] in
            guard let self, !self.state.withLock({ $0.isStopped }) else { return }
            self.look()
            self.watch()
        }
    }

    /// Ends the looks.
    func stop() { state.withLock { $0.isStopped = true } }
}

extension Revocations {
    /// The entries of the files and the posted ones, by kind.
    var counts: (files: RevocationCounts, posted: RevocationCounts) {
        state.withLock { ($0.fileCounts, $0.posted.counts) }
    }

    /// Whether the configuration names any file.
    var hasFiles: Bool { state.withLock { !$0.files.isEmpty } }

    /// The files that cannot be used as they are now, and how often any has become so.
    var troubles: (files: [RevocationFile], count: Int) {
        state.withLock { state in
            (state.files.filter { $0.trouble != nil }, state.troublesCount)
        }
    }

    /// Adds entries for good.
    ///
    /// - Parameters:
    ///   - revocations: What is revoked; what is so already counts once.
    ///   - adopted: Called by each event loop that refuses by them.
    /// - Returns: What changed; it is on the disk and published.
    /// - Throws: Why nothing has changed.
    func add(
        _ revocations: [Revocation],
        adopted: @escaping @Sendable () -> Void
    ) throws(Refusal) -> Change {
        try change(adopted) { $0.adding(revocations) }
    }

    /// Takes posted entries back.
    ///
    /// - Parameters:
    ///   - revocations: What is taken back; what was not posted like that does not matter.
    ///   - adopted: Called by each event loop that goes by it.
    /// - Returns: What changed; it is on the disk and published.
    /// - Throws: Why nothing has changed.
    func remove(
        _ revocations: [Revocation],
        adopted: @escaping @Sendable () -> Void
    ) throws(Refusal) -> Change {
        try change(adopted) { $0.removing(revocations) }
    }

    private func change(
        _ adopted: @escaping @Sendable () -> Void,
        _ edit: (PostedRevocations) -> (posted: PostedRevocations, count: Int)
    ) throws(Refusal) -> Change {
        try changing.withLock { (_) throws(Refusal) in
            let (store, old, filesTotal) = state.withLock {
                ($0.store, $0.posted, $0.fileCounts.total)
            }
            guard let store else { throw .noPlace }
            let (posted, count) = edit(old)
            if posted.text.count > old.text.count {
                guard posted.text.count <= PostedRevocations.bytesMax else { throw .tooManyBytes }
                let total = posted.counts.total + filesTotal
                guard total <= entriesMax else { throw .tooManyEntries }
            }
            if count > 0 { try Self.save(posted, to: store) }
            return state.withLock { state in
                state.posted = posted
                state.makeList()
                publish(state.list, adopted)
                return Change(count: count, total: state.total)
            }
        }
    }

    private static func save(
        _ posted: PostedRevocations,
        to store: RevocationStore
    ) throws(Refusal) {
        do throws(Errno) {
            try store.save(posted)
        } catch { throw .unwritable(path: store.path, error) }
    }
}

extension Revocations {
    /// Takes over the files of another configuration, and its place to keep posted entries.
    ///
    /// - Throws: Why the configuration cannot take effect; nothing has changed then.
    func adopt(_ files: [RevocationFile], folder: String?) throws(AdoptionFailure) {
        let outcome: Result<Void, AdoptionFailure> = looking.sync {
            do throws(AdoptionFailure) {
                try replace(files, folder)
            } catch { return .failure(error) }
            // A file may have changed since it was read for the new configuration.
            look(publishesAnyway: true)
            return .success(())
        }
        try outcome.get()
    }

    private func replace(
        _ files: [RevocationFile],
        _ folder: String?
    ) throws(AdoptionFailure) {
        try changing.withLock { (_) throws(AdoptionFailure) in
            let (oldStore, old) = state.withLock { ($0.store, $0.posted) }
            let store = folder.map { RevocationStore(folder: $0) }
            let posted = store == oldStore ? old : try Self.moved(old, to: store)
            let filesTotal = files.reduce(0) { $0 + $1.counts.total }
            guard filesTotal + posted.counts.total <= entriesMax else { throw .tooManyEntries }
            state.withLock { state in
                state.files = files
                state.store = store
                state.posted = posted
            }
        }
    }

    /// Why a configuration cannot take effect.
    enum AdoptionFailure: Error, CustomStringConvertible {
        case store(RevocationStore.Failure)
        case noPlace
        case unwritable(path: String, Errno)
        case tooManyEntries

        var description: String {
            switch self {
            case .store(let failure): failure.description
            case .noPlace: "there are posted revocations, and no folder to keep them in any more"
            case .unwritable(let path, let error):
                "cannot keep the posted revocations in `\(path)`: \(error)"
            case .tooManyEntries:
                "the `revoked` files and the posted revocations have together more than"
                    + " \(Revocations.entriesMax) entries"
            }
        }
    }

    /// Keeps posted entries in another place, besides what was kept there before.
    private static func moved(
        _ old: PostedRevocations,
        to store: RevocationStore?
    ) throws(AdoptionFailure) -> PostedRevocations {
        guard let store else {
            if old.text.isEmpty { return old }
            throw .noPlace
        }
        let there: PostedRevocations
        do throws(RevocationStore.Failure) {
            there = try store.load() ?? PostedRevocations()
        } catch { throw .store(error) }
        let (both, count) = there.adding(old.revocations)
        guard count > 0 else { return there }
        do throws(Errno) {
            try store.save(both)
        } catch { throw .unwritable(path: store.path, error) }
        return both
    }

    /// Looks at every file; called on `looking` only, the only place where files change.
    private func look(publishesAnyway: Bool = false) {
        var files = state.withLock { $0.files }
        let now = Clock.unixMilliseconds()
        var findings: [RevocationFile.Finding] = []
        for index in files.indices {
            let others =
                state.withLock { $0.posted.counts.total }
                + files.indices.filter { $0 != index }.reduce(0) { $0 + files[$1].counts.total }
            findings.append(files[index].look(at: now, entriesMax: entriesMax - others))
        }
        let looked = files
        let isOther = findings.contains { $0 == .otherEntries || $0 == .recovery }
        state.withLock { state in
            state.files = looked
            state.troublesCount += findings.count { $0 == .trouble }
            guard isOther || publishesAnyway else { return }
            state.makeList()
            publish(state.list) {}
        }
        for (file, finding) in zip(looked, findings) { tell(of: file, finding) }
    }

    private func tell(of file: RevocationFile, _ finding: RevocationFile.Finding) {
        switch finding {
        case .nothing, .otherEntries: return
        case .recovery: report("revoked tokens: `\(file.path)` is in force again as it is")
        case .trouble:
            let trouble = file.trouble?.description ?? ""
            report(
                "revoked tokens: `\(file.path)` cannot be used: \(trouble);"
                    + " its last good entries stay in force"
            )
        }
    }
}

extension Revocations.State {
    /// Makes the list of what is revoked now.
    fileprivate mutating func makeList() {
        var tables: [String?: [RevocationTable]] = posted.tables.mapValues { [$0] }
        for file in files { tables[file.tenant, default: []].append(file.table) }
        var scoped: [String: [RevocationTable]] = [:]
        for (tenant, tables) in tables {
            if let tenant { scoped[tenant] = tables }
        }
        list = RevocationList(
            generation: list.generation + 1,
            shared: tables[nil] ?? [],
            scoped: scoped
        )
    }
}

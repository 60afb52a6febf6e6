import Policy
import Synchronization

/// The attempts that the `guard` lines of all routes count; shared by all loops.
///
/// They are kept in the file `attempts` of a folder, or in memory where there is none. Nothing but
/// digests is kept. A code for which there is no place is refused: nobody guesses uncounted.
///
/// Counting stores some words in mapped memory and calls nobody, so a loop may do it. What the file
/// holds survives the end of the process; the kernel writes it to the disk in its own time, so a loss
/// of power may take the attempts of the last half minute.
final class Attempts: AttemptStore {
    private let table = Mutex<AttemptTable?>(nil)

    /// Why attempts cannot be counted.
    enum Failure: Error, Hashable, CustomStringConvertible {
        case unusable(path: String, Errno)

        /// Cut off or changed.
        case damaged(path: String)

        var description: String {
            switch self {
            case .unusable(let path, let error) where error.isWouldBlock:
                "the attempts in `\(path)` are in use by another gateway"
            case .unusable(let path, let error):
                "cannot use `\(path)` for attempts: \(error)"
            case .damaged(let path):
                "the attempts in `\(path)` are damaged: put the file right, or remove it and with"
                    + " it what was counted"
            }
        }
    }

    /// Begins to count in `folder`, if a route of `policy` has a `guard` and it is not done already.
    ///
    /// It blocks: never on an event loop.
    func open(for policy: CompiledPolicy, folder: String?) throws(Failure) {
        guard policy.routes.contains(where: { $0.attempts != nil }) else { return }
        try open(folder: folder)
    }

    /// Begins to count in `folder`, if it is not done already.
    func open(folder: String?) throws(Failure) {
        try table.withLock { (table) throws(Failure) in
            guard table == nil else { return }
            table = try Self.makeTable(folder)
        }
    }

    private static func makeTable(_ folder: String?) throws(Failure) -> AttemptTable {
        let path = folder.map { $0 + "/attempts" } ?? "memory"
        let file: MappedFile
        do throws(Errno) {
            file = try map(folder, path)
        } catch {
            // EINVAL: it is there, and is not what was made.
            throw error.isInvalid ? .damaged(path: path) : .unusable(path: path, error)
        }
        do throws(AttemptTable.Damage) {
            return try AttemptTable(file)
        } catch { throw .damaged(path: path) }
    }

    private static func memory() throws(Errno) -> MappedFile {
        let memory = try MappedFile(
            inMemory: AttemptTable.byteCount(records: AttemptTable.recordsMax)
        )
        AttemptTable.writeTitle(memory)
        return memory
    }

    /// A disk without room for a new file, in which nothing was counted yet, is no reason to count
    /// nothing.
    private static func map(_ folder: String?, _ path: String) throws(Errno) -> MappedFile {
        guard let folder else { return try memory() }
        if let status = FileSystem.status(of: path) {
            // A file of a size that none has is met by the opening.
            let records = AttemptTable.records(ofBytes: status.byteCount)
            return try MappedFile(
                opening: path,
                byteCount: AttemptTable.byteCount(records: records ?? AttemptTable.recordsMax)
            )
        }
        try FileSystem.makeFolder(folder)
        let draft = path + ".new"
        do throws(Errno) { try FileSystem.remove(draft) } catch {
            guard error.isMissingFile else { throw error }
        }
        let free = FileSystem.freeBytes(at: folder) ?? .max
        let byteCount = AttemptTable.byteCount(records: AttemptTable.records(freeBytes: free))
        let made: MappedFile
        do throws(Errno) {
            made = try MappedFile(creating: draft, byteCount: byteCount)
        } catch {
            guard error == .noSpace else { throw error }
            StandardStream.error.writeLine(
                "postern: no room for `\(path)`: attempts are counted in memory until a restart"
            )
            return try memory()
        }
        AttemptTable.writeTitle(made)
        try made.synchronize()
        try FileSystem.rename(draft, to: path)
        return try MappedFile(opening: path, byteCount: byteCount)
    }

    func reserve(_ code: Thumbprint, attemptsMax: Int, now: Int64) -> AttemptVerdict {
        table.withLock { table in
            guard let (count, place) = table?.find(code, now: now), let place else {
                return .unavailable
            }
            guard count < attemptsMax else { return .exceeded }
            table?.put(code, count: count + 1, at: place, now: now)
            return .granted
        }
    }

    func verdict(on code: Thumbprint, attemptsMax: Int, now: Int64) -> AttemptVerdict {
        table.withLock { table in
            guard let (count, _) = table?.find(code, now: now) else { return .unavailable }
            return count < attemptsMax ? .granted : .exceeded
        }
    }

    func clear(_ code: Thumbprint, now: Int64) {
        table.withLock { table in
            guard let (count, place) = table?.find(code, now: now), let place, count > 0 else {
                return
            }
            table?.free(place)
        }
    }
}

/// A file that a `revoked` line names, as it was when it could last be used.
///
/// It blocks: never on an event loop.
struct RevocationFile: Sendable {
    let path: String

    /// The tenant that it counts for; `nil`: every one.
    let tenant: String?

    private(set) var table: RevocationTable
    private(set) var counts: RevocationCounts

    /// Why the file, as it is now, cannot be used; then the entries are those of before.
    private(set) var trouble: Failure?

    private var stamp: FileContents.Stamp?

    /// Whether `stamp` tells every change from now on.
    private var isSettled: Bool

    static let bytesMax = 16 * 1_048_576

    /// Why a file cannot be used.
    enum Failure: Error, Hashable, CustomStringConvertible {
        case unreadable(FileReader.Failure)
        case text(RevocationText.Fault)
        case tooManyEntries

        var description: String {
            switch self {
            case .unreadable(let failure): failure.description
            case .text(let fault): fault.description
            case .tooManyEntries: "more than \(Revocations.entriesMax) entries with all others"
            }
        }
    }

    /// What a look at the file found.
    enum Finding: Hashable {
        /// What was known already.
        case nothing
        case otherEntries
        case recovery

        /// `trouble` says what; the entries stay.
        case trouble
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: Where it is.
    ///   - tenant: The tenant that it counts for, if not for all.
    ///   - entriesMax: The most entries.
    /// - Throws: Why it cannot be used.
    init(_ path: String, tenant: String?, entriesMax: Int) throws(Failure) {
        self.path = path
        self.tenant = tenant
        stamp = FileContents.stamp(of: path)
        isSettled = !(stamp?.isFresh(at: Clock.unixMilliseconds()) ?? false)
        (table, counts) = try Self.read(path, entriesMax: entriesMax)
    }

    /// Reads the file again if it is another one or was written to.
    mutating func look(at unixMilliseconds: Int64, entriesMax: Int) -> Finding {
        // Before it is read: a change in between is seen at the next look.
        let found = FileContents.stamp(of: path)
        let isOther = found != stamp
        guard isOther || !isSettled else { return .nothing }
        stamp = found
        isSettled = !(found?.isFresh(at: unixMilliseconds) ?? false)
        do throws(Failure) {
            (table, counts) = try Self.read(path, entriesMax: entriesMax)
            defer { trouble = nil }
            return trouble == nil ? .otherEntries : .recovery
        } catch {
            if case .unreadable = error, found != nil { isSettled = false }
            defer { trouble = error }
            return isOther || trouble != error ? .trouble : .nothing
        }
    }

    private static func read(
        _ path: String,
        entriesMax: Int
    ) throws(Failure) -> (RevocationTable, RevocationCounts) {
        let bytes: [UInt8]
        do throws(FileReader.Failure) {
            bytes = try FileReader.contents(of: path, bytesMax: bytesMax)
        } catch { throw .unreadable(error) }
        let text: RevocationText
        do throws(RevocationText.Fault) {
            text = try RevocationText(bytes)
        } catch { throw .text(error) }
        guard let read = text.table(entriesMax: entriesMax) else { throw .tooManyEntries }
        return read
    }
}

/// Why a journal could not be opened.
enum JournalFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// Another process writes to this folder.
    case locked(path: String)

    /// The system refused an operation on a file.
    case file(path: String, operation: StaticOperation, reason: Errno)

    enum StaticOperation: String, Sendable {
        case makeFolder = "make the folder"
        case list = "list"
        case open = "open"
        case recover = "recover"
        case seal = "seal"
        case verify = "verify"
        case write = "write"
        case startThread = "start the thread for"
    }

    var description: String {
        switch self {
        case .locked(let path): "another process writes to the journal `\(path)`"
        case .file(let path, let operation, let reason):
            "cannot \(operation.rawValue) `\(path)`: \(reason)"
        }
    }
}

/// Why a START is not in the journal: the request must not go on, unless `on-failure open`.
enum JournalUnavailable: Error, Equatable, Sendable {
    /// No segment has room and none could be made; the next try is at most a second away.
    case noSegment

    /// The room for the outcomes of the requests that are open leaves none for another.
    case tooManyOpen

    /// `durability power`: the START did not reach the disk.
    case notSynchronized
}

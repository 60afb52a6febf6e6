/// What the language needs of the world outside: files, folders and environment variables.
///
/// A path is used as given: the caller has already joined it to the folder it is relative to.
public protocol SourceReading {
    /// Reads a whole file, refusing one longer than `bytesMax`.
    func contents(ofFile path: String, bytesMax: Int) throws(SourceFailure) -> [UInt8]

    /// The paths that match a pattern with `*`, `?`, `[...]` and `\` before a plain one of these.
    ///
    /// In byte order; none is no failure.
    func paths(matching pattern: String) throws(SourceFailure) -> [String]

    /// Whether `path` is a folder.
    func isFolder(_ path: String) throws(SourceFailure) -> Bool

    /// The value of an environment variable, `nil` when it is not set.
    func environmentValue(_ name: String) -> String?
}

/// Why a file or folder could not be read, such as `No such file or directory`.
public struct SourceFailure: Error, Hashable, Sendable {
    /// The reason, fit for the end of a message.
    public let reason: String

    /// Creates a failure.
    public init(_ reason: String) { self.reason = reason }
}

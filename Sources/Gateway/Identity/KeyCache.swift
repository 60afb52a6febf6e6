import Policy

/// The copy of one source's last good key set on disk, for a start while the source is down.
///
/// It is a text file of five lines, then the set as it was fetched: `postern keys 1`, the name of
/// the source, when it was fetched in seconds since 1970, the SHA-256 of the set, and an empty line.
/// What is not exactly that is not used. It blocks: never on an event loop.
struct KeyCache: Sendable {
    /// What the file is called: a digest, for a URL may hold a secret.
    let name: String
    let folder: String

    private static let title = "postern keys 1"
    private static let headBytesMax = 256

    /// How far in the future a file's time may be, for clocks that were put right since.
    static let clockSecondsMax: Int64 = 60

    /// A set and its age.
    struct Kept: Sendable {
        let keys: KeySet
        let ageSeconds: Int64
    }

    /// The copy of the keys of `place`; `nil` when none is wanted, or they are a file anyway.
    init?(of place: Configuration.KeyPlace) {
        guard let folder = place.cachePath else { return nil }
        let source: [String]
        switch place.source {
        case .file: return nil
        case .url(let url): source = ["url", url]
        case .discovery(let issuer): source = ["discovery", issuer]
        }
        // A set that another authority vouched for is another set.
        let parts = source + (place.caPath.map { ["ca", $0] } ?? [])
        let text = parts.map { "\($0.utf8.count):\($0)" }.joined()
        name = KeyDigest.text(Array(text.utf8))
        self.folder = folder
    }

    var path: String { folder + "/" + name }

    /// Writes a set that was fetched at `unixSeconds`.
    func save(_ text: [UInt8], fetchedAt unixSeconds: Int64) throws(Errno) {
        let head = [Self.title, name, "\(unixSeconds)", KeyDigest.text(text), "\n"]
        let contents = Array(head.joined(separator: "\n").utf8) + text
        try PrivateFile.replace(path, with: contents)
    }

    /// Reads the set, if there is one.
    ///
    /// - Parameters:
    ///   - unixSeconds: The time.
    ///   - staleSecondsMax: How old it may be.
    /// - Returns: The set; `nil` when there is none.
    /// - Throws: When there is one that cannot be used.
    func load(at unixSeconds: Int64, staleSecondsMax: Int64) throws(Failure) -> Kept? {
        let contents: [UInt8]
        do throws(Errno) {
            contents = try PrivateFile.read(path, bytesMax: KeySet.bytesMax + Self.headBytesMax)
        } catch {
            if error.isMissingFile { return nil }
            throw .unreadable(error.description)
        }
        let (fetchedAt, text) = try taken(apart: contents)
        guard fetchedAt <= unixSeconds + Self.clockSecondsMax else { throw .fromTheFuture }
        let age = max(unixSeconds - fetchedAt, 0)
        guard age < staleSecondsMax else { throw .tooOld(seconds: age) }
        do throws(KeyFailure) {
            return Kept(keys: try KeySet(text), ageSeconds: age)
        } catch { throw .unusable(error.description) }
    }

    private func taken(
        apart contents: [UInt8]
    ) throws(Failure) -> (fetchedAt: Int64, text: [UInt8]) {
        let lines = contents.split(
            separator: UInt8(ascii: "\n"),
            maxSplits: 5,
            omittingEmptySubsequences: false
        )
        guard lines.count == 6, lines[0].elementsEqual(Self.title.utf8), lines[4].isEmpty else {
            throw .damaged
        }
        guard lines[1].elementsEqual(name.utf8) else { throw .foreign }
        let text = Array(lines[5])
        let digits = lines[2]
        guard lines[3].elementsEqual(KeyDigest.text(text).utf8), 1...18 ~= digits.count,
            digits.allSatisfy({ 0x30...0x39 ~= $0 }),
            let fetchedAt = Int64(String(decoding: digits, as: UTF8.self))
        else { throw .damaged }
        return (fetchedAt, text)
    }

    /// Why a copy is not used.
    enum Failure: Error, Hashable, Sendable {
        case unreadable(String)

        /// Cut off or changed.
        case damaged

        /// Of another source.
        case foreign
        case tooOld(seconds: Int64)
        case fromTheFuture
        case unusable(String)

        var words: String {
            switch self {
            case .unreadable(let because): "cannot be read: \(because)"
            case .damaged: "is damaged"
            case .foreign: "is that of another source"
            case .tooOld(let seconds): "is too old: \(seconds) s"
            case .fromTheFuture: "has a time that is yet to come"
            case .unusable(let because): "cannot be used: \(because)"
            }
        }
    }
}

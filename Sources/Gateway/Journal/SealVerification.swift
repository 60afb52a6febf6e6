/// Whether the segments of a journal are those that were sealed.
///
/// It reads `seals.jsonl` from its beginning, follows the chain, and compares every segment that is
/// still there with its SHA-256. Segments that may be written to have no seal yet.
struct SealVerification: Sendable {
    /// The first thing that is not as it was sealed.
    enum Fault: Hashable, Sendable {
        /// The line of a segment does not continue the chain.
        case brokenChain(segment: String, line: Int)

        /// A line that is none of seals.
        case unreadable(line: Int)

        /// The segment has another SHA-256 or length.
        case altered(segment: String)

        /// It is gone, and was not removed by age or size.
        case missing(segment: String)

        /// There is no seal for it.
        case unsealed(segment: String)
    }

    private(set) var fault: Fault?

    /// How many segments are as they were sealed, were removed in their time, and are still open.
    private(set) var verified = 0
    private(set) var removed = 0
    private(set) var open = 0

    /// Verifies a journal, which another process may be writing to.
    ///
    /// - Parameters:
    ///   - path: The journal's folder.
    ///   - makeDigest: Makes the SHA-256 that seals are computed with.
    /// - Throws: Why a file cannot be read.
    init(
        journalPath path: String,
        makeDigest: @Sendable () -> any RunningDigest
    ) throws(Errno) {
        let folder = SegmentFolder(path: path)
        // First: what is sealed meanwhile is in the seals then.
        let entries = try folder.entries()
        open = entries.filter { !$0.isSealed }.count
        var chain = try Chain(path, makeDigest)
        for seal in chain.seals where !chain.removed.contains(seal.segment) {
            if let found = try Self.check(seal, in: path, makeDigest()) {
                // Removed just now, perhaps: then its line is there.
                chain = try Chain(path, makeDigest)
                if case .missing = found, chain.removed.contains(seal.segment) { continue }
                fault = found
                return
            }
            verified += 1
        }
        removed = chain.removed.count
        fault = chain.fault
        if fault != nil { return }
        let rest = entries.filter { $0.isSealed && !chain.knows($0.name.sealed) }
        // A segment whose seal is just being written has it in a moment.
        for name in rest.map(\.name.sealed) where try !Self.awaitSeal(of: name, path, makeDigest) {
            fault = .unsealed(segment: name)
            return
        }
    }

    /// How long a seal may take to be written after its segment has its name.
    private static let sealMilliseconds: Int64 = 3_000

    private static func awaitSeal(
        of name: String,
        _ path: String,
        _ makeDigest: () -> any RunningDigest
    ) throws(Errno) -> Bool {
        let alarm = try WakeUp()
        let deadline = Clock.monotonicMilliseconds() + sealMilliseconds
        while Clock.monotonicMilliseconds() < deadline {
            if try Chain(path, makeDigest).knows(name) { return true }
            alarm.wait(milliseconds: 100)
        }
        return false
    }

    private static func check(
        _ seal: Chain.Seal,
        in path: String,
        _ digest: any RunningDigest
    ) throws(Errno) -> Fault? {
        guard let name = SegmentName(fileName: seal.segment), name.sealed == seal.segment else {
            return .missing(segment: seal.segment)
        }
        do throws(Errno) {
            let file = try DiskFile(reading: path + "/" + seal.segment)
            guard file.isRegular else { return .altered(segment: seal.segment) }
            let contents = try SealLog.digest(file, events: 0, digest)
            return contents.sha256 == seal.sha256 ? nil : .altered(segment: seal.segment)
        } catch {
            guard error.isMissingFile else { throw error }
            return .missing(segment: seal.segment)
        }
    }
}

/// The lines of `seals.jsonl`, up to the first that does not continue the chain.
private struct Chain {
    struct Seal {
        var segment: String
        var sha256: String
    }

    var seals: [Seal] = []
    var removed: Set<String> = []
    var fault: SealVerification.Fault?

    /// Reads the seals and follows their chain; a torn last line does not count.
    init(_ path: String, _ makeDigest: () -> any RunningDigest) throws(Errno) {
        var previous = String(repeating: "0", count: 64)
        for (index, line) in try Self.lines(path + "/" + SealLog.fileName).enumerated() {
            let isRemoval = SealLog.member("removed", of: line) != nil
            let word = isRemoval ? SealLog.removedWord : SealLog.member("sha256", of: line)
            guard let word, let seal = SealLog.member("seal", of: line),
                let name = SealLog.member(isRemoval ? "removed" : "segment", of: line)
            else {
                fault = .unreadable(line: index + 1)
                return
            }
            let wanted = SealLog.seal(after: previous, word, name, makeDigest())
            guard seal == wanted, SealLog.member("previous", of: line) == previous else {
                fault = .brokenChain(segment: name, line: index + 1)
                return
            }
            if isRemoval {
                removed.insert(name)
            } else {
                seals.append(Seal(segment: name, sha256: word))
            }
            previous = seal
        }
    }

    func knows(_ name: String) -> Bool {
        removed.contains(name) || seals.contains { $0.segment == name }
    }

    private static func lines(_ path: String) throws(Errno) -> [String] {
        guard FileSystem.status(of: path) != nil else { return [] }
        let file = try DiskFile(reading: path)
        var bytes = [UInt8](repeating: 0, count: file.byteCount)
        let count = try file.read(into: &bytes, at: 0)
        var lines = bytes[..<count].split(separator: 0x0A, omittingEmptySubsequences: false)
        lines.removeLast()
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }
}

extension SealVerification.Fault: CustomStringConvertible {
    var description: String {
        switch self {
        case .brokenChain(let segment, let line):
            "\(segment): its seal, line \(line) of \(SealLog.fileName), does not continue the chain"
        case .unreadable(let line): "line \(line) of \(SealLog.fileName) is no seal"
        case .altered(let segment): "\(segment) is not what was sealed"
        case .missing(let segment): "\(segment) is missing, and was not removed by age or size"
        case .unsealed(let segment): "\(segment) has no seal"
        }
    }
}

import FoundationEssentials
import Synchronization

@testable import Gateway

/// A folder of its own for one test, with what journals are fed with; removed at the end.
final class JournalScene: Sendable {
    let path: String

    /// While it is set, segments cannot be made.
    let isDiskFull = Atomic<Bool>(false)

    /// While it is set, the disk takes nothing.
    let isDiskBroken = Atomic<Bool>(false)

    /// How often the disk was waited for.
    let waits = Atomic<Int>(0)

    static let acme = EventScope(tenant: "acme", family: "OPENID_TOKEN", route: "token")
    static let silent = EventScope(
        tenant: "acme",
        family: "OPENID_TOKEN",
        route: "token",
        level: 1
    )
    static let globex = EventScope(tenant: "globex", family: "OPENID_TOKEN", route: "token")

    /// 2026-11-23T21:48:22.123Z.
    static let time: Int64 = 1_795_470_502_123

    init() {
        path =
            FileManager.default.temporaryDirectory.path + "/postern-journal-"
            + UUID().uuidString
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func settings(loops: Int = 1, segmentBytes: Int = 65_536) -> JournalSettings {
        var settings = JournalSettings(path: path, loops: loops) { RunningSHA256() }
        settings.segmentBytes = segmentBytes
        settings.allocationFailure = { [self] in
            isDiskFull.load(ordering: .relaxed) ? .noSpace : nil
        }
        settings.synchronizationFailure = { [self] in
            waits.wrappingAdd(1, ordering: .relaxed)
            return isDiskBroken.load(ordering: .relaxed) ? .noSpace : nil
        }
        return settings
    }

    func open(loops: Int = 1, segmentBytes: Int = 65_536) throws -> Journal {
        try Journal(
            settings(loops: loops, segmentBytes: segmentBytes),
            atMilliseconds: Self.time
        )
    }

    /// A journal whose requests wait for the disk.
    func openDurable() throws -> Journal {
        var settings = settings()
        settings.durability = .power
        return try Journal(settings, atMilliseconds: Self.time)
    }

    /// Every event, oldest first.
    func events(_ filter: EventListing.Filter = .init()) throws -> [String] {
        var lines: [String] = []
        try EventListing.run(
            journalPath: path,
            filter: filter,
            follows: false,
            emit: { lines.append(String(decoding: $0, as: UTF8.self)) },
            isStopped: { false }
        )
        return lines
    }

    /// The names of the files in the folder, sorted.
    func files(endingWith suffix: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(suffix) }
            .sorted()
    }

    /// What the files of a journal are when its process was killed at this moment.
    func copyAsLeftByKill() throws -> JournalScene {
        while true {
            let copy = JournalScene()
            let before = try files()
            try? FileManager.default.createDirectory(
                atPath: copy.path,
                withIntermediateDirectories: true
            )
            let isCopied = before.allSatisfy { copyFile($0, to: copy) }
            // Otherwise the journal thread renamed a file meanwhile.
            if isCopied, try before == files(), try before == copy.files() { return copy }
        }
    }

    /// Copies one file by its contents: `copyItem` never ends when the file is cut meanwhile.
    private func copyFile(_ name: String, to copy: JournalScene) -> Bool {
        guard let contents = FileManager.default.contents(atPath: path + "/" + name) else {
            return false
        }
        return FileManager.default.createFile(atPath: copy.path + "/" + name, contents: contents)
    }

    static func request(_ text: String) -> RequestID {
        RequestID(wellFormed: Array(text.utf8).span)
            ?? RequestID(uuidV7: 0, random: (0, 0))
    }
}

extension JournalWriter {
    /// Writes a START with the usual facts.
    mutating func start(
        _ request: String,
        of scope: EventScope = JournalScene.acme,
        client: String = "wallet-backend",
        details: String = "",
        captured: String = "",
        at now: Int64 = JournalScene.time
    ) throws(JournalUnavailable) -> StartReceipt {
        try start(
            scope,
            request: JournalScene.request(request),
            address: AddressText(Array("203.0.113.7".utf8).span),
            client: Array(client.utf8).span,
            method: Array("POST".utf8).span,
            details: Array(details.utf8).span,
            captured: Array(captured.utf8).span,
            atMilliseconds: now
        )
    }

    /// Writes the usual SUCCESS.
    mutating func succeed(
        _ receipt: consuming StartReceipt,
        captured: String = "",
        at now: Int64 = JournalScene.time
    ) {
        finish(
            receipt,
            outcome: .answered(status: 201, upstreamStatus: 201),
            captured: Array(captured.utf8).span,
            durationMicroseconds: 12_340,
            atMilliseconds: now
        )
    }
}

/// The value of a string member, as it stands in the line up to the next quote.
func member(_ name: String, of line: String) -> String? {
    let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
    guard let index = parts.firstIndex(of: Substring(name)), index + 2 < parts.count,
        parts[index + 1] == ":"
    else { return nil }
    return String(parts[index + 2])
}

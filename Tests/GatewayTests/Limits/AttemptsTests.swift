import Dispatch
import Policy
import Synchronization
import Testing

@testable import Gateway

@Suite("Attempts")
struct AttemptsTests {
    private let folder: TemporaryStoreFolder

    init() throws { folder = try TemporaryStoreFolder() }

    private func code(_ number: Int) throws -> Thumbprint {
        let text = Array("code-\(number)".utf8)
        let made = Thumbprint(of: text.span)
        return try #require(made)
    }

    private func store(_ folder: String? = nil) throws -> Attempts {
        let attempts = Attempts()
        try attempts.open(folder: folder)
        return attempts
    }

    @Test func `attempts are counted up to the most and forgotten by a success`() throws {
        let attempts = try store()
        let (one, two) = (try code(1), try code(2))
        for _ in 0..<3 { #expect(attempts.reserve(one, attemptsMax: 3, now: 10) == .granted) }
        #expect(attempts.reserve(one, attemptsMax: 3, now: 10) == .exceeded)
        #expect(attempts.verdict(on: one, attemptsMax: 3, now: 10) == .exceeded)
        #expect(attempts.verdict(on: two, attemptsMax: 3, now: 10) == .granted)
        #expect(attempts.reserve(two, attemptsMax: 3, now: 10) == .granted)
        attempts.clear(one, now: 10)
        attempts.clear(one, now: 10)
        for _ in 0..<3 { #expect(attempts.reserve(one, attemptsMax: 3, now: 11) == .granted) }
        #expect(attempts.reserve(one, attemptsMax: 3, now: 11) == .exceeded)
    }

    @Test func `attempts live a day after the last`() throws {
        let attempts = try store()
        let one = try code(1)
        let day = AttemptTable.secondsMax
        #expect(attempts.reserve(one, attemptsMax: 2, now: 0) == .granted)
        #expect(attempts.reserve(one, attemptsMax: 2, now: day - 1) == .granted)
        #expect(attempts.reserve(one, attemptsMax: 2, now: 2 * day - 2) == .exceeded)
        #expect(attempts.reserve(one, attemptsMax: 2, now: 2 * day - 1) == .granted)
    }

    @Test func `a store that is not open takes nothing`() throws {
        #expect(Attempts().reserve(try code(1), attemptsMax: 3, now: 0) == .unavailable)
        #expect(Attempts().verdict(on: try code(1), attemptsMax: 3, now: 0) == .unavailable)
    }

    @Test func `a code without a place is refused, and those with one stay`() throws {
        let attempts = try store()
        // More codes for one window than it has places.
        var codes: [Thumbprint] = []
        let windows = UInt64(AttemptTable.recordsMax / AttemptTable.window)
        for number: UInt64 in 0...UInt64(AttemptTable.window) {
            var bytes = [UInt8](repeating: 7, count: 24)
            let last = 5 + number * windows
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: last >> (56 - 8 * UInt64($0))) }
            let made = Thumbprint(digest: bytes.span)
            codes.append(try #require(made))
        }
        for code in codes.dropLast() {
            #expect(attempts.reserve(code, attemptsMax: 1, now: 0) == .granted)
        }
        #expect(
            attempts.reserve(codes[AttemptTable.window], attemptsMax: 1, now: 0) == .unavailable
        )
        for code in codes.dropLast() {
            #expect(attempts.reserve(code, attemptsMax: 1, now: 0) == .exceeded)
        }
        let later = AttemptTable.secondsMax
        #expect(
            attempts.reserve(codes[AttemptTable.window], attemptsMax: 1, now: later) == .granted
        )
    }

    @Test func `eight threads together get as many attempts as one`() throws {
        let attempts = try store()
        for round in 0..<100 {
            let one = try code(round)
            let granted = Atomic(0)
            DispatchQueue.concurrentPerform(iterations: 8) { _ in
                for _ in 0..<3
                where attempts.reserve(one, attemptsMax: 3, now: 0) == .granted {
                    granted.add(1, ordering: .relaxed)
                }
            }
            #expect(granted.load(ordering: .relaxed) == 3)
        }
    }

    @Test func `a file keeps them, for one process at a time`() throws {
        let one = try code(1)
        do {
            let attempts = try store(folder.path)
            #expect(attempts.reserve(one, attemptsMax: 2, now: 0) == .granted)
            #expect(throws: Attempts.Failure.self) { try store(folder.path) }
        }
        do {
            let attempts = try store(folder.path)
            #expect(attempts.reserve(one, attemptsMax: 2, now: 0) == .granted)
            #expect(attempts.reserve(one, attemptsMax: 2, now: 0) == .exceeded)
            attempts.clear(one, now: 0)
        }
        #expect(try store(folder.path).verdict(on: one, attemptsMax: 1, now: 0) == .granted)
    }

    @Test(
        "A damaged file is refused",
        arguments: ["title", "state", "digest", "length", "half", "empty"]
    )
    func damage(_ what: String) throws {
        let path = folder.path + "/attempts"
        do {
            #expect(try store(folder.path).reserve(code(1), attemptsMax: 2, now: 0) == .granted)
        }
        var bytes = try PrivateFile.read(
            path,
            bytesMax: AttemptTable.byteCount(records: AttemptTable.recordsMax)
        )
        let record = try #require(
            (AttemptTable.titleBytes..<bytes.count).first { bytes[$0] != 0 }
        )
        let start =
            AttemptTable.titleBytes
            + (record - AttemptTable.titleBytes) / AttemptTable.recordBytes
            * AttemptTable.recordBytes
        switch what {
        case "title": bytes[3] ^= 1
        case "state": bytes[start + 39] ^= 1
        case "digest": bytes[start] ^= 1
        case "empty": bytes.removeAll()
        case "half":
            let records = (bytes.count - AttemptTable.titleBytes) / AttemptTable.recordBytes
            bytes.removeLast(records / 2 * AttemptTable.recordBytes)
        default: bytes.removeLast()
        }
        try PrivateFile.replace(path, with: bytes)
        #expect(throws: Attempts.Failure.damaged(path: path)) { try store(folder.path) }
    }

    @Test(
        "a table takes no more than its share of the free space",
        arguments: [
            (0, 1 << 12), (8 << 20, 1 << 12), (16 << 20, 1 << 13), (1 << 28, 1 << 17),
            (1 << 29, 1 << 18), (.max, 1 << 18),
        ] as [(Int, Int)]
    )
    func share(_ freeBytes: Int, _ records: Int) {
        #expect(AttemptTable.records(freeBytes: freeBytes) == records)
        let byteCount = AttemptTable.byteCount(records: records)
        #expect(AttemptTable.records(ofBytes: byteCount) == records)
        #expect(AttemptTable.records(ofBytes: byteCount - 1) == nil)
    }
}

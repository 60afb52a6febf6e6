@testable import Gateway

/// Events of many kinds in segments of a few loops, the same for the same seed.
struct RandomEvents {
    /// What one event says; the answer that any query should give is computed from these.
    struct Event {
        var line: String
        var key: EventKey
        var tenant: String
        var category: String
        var type: String
        var request: String
        var client: String
        var hour: Int64
        var microseconds: Int?
    }

    private(set) var events: [Event] = []
    private var random: SplitMix

    init(seed: UInt64) { random = SplitMix(state: seed) }

    /// Writes sealed segments and their indexes, and an active segment for each loop at the end.
    mutating func fill(_ scene: JournalScene, requests: Int, loops: Int) throws {
        try FileSystem.makeFolder(scene.path)
        let folder = SegmentFolder(path: scene.path)
        var lines = [[String]](repeating: [], count: loops)
        var numbers = [Int](repeating: 0, count: loops)
        var time = JournalScene.time
        func write(_ loop: Int, isSealed: Bool) throws {
            numbers[loop] += 1
            let name = SegmentName(milliseconds: time, loop: loop, number: numbers[loop])
            let path = folder.path(of: .init(name: name, isSealed: isSealed))
            let file = try DiskFile(changing: path)
            try file.write(Array(lines[loop].joined().utf8), at: 0)
            if isSealed {
                try SegmentIndexBuilder.write(name, in: folder)
            } else {
                try file.truncate(to: 65_536)
            }
            lines[loop] = []
        }
        for number in 0..<requests {
            time += Int64(random.next() % 40_000)
            let loop = Int(random.next() % UInt64(loops))
            for event in request(number, loop: loop, at: time) {
                events.append(event)
                lines[loop].append(event.line + "\n")
            }
            if lines[loop].count > 60 { try write(loop, isSealed: true) }
        }
        for loop in 0..<loops { try write(loop, isSealed: false) }
        events.sort { $0.key > $1.key }
    }

    private mutating func request(_ number: Int, loop: Int, at time: Int64) -> [Event] {
        let tenant = ["acme", "globex", "initech"][Int(random.next() % 3)]
        let family = ["OPENID_TOKEN", "OPENID_AUTHORIZE", "TEST_OPEN"][Int(random.next() % 3)]
        let client = random.next() % 4 == 0 ? "" : "client-\(random.next() % 5)"
        let micros = Int(random.next() % 3_000_000)
        let isGood = random.next() % 3 > 0
        return ["START", isGood ? "SUCCESS" : "FAIL"].enumerated().map { index, phase in
            let id = "00000000-0000-7000-8000-" + Self.padded(number * 2 + index)
            let stamp = EventKey.text(time: EventKey.time(milliseconds: time))
            let category = family.hasPrefix("TEST") ? "test" : "openid"
            let who = client.isEmpty ? "" : "\"clientId\":\"\(client)\","
            let outcome =
                index == 0
                ? ""
                : ",\"status\":200,\"durationMs\":\(micros / 1_000).\(Self.padded(micros % 1_000, 3))"
            let line =
                "{\"id\":\"\(id)\",\"type\":\"\(family)_\(phase)\",\"category\":\"\(category)\","
                + "\"version\":\"1\",\"timestamp\":\"\(stamp)\",\"tenantId\":\"\(tenant)\","
                + "\"requestId\":\"r-\(number)\",\(who)\"data\":{\"route\":\"r\",\"method\":\"GET\""
                + outcome + "}}"
            return Event(
                line: line,
                key: EventKey(
                    time: EventKey.time(milliseconds: time),
                    id: EventKey.number(ofID: Array(id.utf8).span)
                ),
                tenant: tenant,
                category: category,
                type: "\(family)_\(phase)",
                request: "r-\(number)",
                client: client,
                hour: EventKey.time(milliseconds: time) / 10_000_000,
                microseconds: index == 0 ? nil : micros
            )
        }
    }

    private static func padded(_ number: Int, _ digits: Int = 12) -> String {
        let text = String(number)
        return String(repeating: "0", count: digits - text.count) + text
    }
}

/// A small generator whose numbers depend on its seed alone.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

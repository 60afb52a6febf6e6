import Testing

@testable import Gateway

@Suite("Event pages")
struct EventPageTests {
    private let nothing: [UInt8] = []

    private func page(_ scene: JournalScene, _ text: String, tenant: String?) throws -> EventPage {
        let query = try EventQuery(.page, tenant: tenant, query: Array(text.utf8).span)
        return try EventPage(query, journalPath: scene.path)
    }

    /// All pages of a query, joined.
    private func all(_ scene: JournalScene, _ text: String, tenant: String?) throws -> [String] {
        var lines: [String] = []
        var cursor = ""
        for _ in 0..<10_000 {
            let page = try page(scene, text + cursor, tenant: tenant)
            lines += page.events.map { String(decoding: $0, as: UTF8.self) }
            guard let next = page.next else { return lines }
            cursor = "&cursor=" + String(decoding: next.cursor, as: UTF8.self)
        }
        Issue.record("the pages never end")
        return lines
    }

    @Test("pages are a full sort of what matches, with indexes and without", arguments: 0..<4)
    func paging(_ seed: Int) throws {
        let scene = JournalScene()
        var random = RandomEvents(seed: UInt64(seed))
        try random.fill(scene, requests: 600, loops: 1 + seed % 3)
        let middle = random.events[random.events.count / 2]
        let cases: [(query: String, tenant: String?, holds: (RandomEvents.Event) -> Bool)] = [
            ("limit=1000", nil, { _ in true }),
            ("limit=7", "acme", { $0.tenant == "acme" }),
            ("limit=9&tenants=globex,initech", nil, { $0.tenant != "acme" }),
            ("limit=9&tenants=globex", "acme", { $0.tenant == "acme" }),
            (
                "limit=5&types=TEST_OPEN_FAIL", "globex",
                {
                    $0.tenant == "globex" && $0.type == "TEST_OPEN_FAIL"
                }
            ),
            (
                "limit=50&categories=test&types=OPENID_TOKEN_START", nil,
                {
                    $0.category == "test" || $0.type == "OPENID_TOKEN_START"
                }
            ),
            ("requestIds=r-17", nil, { $0.request == "r-17" }),
            (
                "requestIds=r-1,r-599,r-300&limit=1", nil,
                {
                    ["r-1", "r-599", "r-300"].contains($0.request)
                }
            ),
            ("requestIds=nobody", nil, { _ in false }),
            (
                "limit=30&dateTo=\(EventKey.text(time: middle.key.time))", nil,
                {
                    $0.key.time <= middle.key.time
                }
            ),
            (
                "limit=30&dateFrom=\(EventKey.text(time: middle.key.time))", "acme",
                {
                    $0.key.time >= middle.key.time && $0.tenant == "acme"
                }
            ),
        ]
        for (query, tenant, holds) in cases {
            let wanted = random.events.filter(holds).map(\.line)
            #expect(try all(scene, query, tenant: tenant) == wanted, "\(query)")
        }
        let id = try #require(member("id", of: middle.line))
        #expect(try all(scene, "ids=\(id)", tenant: nil) == [middle.line])
        for name in try scene.files(endingWith: ".index") {
            try FileSystem.remove(scene.path + "/" + name)
        }
        for (query, tenant, holds) in cases {
            let wanted = random.events.filter(holds).map(\.line)
            #expect(try all(scene, query, tenant: tenant) == wanted, "\(query) without an index")
        }
    }

    @Test func `bytes that are none of ours are passed over`() throws {
        let scene = JournalScene()
        var random = RandomEvents(seed: 9)
        try random.fill(scene, requests: 40, loops: 1)
        let long = [UInt8](repeating: 0x78, count: 700_000)
        let files: [(String, [UInt8])] = [
            ("segment-1795470502000-000-00000000.jsonl", Array("{\"id\":\n}\n\n{\"a\":1}\n".utf8)),
            ("segment-1795470502001-004-00000001.jsonl", long),
            ("segment-1795470502001-005-00000001.jsonl", long + [0x0A] + long + [0x0A]),
            ("segment-1795470502001-006-00000001.active", [0xFF, 0, 0x0A, 0, 0x7B]),
            ("segment-1795470502001-007-00000001.jsonl", []),
            ("segment-x-1-2.jsonl", long),
        ]
        for (name, bytes) in files {
            try DiskFile(changing: scene.path + "/" + name).write(bytes, at: 0)
        }
        try FileSystem.makeFolder(scene.path + "/segment-1795470502001-008-00000001.jsonl")
        let wanted = random.events.map(\.line)
        #expect(try all(scene, "limit=11", tenant: nil) == wanted)
        #expect(try scene.events() == wanted.reversed())
        let query = try EventQuery(.summary, tenant: nil, query: nothing.span)
        let summary = try EventSummary(
            query,
            journalPath: scene.path,
            limits: .none,
            by: EventSummary.part(for: .type)
        )
        #expect(summary.groups.values.reduce(0) { $0 + $1.events } == wanted.count)
    }

    @Test func `without a journal there are no events`() throws {
        let query = try EventQuery(.page, tenant: "acme", query: nothing.span)
        #expect(try EventPage(query, journalPath: nil).json == Array("{\"data\":[]}".utf8))
    }
}

import Testing

@testable import Gateway

@Suite("Event query")
struct EventQueryTests {
    /// Two loops, two tenants, one event a millisecond, over several segments.
    private func fill(_ scene: JournalScene, requests: Int = 300) throws -> Journal {
        let journal = try scene.open(loops: 2)
        var even = journal.makeWriter(loop: 0)
        var odd = journal.makeWriter(loop: 1)
        for number in 0..<requests {
            let now = JournalScene.time + Int64(number) * 2
            let scope = number % 3 == 0 ? JournalScene.globex : JournalScene.acme
            if number % 2 == 0 {
                even.succeed(try even.start("r-\(number)", of: scope, at: now), at: now + 1)
            } else {
                odd.succeed(try odd.start("r-\(number)", of: scope, at: now), at: now + 1)
            }
        }
        return journal
    }

    private func page(_ scene: JournalScene, _ query: String) throws -> EventPage {
        let query = try EventQuery(.page, tenant: "acme", query: Array(query.utf8).span)
        return try EventPage(query, journalPath: scene.path)
    }

    private func values(_ name: String, _ page: EventPage) -> [String] {
        page.events.compactMap { member(name, of: String(decoding: $0, as: UTF8.self)) }
    }

    @Test func `events of all loops come newest first and of one tenant only`() throws {
        let scene = JournalScene()
        let journal = try fill(scene)
        let page = try page(scene, "limit=1000")
        let times = values("timestamp", page)
        #expect(times == times.sorted(by: >))
        #expect(page.events.count == 400)
        #expect(Set(values("tenantId", page)) == ["acme"])
        #expect(page.next == nil)
        let json = String(decoding: page.json, as: UTF8.self)
        #expect(json.hasPrefix(#"{"data":[{"id":""#))
        #expect(json.hasSuffix("}]}"))
        journal.close()
    }

    @Test("pages join without a gap", arguments: [1, 7, 100, 399, 400, 401])
    func paging(_ limit: Int) throws {
        let scene = JournalScene()
        let journal = try fill(scene)
        let wanted = values("id", try page(scene, "limit=1000"))
        var seen: [String] = []
        var cursor = ""
        for _ in 0..<4_000 {
            let page = try page(scene, "limit=\(limit)\(cursor)")
            seen += values("id", page)
            guard let next = page.next else { break }
            cursor = "&cursor=" + String(decoding: next.cursor, as: UTF8.self)
        }
        #expect(seen == wanted)
        journal.close()
    }

    @Test func `new events do not shift a page`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        for number in 0..<10 { writer.succeed(try writer.start("r-\(number)")) }
        let first = try page(scene, "limit=10")
        for number in 10..<20 { writer.succeed(try writer.start("r-\(number)")) }
        let cursor = String(decoding: try #require(first.next).cursor, as: UTF8.self)
        let second = try page(scene, "limit=10&cursor=\(cursor)")
        #expect(values("requestId", second).last == "r-0")
        #expect(second.events.count == 10)
        #expect(second.next == nil)
        writer.close(atMilliseconds: JournalScene.time)
        journal.close()
        let sealed = try page(scene, "limit=10&cursor=\(cursor)")
        #expect(sealed.events == second.events)
    }

    @Test func `past the end there is an empty page without a cursor`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        let page = try page(scene, "")
        #expect(String(decoding: page.json, as: UTF8.self) == #"{"data":[]}"#)
        journal.close()
    }

    @Test func `categories or types, and everything else`() throws {
        let scene = JournalScene()
        let journal = try fill(scene)
        let wanted: [(String, Int)] = [
            ("types=OPENID_TOKEN_START", 200),
            ("types=OPENID_TOKEN_START,OPENID_TOKEN_SUCCESS", 400),
            ("types=OPENID_TOKEN_START%2COPENID_TOKEN_SUCCESS", 400),
            ("types=OPENID_TOKEN_START&types=OPENID_TOKEN_SUCCESS", 400),
            ("types=OPENID_TOKEN", 0),
            ("categories=openid", 400),
            ("categories=gateway", 0),
            ("categories=gateway&types=OPENID_TOKEN_START", 200),
            ("requestIds=r-1", 2),
            ("requestIds=r-1,r-2,r-3", 4),
            ("requestIds=r-1&types=OPENID_TOKEN_SUCCESS", 1),
            ("requestIds=r-1&categories=gateway", 0),
            ("managementUserIds=none", 400),
            ("managementUserIds=*", 0),
            ("managementUserIds=someone", 0),
            ("managementUserIds=someone,none", 400),
            ("unknown=1&types=", 400),
            ("dateFrom=2026-11-23T21:48:22.126Z&dateTo=2026-11-23T21:48:22.127Z", 2),
            ("dateFrom=2026-11-23T21:48:22.125Z&dateTo=2026-11-23T21:48:22.128Z", 4),
            ("dateTo=2026-11-23T21:48:22.122Z", 0),
            ("dateFrom=2026-11-24", 0),
            ("dateTo=2026-11-23", 400),
        ]
        for (query, count) in wanted {
            let found = try page(scene, "limit=1000&" + query).events.count
            #expect(found == count, "\(query)")
        }
        let id = try #require(values("id", try page(scene, "limit=1")).first)
        #expect(values("id", try page(scene, "ids=other,\(id)")) == [id])
        journal.close()
    }

    @Test func `the default limit is 100`() throws {
        let scene = JournalScene()
        let journal = try fill(scene)
        #expect(try page(scene, "").events.count == 100)
        journal.close()
    }

    @Test(
        "a value that cannot be is refused with its details",
        arguments: [
            "limit=0", "limit=1001", "limit=x", "limit=", "limit=%2B5", "limit=-1", "cursor=abc",
            "dateFrom=yesterday", "dateTo=2026-02-30", "ids=%zz",
        ]
    )
    func refused(_ query: String) throws {
        let parts = query.split(separator: "=", omittingEmptySubsequences: false)
        let parameter = try #require(EventQuery.Parameter(rawValue: String(parts[0])))
        #expect(
            throws: EventQuery.Refusal(
                problems: [
                    .init(
                        parameter: parameter,
                        value: QueryText.decoded(Array(parts[1].utf8)[...]) ?? Array("%zz".utf8)
                    )
                ]
            )
        ) {
            try read(query)
        }
    }

    private func read(_ query: String) throws(EventQuery.Refusal) {
        _ = try EventQuery(.page, tenant: "acme", query: Array(query.utf8).span)
    }

    @Test func `details name each value and parameter`() {
        let refusal = EventQuery.Refusal(
            problems: [
                .init(parameter: .limit, value: Array("0".utf8)),
                .init(parameter: .cursor, value: Array(#"""#.utf8)),
            ]
        )
        #expect(
            String(decoding: refusal.details, as: UTF8.self)
                == #"[{"value":"0","msg":"Invalid value","param":"limit","location":"query"},"#
                + #"{"value":"\"","msg":"Invalid value","param":"cursor","location":"query"}]"#
        )
    }

    @Test func `a cursor survives its text form`() {
        let key = EventKey(time: 20_261_123_214_822_123, id: .max - 7)
        #expect(EventKey(cursor: key.cursor) == key)
    }

    @Test func `a cursor that was changed anywhere is none`() {
        let cursor = EventKey(time: 20_261_123_214_822_123, id: 1 << 77).cursor
        for index in cursor.indices {
            var other = cursor
            other[index] = other[index] == 0x30 ? 0x31 : 0x30
            #expect(EventKey(cursor: other) == nil, "\(index)")
        }
        #expect(EventKey(cursor: cursor.dropLast()) == nil)
        #expect(EventKey(cursor: cursor + [0x30]) == nil)
    }

    @Test func `what has one value may stand once, and only the operator names tenants`() throws {
        for query in [
            "limit=1&limit=2", "cursor=a&cursor=b", "dateTo=2026-01-01&dateTo=2026-01-01",
        ] {
            #expect(throws: EventQuery.Refusal.self, "\(query)") { try read(query) }
        }
        let bytes = Array("tenants=globex,acme&by=x".utf8)
        #expect(
            try EventQuery(.page, tenant: "acme", query: bytes.span).tenants == [Array("acme".utf8)]
        )
        #expect(try EventQuery(.page, tenant: nil, query: bytes.span).tenants.count == 2)
        #expect(throws: EventQuery.Refusal.self) {
            try EventQuery(.summary, tenant: nil, query: bytes.span)
        }
    }
}

import Testing

@testable import Gateway

@Suite("Event summaries")
struct EventSummaryTests {
    private func summary(
        _ scene: JournalScene,
        _ text: String,
        tenant: String? = nil,
        limits: ReadLimits = .none
    ) throws -> EventSummary {
        let query = try EventQuery(.summary, tenant: tenant, query: Array(text.utf8).span)
        let part = EventSummary.part(for: query.grouping)
        return try EventSummary(query, journalPath: scene.path, limits: limits, by: part)
    }

    @Test("sums are those of the events, with indexes and without", arguments: 0..<4)
    func sums(_ seed: Int) throws {
        let scene = JournalScene()
        var random = RandomEvents(seed: UInt64(seed + 100))
        try random.fill(scene, requests: 500, loops: 1 + seed % 3)
        let from = random.events[700].key.time
        let to = random.events[200].key.time
        let range = "dateFrom=\(EventKey.text(time: from))&dateTo=\(EventKey.text(time: to))"
        let cases: [(query: String, tenant: String?, holds: (RandomEvents.Event) -> Bool)] = [
            ("", nil, { _ in true }),
            ("", "acme", { $0.tenant == "acme" }),
            (range, nil, { $0.key.time >= from && $0.key.time <= to }),
            (
                "types=OPENID_TOKEN_FAIL&" + range, "globex",
                {
                    $0.key.time >= from && $0.key.time <= to && $0.tenant == "globex"
                        && $0.type == "OPENID_TOKEN_FAIL"
                }
            ),
            (
                "categories=test&tenants=acme,globex", nil,
                {
                    $0.category == "test" && $0.tenant != "initech"
                }
            ),
            ("requestIds=r-3,r-4", nil, { ["r-3", "r-4"].contains($0.request) }),
        ]
        for round in 0..<2 {
            for (query, tenant, holds) in cases {
                let events = random.events.filter(holds)
                for grouping in ["type", "tenant", "client", "hour"] {
                    let found = try summary(scene, "by=\(grouping)&" + query, tenant: tenant)
                    #expect(found.isComplete)
                    check(found.groups, events, grouping, "\(query) by \(grouping), \(round)")
                }
            }
            for name in try scene.files(endingWith: ".index") {
                try FileSystem.remove(scene.path + "/" + name)
            }
        }
    }

    private func check(
        _ groups: [EventGroup: EventTally],
        _ events: [RandomEvents.Event],
        _ grouping: String,
        _ words: Comment
    ) {
        let wanted = Dictionary(grouping: events) { event in
            switch grouping {
            case "type": EventGroup(type: Array(event.type.utf8))
            case "tenant": EventGroup(tenant: Array(event.tenant.utf8))
            case "client": EventGroup(client: Array(event.client.utf8))
            default: EventGroup(hour: event.hour)
            }
        }
        #expect(Set(groups.keys) == Set(wanted.keys), words)
        for (group, events) in wanted {
            guard let tally = groups[group] else { continue }
            #expect(tally.events == events.count, words)
            #expect(tally.starts == events.filter { $0.type.hasSuffix("_START") }.count, words)
            #expect(tally.successes == events.filter { $0.type.hasSuffix("_SUCCESS") }.count, words)
            #expect(tally.fails == events.filter { $0.type.hasSuffix("_FAIL") }.count, words)
            let times = events.compactMap(\.microseconds).sorted()
            #expect(tally.latency.total == times.count, words)
            #expect(tally.latency.longest == times.last ?? 0, words)
            for percent in [50, 90, 99] where !times.isEmpty {
                let exact = times[max(0, (times.count * percent + 99) / 100 - 1)]
                let told = tally.latency.microseconds(percent: percent) ?? -1
                #expect(abs(told - exact) <= exact / 64 + 1, words)
            }
        }
    }

    @Test func `what a limit cuts short says from when on it is complete`() throws {
        let scene = JournalScene()
        var random = RandomEvents(seed: 5)
        try random.fill(scene, requests: 400, loops: 2)
        let limits = ReadLimits(bytesMax: 140_000, deadline: .max)
        let found = try summary(scene, "by=type", limits: limits)
        #expect(!found.isComplete)
        let newer = random.events.filter { $0.key.time >= found.timeFrom }.count
        let counted = found.groups.values.reduce(0) { $0 + $1.events }
        #expect(newer > 0 && counted >= newer && counted < random.events.count)
        #expect(String(decoding: found.json, as: UTF8.self).contains("\"complete\":false"))
    }

    @Test func `requests that were only counted are counted`() throws {
        let scene = JournalScene()
        try FileSystem.makeFolder(scene.path)
        let lines = [
            #"{"id":"a","type":"GATEWAY_REQUEST_REFUSED","timestamp":"2026-11-23T21:48:22.123Z","#
                + #""tenantId":"acme","data":{"route":"token","code":"token-expired","status":401}}"#,
            #"{"id":"b","type":"GATEWAY_REQUESTS_REFUSED","timestamp":"2026-11-23T21:48:23.123Z","#
                + #""tenantId":"acme","data":{"count":4711}}"#,
        ]
        let file = try DiskFile(changing: scene.path + "/segment-0000000000001-000-00000001.active")
        try file.write(Array((lines.joined(separator: "\n") + "\n").utf8), at: 0)
        let found = try summary(scene, "by=tenant")
        #expect(found.groups[EventGroup(tenant: Array("acme".utf8))]?.refused == 4_712)
        #expect(
            String(decoding: found.json, as: UTF8.self) == #"{"by":"tenant","from":null,"to":null,"#
                + #""complete":true,"rows":[{"key":"acme","events":2,"starts":0,"successes":0,"#
                + #""fails":0,"refused":4712,"#
                + #""latencyMs":{"p50":null,"p90":null,"p99":null,"max":null}}]}"#
        )
    }

    @Test func `a class holds its own middle and is a 32nd wide`() {
        for value in [0, 1, 63, 64, 65, 127, 128, 1_000, 123_456, LatencyHistogram.microsecondsMax]
        {
            let number = LatencyHistogram.number(of: value)
            #expect(number < LatencyHistogram.classesMax)
            let middle = LatencyHistogram.middle(of: number)
            #expect(LatencyHistogram.number(of: middle) == number)
            #expect(abs(middle - value) <= value / 64 + 1, "\(value)")
        }
    }
}

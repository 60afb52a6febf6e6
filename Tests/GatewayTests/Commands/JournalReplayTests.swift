import Policy
import Testing

@testable import Gateway

@Suite("A journal decided again")
struct JournalReplayTests {
    private static let policy = """
        route offer {
            match GET /offers/{id:uuid}
            allow role admin
        }
        route token {
            match POST /token
            public
        }

        """

    /// A replay under the policy above, with the tenants `acme`, `quiet` and `asleep`.
    private func replay(until: Int64? = nil) throws -> JournalReplay {
        var tenants = ["acme", "quiet", "asleep"].map { name in
            Configuration.Tenant(
                name: name,
                hosts: [],
                upstream: 0,
                position: SourcePosition(file: 0, line: 1, column: 1)
            )
        }
        tenants[1].state = .readOnly
        tenants[2].state = .suspended
        var sources = SourceMap()
        let bytes = Array(Self.policy.utf8)
        let file = sources.add(path: "test.policy", bytes: bytes)
        let parsed = StatementParser.parse(bytes, file: file) { _ in .failure(SourceFailure("no")) }
        let policy = try PolicyCompiler.compile(
            [PolicyReader.read(parsed.statements, sources: sources)],
            tenants: tenants.map { TenantPolicyInput(name: $0.name, routes: TenantRoutes()) },
            sources: sources
        )
        return JournalReplay(tenants, policy, until: until)
    }

    private func id(_ number: Int) -> String {
        "01990000-0000-7000-8000-00000000000\(number)"
    }

    private func event(
        _ number: Int,
        _ phase: String,
        tenant: String = "acme",
        data: String?,
        second: Int = 10
    ) -> [UInt8] {
        let details = data.map { ",\"data\":{\($0)}" } ?? ""
        return Array(
            (#"{"id":"\#(id(number))","type":"OPENID_X_\#(phase)","category":"openid","version":"1","#
                + #""timestamp":"2026-11-23T21:48:\#(second).123Z","tenantId":"\#(tenant)","#
                + #""requestId":"r-\#(number)","requestIp":"192.0.2.1","clientId":"desk"\#(details)}"#)
                .utf8
        )
    }

    private static let offer = #""route":"offer","method":"GET","path":"/offers/{id:uuid}""#

    private func offer(_ roles: String) -> String {
        Self.offer + ",\"caller\":{\"roles\":[\(roles)]}"
    }

    @Test func `calls are unchanged, changed, unknown or without an outcome`() throws {
        var replay = try replay()
        let calls: [(start: String?, outcome: String?)] = [
            (offer(#""admin""#), Self.offer), (offer(#""issuer""#), Self.offer),
            (offer(#""issuer""#), Self.offer + #","code":"role-missing""#),
            (offer(#""admin""#), Self.offer + #","code":"denied""#), (Self.offer, Self.offer),
            (nil, nil), (#""route":"offer","method":"GET""#, Self.offer),
        ]
        for (number, call) in calls.enumerated() {
            replay.take(event(number, "START", data: call.start))
        }
        for (number, call) in calls.enumerated() {
            replay.take(event(number, "FAIL", data: call.outcome))
        }
        replay.take(Array("not an event".utf8))
        let report = replay.report
        #expect(report.callsCount == 7)
        #expect(report.unchangedCount == 2)
        #expect(report.changedCount == 2)
        #expect(report.unknownCount == 3)
        let rows = report.text.split(separator: "\n").map { line in
            line.split(separator: " ").joined(separator: " ")
        }
        #expect(
            rows == [
                "TENANT ROUTE FROM TO CALLS CALLERS EXAMPLE",
                "acme offer allow role-missing 1 1 r-1", "acme offer denied allow 1 1 r-3",
                "TENANT ROUTE UNKNOWN BECAUSE CALLS CALLERS EXAMPLE",
                "acme recorded without data (level 1) 1 1 r-5",
                "acme offer no token was looked at 1 1 r-4",
                "acme offer recorded without a path (by an older version) 1 1 r-6",
                "calls read: 7, unchanged: 2, changed: 2, unknown: 3, without an outcome: 0",
            ]
        )
        #expect(
            report.lines.hasPrefix(
                #"{"tenant":"acme","route":"offer","from":"allow","to":"role-missing","#
                    + #""calls":1,"callers":1,"example":"r-1"}"#
            )
        )
        #expect(
            report.lines.hasSuffix(
                #"{"totals":{"read":7,"unchanged":2,"changed":2,"unknown":3,"#
                    + #""withoutOutcome":0,"refusedBeforeStart":0}}"# + "\n"
            )
        )
    }

    @Test(
        "a tenant that is gone or not served answers so",
        arguments: [
            ("nobody", "tenant-unknown"), ("asleep", "tenant-suspended"),
            ("quiet", "tenant-read-only"),
        ]
    )
    func tenants(_ tenant: String, _ code: String) throws {
        var replay = try replay()
        let data = #""route":"token","method":"POST","path":"/token""#
        replay.take(event(1, "START", tenant: tenant, data: data))
        replay.take(event(1, "SUCCESS", tenant: tenant, data: data))
        #expect(replay.report.changedCount == 1)
        #expect(replay.report.lines.contains(#""from":"allow","to":"\#(code)""#))
    }

    @Test func `refusals before START are counted, with those that were only summed up`() throws {
        var replay = try replay()
        for (type, data) in [
            ("REQUEST_REFUSED", #""code":"route-not-found""#), ("REQUESTS_REFUSED", #""count":41"#),
        ] {
            let line = String(decoding: event(1, "X", data: data), as: UTF8.self)
            replay.take(
                Array(line.split(separator: "OPENID_X_X").joined(separator: "GATEWAY_" + type).utf8)
            )
        }
        #expect(replay.report.refusedCount == 42)
        #expect(replay.report.callsCount == 0)
    }

    @Test func `only calls that began in the time asked for count`() throws {
        let until = try #require(
            EventTime.milliseconds(Array("2026-11-23T21:48:20Z".utf8), edge: .end)
        )
        var replay = try replay(until: until)
        replay.take(event(1, "START", data: offer(#""admin""#), second: 19))
        replay.take(event(2, "START", data: offer(#""admin""#), second: 21))
        // Of the second the START is too late; of the third it was too early to be read.
        for number in 1...3 {
            replay.take(event(number, "SUCCESS", data: Self.offer, second: 30))
        }
        #expect(replay.report.callsCount == 1)
        #expect(replay.report.unchangedCount == 1)
    }
}

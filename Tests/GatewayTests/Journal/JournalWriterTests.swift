import Testing

@testable import Gateway

@Suite("Journal writer")
struct JournalWriterTests {
    @Test func `START and SUCCESS have the shape of the contract at level 2`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        let receipt = try writer.start("r-1")
        writer.succeed(receipt, at: JournalScene.time + 12)
        let events = try scene.events()
        #expect(events.count == 2)
        let shared =
            #""tenantId":"acme","requestId":"r-1","requestIp":"203.0.113.7","#
            + #""clientId":"wallet-backend","data":{"route":"token","method":"POST""#
        #expect(
            try withoutID(events[0])
                == #""type":"OPENID_TOKEN_START","category":"openid","version":"1","#
                + #""timestamp":"2026-11-23T21:48:22.123Z","# + shared + "}}"
        )
        #expect(
            try withoutID(events[1])
                == #""type":"OPENID_TOKEN_SUCCESS","category":"openid","version":"1","#
                + #""timestamp":"2026-11-23T21:48:22.135Z","# + shared
                + #","status":201,"durationMs":12.34,"upstreamStatus":201}}"#
        )
        journal.close()
    }

    @Test func `level 1 has no data`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        writer.succeed(try writer.start("r-1", of: JournalScene.silent))
        for event in try scene.events() {
            #expect(!event.contains("data"))
            #expect(event.hasSuffix(#""clientId":"wallet-backend"}"#))
        }
        journal.close()
    }

    @Test func `what is captured stands behind the rest, each in its own event`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        let receipt = try writer.start("r-1", captured: #","scope":"a b""#)
        writer.succeed(receipt, captured: #","expires_in":60"#)
        let events = try scene.events()
        #expect(events[0].hasSuffix(#""method":"POST","scope":"a b"}}"#))
        #expect(events[1].hasSuffix(#""upstreamStatus":201,"expires_in":60}}"#))
        #expect(!events[1].contains("scope"))
        journal.close()
    }

    @Test func `an error that an answer tells of makes a FAIL without a code`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        writer.finish(
            try writer.start("r-1"),
            outcome: .answered(
                status: 302,
                upstreamStatus: 302,
                fault: .init(type: "access_denied", message: "no")
            ),
            durationMicroseconds: 0,
            atMilliseconds: JournalScene.time
        )
        let event = try #require(try scene.events().last)
        #expect(event.contains("OPENID_TOKEN_FAIL"))
        let data = #""status":302,"durationMs":0,"upstreamStatus":302,"error":"#
        #expect(event.hasSuffix(data + #"{"type":"access_denied","message":"no"}}}"#))
        journal.close()
    }

    @Test func `a refusal and an upstream's error are FAIL, each with its error`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        let refused = EventOutcome.failed(
            status: 403,
            fault: .init(type: "role-missing", message: "the caller lacks the role")
        )
        writer.finish(
            try writer.start("r-1"),
            outcome: refused,
            durationMicroseconds: 0,
            atMilliseconds: JournalScene.time
        )
        writer.finish(
            try writer.start("r-2"),
            outcome: .answered(status: 404, upstreamStatus: 404),
            durationMicroseconds: 1_000,
            atMilliseconds: JournalScene.time
        )
        let events = try scene.events().filter { $0.contains("_FAIL") }
        #expect(events.count == 2)
        #expect(
            events[0].hasSuffix(
                #""status":403,"durationMs":0,"code":"role-missing","#
                    + #""error":{"type":"role-missing","message":"the caller lacks the role"}}}"#
            )
        )
        #expect(
            events[1].hasSuffix(
                #""status":404,"durationMs":1,"upstreamStatus":404,"error":"#
                    + #"{"type":"upstream-status","message":"the upstream answered with an error"}}}"#
            )
        )
        journal.close()
    }

    @Test func `details stand in the START alone, at level 2`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        let details = #","path":"/offers/{id:uuid}","caller":{"roles":["admin"]}"#
        writer.succeed(try writer.start("r-1", details: details))
        writer.succeed(try writer.start("r-2", of: JournalScene.silent, details: details))
        let events = try scene.events()
        #expect(events.map { $0.contains(details) } == [true, false, false, false])
        #expect(events[0].hasSuffix(#""method":"POST"\#(details)}}"#))
        journal.close()
    }

    @Test func `details of the largest size leave the outcome its room`() throws {
        let scene = JournalScene()
        let journal = try scene.open(segmentBytes: 65_536)
        var writer = journal.makeWriter(loop: 0)
        let path = String(repeating: "x", count: EventLimits.detailsBytesMax - 10)
        for number in 0..<40 {
            writer.succeed(try writer.start("r-\(number)", details: ",\"path\":\"\(path)\""))
        }
        let events = try scene.events()
        #expect(events.count == 80)
        #expect(events.allSatisfy { EventLine(Array($0.utf8).span) != nil })
        journal.close()
    }

    @Test func `an outcome and a refusal tell what a shadow policy says`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        var outcome = EventOutcome.answered(status: 201, upstreamStatus: 201)
        outcome.shadow = "role-missing"
        writer.finish(
            try writer.start("r-1"),
            outcome: outcome,
            durationMicroseconds: 1_000,
            atMilliseconds: JournalScene.time
        )
        writer.refuse(
            RefusalScope(tenant: "acme", route: nil),
            status: 404,
            code: "route-not-found",
            shadow: "allow",
            meter: RefusalMeter(),
            request: JournalScene.request("r-2"),
            address: AddressText(),
            method: Array("GET".utf8).span,
            atMilliseconds: JournalScene.time
        )
        let events = try scene.events()
        #expect(
            events[1].hasSuffix(
                #","status":201,"durationMs":1,"upstreamStatus":201,"shadow":"role-missing"}}"#
            )
        )
        #expect(events[2].hasSuffix(#","status":404,"code":"route-not-found","shadow":"allow"}}"#))
        journal.close()
    }

    @Test func `a request without a token has no clientId`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        writer.succeed(try writer.start("r-1", client: ""))
        #expect(try scene.events().allSatisfy { !$0.contains("clientId") })
        journal.close()
    }

    @Test(
        "a hostile client id is escaped",
        arguments: [
            (#"a","tenantId":"evil"#, #"a\",\"tenantId\":\"evil"#),
            ("line\nfeed\u{0}", #"line\u000afeed\u0000"#),
            (#"back\slash"#, #"back\\slash"#),
            ("grün\u{1F600}\u{7F}", "grün\u{1F600}\\u007f"),
        ]
    )
    func hostileClient(_ client: String, _ escaped: String) throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        writer.succeed(try writer.start("r-1", client: client))
        let events = try scene.events()
        #expect(events.count == 2)
        for event in events {
            #expect(event.contains(#""clientId":"\#(escaped)","data""#))
            let scan = EventLine(Array(event.utf8).span)
            let line = try #require(scan)
            #expect(Array(event.utf8)[line.tenant] == Array("acme".utf8)[...])
        }
        journal.close()
    }

    @Test func `a client id is cut at a character when it is too long`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        writer.succeed(try writer.start("r-1", client: "a" + String(repeating: "é", count: 200)))
        let event = try #require(try scene.events().first)
        #expect(member("clientId", of: event) == "a" + String(repeating: "é", count: 127))
        journal.close()
    }

    @Test func `bytes that are no UTF-8 never reach an event`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        let bytes: [UInt8] = [0x61, 0xFF, 0xC0, 0xAF, 0xED, 0xA0, 0x80, 0x62]
        let receipt = try writer.start(
            JournalScene.acme,
            request: JournalScene.request("r"),
            address: AddressText(),
            client: bytes.span,
            method: Array("POST".utf8).span,
            details: Span(),
            atMilliseconds: JournalScene.time
        )
        writer.succeed(receipt)
        let event = try #require(try scene.events().first)
        let replaced = String(repeating: "\u{FFFD}", count: 6)
        #expect(member("clientId", of: event) == "a\(replaced)b")
        #expect(!event.contains("requestIp"))
        journal.close()
    }

    @Test func `a refused request gives one event with its code`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        writer.refuse(
            RefusalScope(tenant: "acme", route: "token"),
            status: 401,
            code: "token-expired",
            meter: RefusalMeter(),
            request: JournalScene.request("r-1"),
            address: AddressText(Array("::1".utf8).span),
            method: Array("POST".utf8).span,
            atMilliseconds: JournalScene.time
        )
        writer.refuse(
            RefusalScope(tenant: nil, route: nil),
            status: 421,
            code: "host-unknown",
            meter: RefusalMeter(),
            request: JournalScene.request("r-2"),
            address: AddressText(),
            method: Array(#"G"T"#.utf8).span,
            atMilliseconds: JournalScene.time
        )
        let events = try scene.events()
        #expect(
            try events.map(withoutID) == [
                #""type":"GATEWAY_REQUEST_REFUSED","category":"gateway","version":"1","#
                    + #""timestamp":"2026-11-23T21:48:22.123Z","tenantId":"acme","#
                    + #""requestId":"r-1","requestIp":"::1","data":{"route":"token","#
                    + #""method":"POST","status":401,"code":"token-expired"}}"#,
                #""type":"GATEWAY_REQUEST_REFUSED","category":"gateway","version":"1","#
                    + #""timestamp":"2026-11-23T21:48:22.123Z","requestId":"r-2","#
                    + #""data":{"method":"G\"T","status":421,"code":"host-unknown"}}"#,
            ]
        )
        journal.close()
    }

    @Test func `an outage and a recovery of keys are events of the gateway's own`() throws {
        let scene = JournalScene()
        let journal = try scene.open()
        var writer = journal.makeWriter(loop: 0)
        writer.record(
            .keysOutage(tenant: "acme", reason: "timeout"),
            level: 2,
            atMilliseconds: JournalScene.time
        )
        writer.record(
            .keysRecovery(tenant: #"a"b"#, reason: "timeout"),
            level: 1,
            atMilliseconds: JournalScene.time
        )
        let events = try scene.events()
        #expect(
            try events.map(withoutID) == [
                #""type":"GATEWAY_KEYS_OUTAGE","category":"gateway","version":"1","#
                    + #""timestamp":"2026-11-23T21:48:22.123Z","tenantId":"acme","#
                    + #""data":{"reason":"timeout"}}"#,
                #""type":"GATEWAY_KEYS_RECOVERY","category":"gateway","version":"1","#
                    + #""timestamp":"2026-11-23T21:48:22.123Z","tenantId":"a\"b"}"#,
            ]
        )
        journal.close()
    }

    @Test func `ids are unique, increase, and pair a START with its outcome`() throws {
        let scene = JournalScene()
        let journal = try scene.open(segmentBytes: 1_048_576)
        var writer = journal.makeWriter(loop: 0)
        let first = try writer.start("same")
        let second = try writer.start("same")
        writer.succeed(second)
        writer.succeed(first)
        for _ in 0..<1_000 { writer.succeed(try writer.start("same")) }
        let ids = try scene.events().compactMap { member("id", of: $0) }
        #expect(ids.count == 2_004)
        #expect(Set(ids).count == 2_004)
        #expect(ids == ids.sorted())
        #expect(ids.allSatisfy { $0.count == 36 && $0.dropFirst(14).first == "7" })
        #expect(ids[0].suffix(17) == ids[3].suffix(17))
        #expect(ids[1].suffix(17) == ids[2].suffix(17))
        #expect(ids[0].suffix(17) != ids[1].suffix(17))
        journal.close()
    }

    private func withoutID(_ event: String) throws -> String {
        let parts = event.split(separator: ",", maxSplits: 1)
        try #require(parts.count == 2 && parts[0].hasPrefix(#"{"id":""#))
        return String(parts[1])
    }
}

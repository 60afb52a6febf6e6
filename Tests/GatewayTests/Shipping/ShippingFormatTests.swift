import FoundationEssentials
import Policy
import Testing

@testable import Gateway

@Suite("Formats of receivers")
struct ShippingFormatTests {
    private static let event =
        #"{"id":"0a-1","type":"OPENID_TOKEN_FAIL","category":"openid","version":"1","#
        + #""timestamp":"2026-11-23T21:48:22.123Z","tenantId":"acme","requestId":"r-1","#
        + #""data":{"route":"t","error":{"type":"a","message":"say \"no\""}}}"#
    private static let bare =
        #"{"id":"0a-2","type":"OPENID_TOKEN_START","category":"openid","version":"1","#
        + #""timestamp":"2026-11-23T21:48:22.124Z","tenantId":"acme","requestId":"r-1"}"#

    private static let batch = EventBatch(
        Array((event + "\n" + bare + "\n").utf8),
        of: SegmentName(milliseconds: 1, loop: 0, number: 1),
        start: 0
    )

    private static func shipper(
        _ receiver: Configuration.Shipper.Receiver
    ) throws
        -> any EventShipper
    {
        let position = SourcePosition(file: 0, line: 1, column: 1)
        let settings = Configuration.Shipper(name: "x", receiver: receiver, position: position)
        return try #require(settings.makeShipper())
    }

    private static func answer(_ status: Int, _ body: String = "") -> OutboundAnswer {
        OutboundAnswer(status: status, body: Array(body.utf8), maxAgeSeconds: nil)
    }

    private static func text(_ request: OutboundRequest?) throws -> String {
        String(decoding: try #require(request).body, as: UTF8.self)
    }

    @Test func `NDJSON is the lines of the journal`() throws {
        let request = try Self.shipper(.ndjson(url: "https://c.example/in")).request(
            for: Self.batch
        )
        #expect(try Self.text(request) == Self.event + "\n" + Self.bare + "\n")
        #expect(request?.url.description == "https://c.example/in")
        #expect(request?.fields.map(\.value) == ["application/x-ndjson"])
    }

    @Test func `a row of ClickHouse has its data as text, and a batch its token`() throws {
        var shipper = try Self.shipper(
            .clickHouse(url: "https://ch.example:8443/?database=a", table: "audit.events")
        )
        let request = shipper.request(for: Self.batch)
        let rows = try Self.text(request).split(separator: "\n")
        let row = try JSONDocument(Array(rows[0].utf8))
        let data = try #require(row.node(at: ["data"]))
        #expect(row.kind(of: data) == .string)
        let claims = try JSONDocument(Array(#"{"route":"t"}"#.utf8))
        #expect(claims.node(at: ["route"]) != nil)
        #expect(rows[0].contains(#""data":"{\"route\":\"t\",\"error\":{"#))
        #expect(rows[1] == Self.bare[...])
        let target = request?.url.target ?? ""
        #expect(target.hasPrefix("/?database=a&query=INSERT%20INTO%20audit.events%20FORMAT%20JSON"))
        #expect(target.hasSuffix("&insert_deduplication_token=0a-1-0a-2-2"))
        #expect(shipper.verdict(on: Self.answer(200), to: Self.batch) == .accepted)
        let unknown = Self.answer(404, "Code: 115, e.displayText() = DB::Exception: Unknown")
        #expect(shipper.verdict(on: unknown, to: Self.batch) == .sendAgain)
        let later = shipper.request(for: Self.batch)?.url.target ?? ""
        #expect(!later.contains("insert_deduplication_token"))
        #expect(shipper.verdict(on: unknown, to: Self.batch) == .failed(status: 404))
        let late = Self.answer(200, "Code: 241. DB::Exception: Memory limit")
        #expect(shipper.verdict(on: late, to: Self.batch) == .failed(status: 200))
    }

    @Test func `a log record has time, severity, attributes and the whole event`() throws {
        let shipper = try Self.shipper(.otlp(url: "https://otel.example/v1/logs"))
        let body = try #require(shipper.request(for: Self.batch)).body
        let document = try JSONDocument(body)
        let resource = document.elements(of: try #require(document.node(at: ["resourceLogs"])))
        let scopes = try #require(
            Array(resource).first.flatMap { document.member("scopeLogs", of: $0) }
        )
        let scope = try #require(Array(document.elements(of: scopes)).first)
        let records = Array(
            document.elements(of: try #require(document.member("logRecords", of: scope)))
        )
        #expect(records.count == 2)
        func value(_ name: StaticString, _ record: JSONNode) -> String? {
            document.member(name, of: record).map {
                String(decoding: document.text(of: $0), as: UTF8.self)
            }
        }
        #expect(value("timeUnixNano", records[0]) == "1795470502123000000")
        #expect(value("severityText", records[0]) == "WARN")
        #expect(value("severityText", records[1]) == "INFO")
        #expect(value("severityNumber", records[1]) == "9")
        let text = String(decoding: body, as: UTF8.self)
        #expect(text.contains(#"{"key":"tenantId","value":{"stringValue":"acme"}}"#))
        #expect(text.contains(#"{"key":"service.name","value":{"stringValue":"postern"}}"#))
        #expect(!text.contains("requestIp"))
    }

    static let partial: [(String, ShippingVerdict)] = [
        ("{}", .accepted), ("", .accepted), ("not json", .accepted),
        (#"{"partialSuccess":{}}"#, .accepted),
        (#"{"partialSuccess":{"rejectedLogRecords":"0","errorMessage":"hm"}}"#, .accepted),
        (#"{"partialSuccess":{"rejectedLogRecords":"1"}}"#, .partly(rejected: 1)),
        (#"{"partialSuccess":{"rejectedLogRecords":1}}"#, .partly(rejected: 1)),
        (#"{"partialSuccess":{"rejectedLogRecords":"77"}}"#, .partly(rejected: 2)),
    ]

    @Test("a partial success says how many records were rejected", arguments: partial)
    func partialSuccess(_ body: String, _ verdict: ShippingVerdict) throws {
        var shipper = try Self.shipper(.otlp(url: "https://otel.example/v1/logs"))
        #expect(shipper.verdict(on: Self.answer(200, body), to: Self.batch) == verdict)
        #expect(
            shipper.verdict(on: Self.answer(400, body), to: Self.batch) == .refused(status: 400)
        )
    }
}

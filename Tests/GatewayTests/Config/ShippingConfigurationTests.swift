import Testing

@testable import Gateway

@Suite("Shippers of a configuration")
struct ShippingConfigurationTests {
    private static func text(_ lines: String) -> String {
        smallConfiguration.replacing("policies p.policy", with: "policies p.policy\n" + lines)
    }

    private static func shippers(_ lines: String) throws -> [Configuration.Shipper] {
        let folder = try ConfigurationFolder([
            "postern.conf": text("analytics {\njournal j\n\(lines)\n}"), "p.policy": "roles a",
            "token": "t0ken\n",
        ])
        return try folder.load().configuration.analytics.shippers
    }

    @Test func `a shipper has defaults and what it is told`() throws {
        let shippers = try Self.shippers(
            """
            ship a {
                otlp https://otel.example
            }
            ship b {
                clickhouse https://ch.example:8443 audit.events
                header X-ClickHouse-Key ${file:token}
                header Authorization "Bearer {"
                batch 5
                batch-size 64KB
                interval 2s
                timeout 5s
                retry 100ms
                retry-max 10s
            }
            ship c {
                ndjson http://127.0.0.1:9000/in?a=b
            }
            """.replacing("\"Bearer {\"", with: "\"Bearer \\u{7B}\"")
        )
        #expect(shippers.map(\.name) == ["a", "b", "c"])
        #expect(shippers[0].receiver == .otlp(url: "https://otel.example/v1/logs"))
        #expect(shippers[0].eventsMax == 1_000 && shippers[0].bytesMax == 1_048_576)
        #expect(shippers[0].retryMilliseconds == 1_000)
        #expect(
            shippers[1].receiver
                == .clickHouse(url: "https://ch.example:8443", table: "audit.events")
        )
        #expect(shippers[1].headers.map(\.value) == ["t0ken", "Bearer {"])
        #expect(shippers[1].bytesMax == 65_536 && shippers[1].timeoutMilliseconds == 5_000)
        #expect(shippers[2].receiver == .ndjson(url: "http://127.0.0.1:9000/in?a=b"))
    }

    static let cases: [(String, [String])] = [
        (
            "ship a {\n}",
            ["7:1 a `ship` block needs a line `otlp URL`, `clickhouse URL TABLE` or `ndjson URL`"]
        ),
        (
            "ship a {\notlp http://otel.example\n}",
            ["8:6 events go over https, or over http to a loopback address"]
        ),
        ("ship a {\nndjson ftp://x\n}", ["8:8 unknown scheme of a URL; wanted `https`"]),
        ("ship a {\nndjson collector\n}", ["8:8 `collector` is no URL (https://collector?)"]),
        (
            "ship a {\nclickhouse https://x a;b\n}",
            [
                "8:22 `a;b` is no table; wanted `TABLE` or `DATABASE.TABLE` of letters, digits and `_`"
            ]
        ),
        (
            "ship a {\nndjson https://x\notlp https://x\n}",
            ["9:1 a `ship` block names one receiver"]
        ),
        (
            "ship a {\nndjson https://x\nheader X {tenant}\n}",
            ["9:10 a placeholder stands for something of a request; a batch has none"]
        ),
        (
            "ship a {\nndjson https://x\nheader content-type text/plain\n}",
            ["9:8 header `content-type` is set by the shipper itself"]
        ),
        (
            "ship a {\nndjson https://x\n}\nship a {\nndjson https://x\n}",
            ["10:6 shipper `a` is given twice; the first is on line 7"]
        ),
        (
            "ship a {\nndjson https://x\nretry 10s\nretry-max 1s\n}",
            ["7:6 `retry-max` is shorter than `retry`"]
        ),
        ("batch 5", ["7:1 `batch` belongs in a `ship` block, not in an `analytics` block"]),
    ]

    @Test("a fault of a shipper is named at its place", arguments: cases)
    func faults(_ lines: String, _ faults: [String]) throws {
        let folder = try ConfigurationFolder([
            "postern.conf": Self.text("analytics {\njournal j\n\(lines)\n}"), "p.policy": "roles a",
        ])
        #expect(folder.faults() == faults)
    }

    @Test func `there is nothing to ship without a journal`() throws {
        let folder = try ConfigurationFolder([
            "postern.conf": Self.text("analytics {\nship a {\nndjson https://x\n}\n}"),
            "p.policy": "roles a",
        ])
        #expect(folder.faults() == ["6:6 `ship` sends what is in the `journal`: there is none"])
    }
}

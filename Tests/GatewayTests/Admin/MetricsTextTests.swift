import Testing

@testable import Gateway

@Suite("Metrics text")
struct MetricsTextTests {
    @Test("a metric has its help and type once, then its samples")
    func layout() {
        var page = MetricsText()
        page.add("a_total", .counter, "Things.", [.init(1 as UInt64, ["b": "c"]), .init(2.5)])
        page.add("empty_total", .counter, "Nothing.", [])
        #expect(
            page.text == """
                # HELP a_total Things.
                # TYPE a_total counter
                a_total{b="c"} 1
                a_total 2.5

                """
        )
    }

    @Test("label values are escaped, so that a name cannot make a line of its own")
    func escaping() {
        var page = MetricsText()
        page.add("a", .gauge, "Things.", [.init(1 as UInt64, ["b": "x\"y\\z\n"])])
        #expect(page.text.hasSuffix(#"a{b="x\"y\\z\n"} 1"# + "\n"))
    }

    @Test("buckets are cumulative and end with +Inf")
    func histogram() {
        var page = MetricsText()
        let histogram = MetricsSnapshot.Histogram(
            bounds: [0.001, 0.25, 1],
            counts: [3, 0, 2, 1],
            sumSeconds: 4.5
        )
        page.add("d_seconds", "Time.", histogram)
        #expect(
            page.text == """
                # HELP d_seconds Time.
                # TYPE d_seconds histogram
                d_seconds_bucket{le="0.001"} 3
                d_seconds_bucket{le="0.25"} 3
                d_seconds_bucket{le="1"} 5
                d_seconds_bucket{le="+Inf"} 6
                d_seconds_sum 4.5
                d_seconds_count 6

                """
        )
    }

    @Test("every metric is named for its unit and kind, and none twice")
    func names() throws {
        var snapshot = MetricsSnapshot()
        snapshot.requests = [.init(tenant: "acme", route: "token", outcome: .success, count: 2)]
        snapshot.refusals = [.init(code: "denied", count: 1)]
        snapshot.upstreams = [.init(name: "issuer", failures: [.init(reason: "x", count: 1)])]
        snapshot.introspection = .init(requests: [.init(outcome: "active", count: 1)])
        snapshot.keys = [
            .init(tenant: "acme", count: 2, ageSeconds: 1.5, fetches: 3),
            .init(tenant: "globex", nextTrySeconds: 4, failure: "timeout", failedFetches: 7),
        ]
        snapshot.certificates = [.init(name: "acme.example", file: "a.pem", notAfter: 1)]
        snapshot.process = .init(startedAt: 0)
        let text = MetricsText.render(snapshot)
        let types = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
            .map { $0.split(separator: " ") }
        #expect(Set(types.map { $0[2] }).count == types.count)
        for type in types {
            #expect(type[2].hasPrefix("postern_"))
            #expect((type[3] == "counter") == type[2].hasSuffix("_total"))
        }
        #expect(text.contains("postern_key_age_seconds{tenant=\"acme\"} 1.5\n"))
        #expect(!text.contains("postern_key_age_seconds{tenant=\"globex\"}"))
        for line in [
            #"postern_keys{tenant="acme"} 2"#, #"postern_keys{tenant="globex"} 0"#,
            #"postern_key_next_try_seconds{tenant="globex"} 4"#,
            #"postern_key_failing{tenant="acme"} 0"#, #"postern_key_failing{tenant="globex"} 1"#,
            #"postern_key_last_error_info{tenant="globex",reason="timeout"} 1"#,
            #"postern_key_fetches_total{tenant="acme",outcome="success"} 3"#,
            #"postern_key_fetches_total{tenant="globex",outcome="failure"} 7"#,
        ] {
            #expect(text.contains(line + "\n"), "\(line)")
        }
        #expect(!text.contains("postern_key_last_error_info{tenant=\"acme\""))
        let requests = #"postern_requests_total{tenant="acme",route="token",outcome="success"} 2"#
        #expect(text.contains(requests + "\n"))
    }

    @Test("certificates with the same first name are told apart, and no series stands twice")
    func certificates() {
        var snapshot = MetricsSnapshot()
        snapshot.certificates = [
            .init(name: "a.example", file: "rsa.pem", notAfter: 1),
            .init(name: "a.example", file: "ec.pem", notAfter: 2),
            .init(name: "a.example", file: "rsa.pem", notAfter: 1),
        ]
        let lines = MetricsText.render(snapshot).split(separator: "\n")
            .filter { $0.hasPrefix("postern_certificate_expiry_timestamp_seconds{") }
        let name = "postern_certificate_expiry_timestamp_seconds"
        #expect(
            lines == [
                #"\#(name){name="a.example",file="rsa.pem"} 1"#,
                #"\#(name){name="a.example",file="ec.pem"} 2"#,
            ]
        )
    }

    @Test("the process sees itself")
    func process() {
        let process = MetricsSnapshot.Process(startedAt: 1)
        #expect(process.residentBytes > 1_000_000)
        #expect(process.openDescriptors >= 3)
        #expect(process.descriptorsMax >= process.openDescriptors)
        #expect(process.cpuSeconds > 0)
    }
}

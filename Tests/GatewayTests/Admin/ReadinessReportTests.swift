import Testing

@testable import Gateway

@Suite("Readiness")
struct ReadinessReportTests {
    static let ready = ReadinessReport.Part(name: "a", isReady: true)
    static let unready = ReadinessReport.Part(name: "b", isReady: false, detail: "no keys")

    @Test("one tenant without keys harms no other")
    func tenants() {
        #expect(ReadinessReport(tenants: [Self.ready, Self.unready]).isReady)
        #expect(!ReadinessReport(tenants: [Self.unready]).isReady)
        #expect(ReadinessReport().isReady)
    }

    @Test("an upstream that does not answer is reported and no more")
    func upstreams() {
        #expect(ReadinessReport(tenants: [Self.ready], upstreams: [Self.unready]).isReady)
    }

    @Test("a journal that cannot be written and a drain make it unready")
    func journal() {
        #expect(!ReadinessReport(tenants: [Self.ready], journal: Self.unready).isReady)
        #expect(ReadinessReport(tenants: [Self.ready], journal: Self.ready).isReady)
        #expect(!ReadinessReport(tenants: [Self.ready], isDraining: true).isReady)
    }
}

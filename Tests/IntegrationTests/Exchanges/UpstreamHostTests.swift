import Testing

@Suite(
    "The upstream's own host",
    .scene(.with { $0.upstream = ["host issuer.internal"] })
)
struct UpstreamHostTests {
    @Test func `a host line replaces what the client asked for`() throws {
        let scene = try GatewayScene.here()
        #expect(try scene.exchange(Request("GET", "/open/x")).status == 200)
        let head = try scene.upstream.wait(for: "/open/x").head
        #expect(head.values("Host") == ["issuer.internal"])
        #expect(head.values("X-Forwarded-Host") == ["acme.test"])
    }
}

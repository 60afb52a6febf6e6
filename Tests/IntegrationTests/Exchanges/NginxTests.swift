import Testing

@Suite("nginx as the upstream")
struct NginxTests {
    @Test func `files, redirects, errors and closing connections come through`() throws {
        let nginx = try NginxUpstream()
        let scene = try GatewayScene.serving(
            .with { settings in
                settings.servers = ["http://127.0.0.1:\(nginx.port)"]
                settings.topLevel = ["workers 1", "drain 3s"]
            }
        )
        defer { scene.end() }
        let conversation = try scene.connect()
        defer { conversation.close() }
        // nginx ends its connections after seven requests each.
        for _ in 0..<60 {
            let response = try conversation.exchange(Request("GET", "/open/small.txt"))
            #expect(response.status == 200)
            #expect(response.text == "from nginx\n")
        }
        #expect(try conversation.exchange(Request("HEAD", "/open/small.txt")).body.isEmpty)
        let large = try conversation.exchange(Request("GET", "/open/large.bin"))
        #expect(large.body.count == 8_000_000)
        #expect(try conversation.exchange(Request("GET", "/open/empty")).status == 204)
        let moved = try conversation.exchange(Request("GET", "/open/moved"))
        #expect(moved.status == 302)
        #expect(moved["Location"] == "https://wallet.test/back?code=1")
        let broken = try conversation.exchange(Request("GET", "/open/broken"))
        #expect(broken.status == 503)
        #expect(broken.text == "broken")
        #expect(try conversation.exchange(Request("GET", "/open/none")).status == 404)
    }

    @Test func `ranges, conditions and compression come through`() throws {
        let nginx = try NginxUpstream()
        let scene = try GatewayScene.serving(
            .with { $0.servers = ["http://127.0.0.1:\(nginx.port)"] }
        )
        defer { scene.end() }
        let conversation = try scene.connect()
        defer { conversation.close() }
        let part = try conversation.exchange(
            Request("GET", "/open/large.bin").with("Range", "bytes=16-31")
        )
        #expect(part.status == 206)
        #expect(part.text == "0123456789abcdef")
        let tag = part["ETag"] ?? ""
        let same = try conversation.exchange(
            Request("GET", "/open/large.bin").with("If-None-Match", tag)
        )
        #expect(same.status == 304)
        #expect(same.body.isEmpty)
        let zipped = try conversation.exchange(
            Request("GET", "/open/small.txt").with("Accept-Encoding", "gzip")
        )
        #expect(zipped["Content-Encoding"] == "gzip")
        #expect(zipped.framing == .chunked)
        let token = try TokenOrder().signed()
        let guarded = try conversation.exchange(
            Request("GET", "/guarded/small.txt").bearing(token)
        )
        #expect(guarded.text == "guarded\n")
    }
}

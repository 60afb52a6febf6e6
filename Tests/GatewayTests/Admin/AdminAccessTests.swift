import Testing

@testable import Gateway

@Suite("Admin access")
struct AdminAccessTests {
    private func status(
        _ access: AdminAccess,
        host: String,
        authorization: [String] = []
    ) -> Int? {
        var request = CompleteRequest(method: "GET", path: "/metrics")
        request.host = host
        request.fields = authorization.map { ("authorization", $0) }
        return access.refusal(of: request)?.status
    }

    @Test(
        "on loopback only loopback names are answered",
        arguments: [
            ("localhost", nil), ("127.0.0.1", nil), ("[::1]", nil), ("evil.example", 421),
            ("", 421), ("127.0.0.1.evil.example", 421), ("::1", nil),
        ]
    )
    func hosts(_ host: String, _ refusal: Int?) {
        #expect(status(AdminAccess(host: "127.0.0.1", token: nil), host: host) == refusal)
    }

    @Test(
        "with a token exactly that token passes, whatever the host",
        arguments: [
            (["Bearer secret"], nil), (["Bearer secre"], 401), (["Bearer secretx"], 401),
            (["Bearer secretBearer secret"], 401), (["bearer secret"], nil),
            (["BEARER secret"], nil),
            (["secret"], 401), (["Basic secret"], 401), (["Bearer Secret"], 401),
            ([""], 401), ([], 401), (["Bearer secret", "Bearer secret"], 401),
        ]
    )
    func tokens(_ authorization: [String], _ refusal: Int?) {
        let access = AdminAccess(host: "10.0.0.1", token: "secret")
        #expect(status(access, host: "any.example", authorization: authorization) == refusal)
    }

    @Test(
        "a web page of another origin may not reload",
        arguments: [
            ([], nil), (["http://localhost:9901"], nil), (["HTTP://LOCALHOST:9901"], nil),
            (["https://evil.example"], 403), (["http://localhost:9902"], 403), (["null"], 403),
            ([""], 403), (["http://localhost:9901", "http://localhost:9901"], 403),
        ]
    )
    func origins(_ origins: [String], _ refusal: Int?) {
        var request = CompleteRequest(method: "POST", path: "/reload")
        request.host = "localhost"
        request.fields = [("host", "localhost:9901")] + origins.map { ("origin", $0) }
        let access = AdminAccess(host: "127.0.0.1", token: nil)
        #expect(access.refusal(of: request)?.status == refusal)
        request.method = "DELETE"
        #expect(access.refusal(of: request)?.status == refusal)
        request.method = "GET"
        #expect(access.refusal(of: request)?.status == nil)
    }
}

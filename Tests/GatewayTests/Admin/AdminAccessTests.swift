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
            (["Bearer secretBearer secret"], 401), (["bearer secret"], 401), (["secret"], 401),
            ([""], 401), ([], 401), (["Bearer secret", "Bearer secret"], 401),
        ]
    )
    func tokens(_ authorization: [String], _ refusal: Int?) {
        let access = AdminAccess(host: "10.0.0.1", token: "secret")
        #expect(status(access, host: "any.example", authorization: authorization) == refusal)
    }
}

import Testing

@testable import Gateway

@Suite("Stub issuer")
struct StubIssuerTests {
    @Test(
        "every call of the built-in policy has an answer",
        arguments: [
            ("POST", "/v1/openid/offers/pre-authorized", "{}", 200, "transactionCode"),
            (
                "DELETE", "/v1/openid/offers/pre-authorized/8241400f-de3b-42c5-ad7c-8a380039e796",
                "", 204, ""
            ), ("POST", "/v1/openid/offers", "{}", 200, "openid-credential-offer://"),
            ("GET", "/v1/openid/offers/abc", "", 200, "credential_issuer"),
            ("POST", "/v1/oauth/par", "a=b", 201, "request_uri"),
            ("POST", "/v1/oauth/token", "a=b", 200, "access_token"),
            ("POST", "/v1/openid/nonce", "", 200, "c_nonce"),
            ("POST", "/v1/openid/credential", "{}", 200, "credentials"),
            ("POST", "/v1/openid/deferred-credential", "{}", 200, "credentials"),
            ("POST", "/v1/openid/notification", "{}", 204, ""),
            ("GET", "/.well-known/openid-credential-issuer", "", 200, "credential_endpoint"),
            ("GET", "/.well-known/oauth-authorization-server", "", 200, "S256"),
            ("GET", "/elsewhere", "", 404, "not_found"),
        ]
    )
    func calls(
        _ method: String,
        _ path: String,
        _ body: String,
        _ status: Int,
        _ part: String
    ) {
        var request = CompleteRequest(method: method, path: path)
        request.body = Array(body.utf8)
        let answer = StubAnswers.answer(request)
        #expect(answer.status == status)
        #expect(part.isEmpty || String(decoding: answer.body, as: UTF8.self).contains(part))
    }

    @Test("authorization sends the browser back with a code and the same state")
    func authorization() throws {
        var request = CompleteRequest(method: "GET", path: "/v1/oauth/authorize")
        request.query = "redirect_uri=https%3A%2F%2Fwallet.example%2Fcb%3Fa%3D1%0D%0Ax&state=a%20b"
        let answer = StubAnswers.answer(request)
        #expect(answer.status == 302)
        let location = try #require(answer.fields.first { $0.name == "Location" }?.value)
        #expect(location.hasPrefix("https://wallet.example/cb?a=1x&code="))
        #expect(location.hasSuffix("&state=a%20b"))
    }

    @Test("it answers over a connection, also to a body in chunks")
    func connection() throws {
        let issuer = try StubIssuer()
        let stream = try BlockingStream(connectingTo: issuer.port)
        let head = "POST /v1/oauth/token HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
        let body = "Transfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n"
        try stream.write(Array((head + body).utf8))
        let answer = try stream.read()
        #expect(String(decoding: answer, as: UTF8.self).hasPrefix("HTTP/1.1 200 OK\r\n"))
    }
}

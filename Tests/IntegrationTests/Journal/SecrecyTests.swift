import Foundation
import Testing

@Suite("Secrets")
struct SecrecyTests {
    @Test func `no token, code, cookie or secret is written anywhere`() throws {
        let scene = try GatewayScene.serving(
            .with { $0.upstream = ["header X-API-Key s3cret-of-the-upstream"] },
            upstream: { call in
                _ = try call.body()
                try call.respond(
                    201,
                    text:
                        #"{"uri":"openid-credential-offer://?code=s3cret-code","transactionCode":"s3cret-pin"}"#,
                    [
                        Field("Set-Cookie", "session=s3cret-session"),
                        Field("Location", "https://wallet.test/cb?code=s3cret-redirect"),
                    ]
                )
            }
        )
        let token = try TokenOrder().signed()
        let signature = String(token.split(separator: ".")[2])
        let requests = [
            Request("POST", ScenePolicy.offers).bearing(token).with(
                body: #"{"claims":"s3cret-claims"}"#
            ),
            Request("GET", "/v1/oauth/authorize?code=s3cret-query&state=s3cret-state"),
            Request("POST", "/v1/openid/credential").with(body: "s3cret-body")
                .with("Authorization", "Bearer s3cret-wallet").with("Cookie", "s3cret-cookie"),
            Request("GET", "/guarded/x?access_token=s3cret-param").bearing(token + "x"),
            Request("GET", "/guarded/x").bearing("s3cret.bearer.token"),
            Request("GET", "/unnamed/s3cret-path"),
            Request("GET", "/open//x?s3cret-path"),
            Request("GET", "/open/x").with("Content-Length", "s3cret-length"),
        ]
        for request in requests { _ = try scene.exchange(request) }
        let metrics = try scene.admin("GET", "/metrics").text
        let ready = try scene.admin("GET", "/readyz").text
        let complaints = scene.complaints
        let printed = try scene.events().map(\.description).joined()
        scene.end()
        var places = ["metrics": metrics, "readyz": ready, "stderr": complaints, "events": printed]
        places["stdout"] = scene.gateway?.outputText
        for (file, contents) in try scene.folder.contents(below: "events") {
            places[file] = String(decoding: contents, as: UTF8.self)
        }
        for (place, text) in places {
            #expect(!text.contains("s3cret"), "in \(place)")
            #expect(!text.contains(signature), "in \(place)")
        }
    }
}

@Suite("Secrets and what is captured")
struct CapturedSecrecyTests {
    @Test("at no level a secret is in anything that can be read", arguments: [1, 2, 3])
    func level(_ level: Int) throws {
        let scene = try CaptureScene.serving { settings in
            settings.analytics = ["level \(level)"]
            settings.upstream = ["header X-API-Key s3cret-of-the-upstream"]
        }
        defer { scene.end() }
        var outputs: [String: Data] = [:]
        let secret = "s3cret-of-a-client"
        var requests = try CaptureScene.calls.map { try $0.request() }
        requests += [
            Request("POST", "/v1/oauth/token").with(body: Array("code=\(secret)&x=%zz".utf8))
                .with("Content-Type", "application/x-www-form-urlencoded"),
            Request("POST", "/v1/oauth/par").with(body: Array("client_secret=\(secret)".utf8))
                .with("Content-Type", "application/x-www-form-urlencoded"),
            Request("POST", ScenePolicy.offers).bearing(try TokenOrder().signed())
                .with(body: "{\"transactionCode\":\"\(secret)\""),
            Request("POST", ScenePolicy.offers).bearing(secret).with(body: "{}"),
            Request("GET", "/v1/oauth/authorize?code=\(secret)&code=\(secret)"),
        ]
        for (index, request) in requests.enumerated() {
            let answer = try scene.exchange(request)
            // What the issuer says is for the client; what the gateway says of it is not.
            if index >= CaptureScene.calls.count, answer.status >= 400 {
                outputs["answer \(index)"] = Data(answer.body)
            }
            let identifier = answer["X-Request-Id"] ?? "none"
            outputs["explain \(index)"] = Data(
                try scene.admin("GET", "/explain/\(identifier)").body
            )
        }
        let query = Request("GET", "/v1/events").bearing(try TokenOrder().signed())
        outputs["query"] = Data(try scene.exchange(query).body)
        outputs["command"] = Data(try scene.events().map(\.description).joined().utf8)
        #expect(outputs.count > requests.count)
        PlantedSecrets.expectNone(in: outputs)
    }

    @Test func `what is looked for is found`() {
        let journal = Data(repeating: 0, count: 100_000) + Data("x s3cre s3cret".utf8)
        #expect(PlantedSecrets.contains(journal, "s3cret"))
        #expect(!PlantedSecrets.contains(journal, "s3crets"))
        #expect(!PlantedSecrets.contains(Data(), "s3cret"))
    }
}

@Suite("A journal that cannot be")
struct JournalFailureTests {
    @Test func `a folder that cannot be made is named, and nothing starts`() throws {
        let scene = try GatewayScene()
        defer { scene.end() }
        try scene.folder.write("events", "a file where a folder should be")
        let outcome = try Command.postern(["serve", "--config", scene.configuration], seconds: 10)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("events"), "\(outcome.errors)")
    }
}

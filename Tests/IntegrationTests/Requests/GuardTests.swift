import Foundation
import Testing

@Suite("Guarded transaction codes")
struct GuardTests {
    private static let path = "/v1/oauth/token"

    /// An issuer that takes the transaction code 4711 for every pre-authorized code, as often as it
    /// is asked.
    private func scene(_ change: (inout SceneSettings) -> Void = { _ in }) throws -> GatewayScene {
        var settings = SceneSettings()
        settings.policy += """

            route token {
                match POST \(Self.path)
                public
                event OPENID_TOKEN
                errors oauth
                body form
                guard attempts 3 by form pre-authorized_code
                response no-store
            }
            """
        change(&settings)
        return try GatewayScene.serving(settings) { call in
            let body = String(decoding: try call.body(), as: UTF8.self)
            let isRight = body.contains("tx_code=4711")
            if body.contains("tx_code=broken") { return try call.respond(500, text: "broken") }
            if !body.contains("tx_code") { return try call.respond(400, text: "no code") }
            try call.respond(isRight ? 200 : 400, text: isRight ? "token" : "wrong")
        }
    }

    private func request(_ code: String, _ pin: String?, name: String = "tx_code") -> Request {
        var form = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Apre-authorized_code"
        form += "&pre-authorized_code=\(code)"
        if let pin { form += "&\(name)=\(pin)" }
        return Request("POST", Self.path).with(body: Array(form.utf8))
            .with("Content-Type", "application/x-www-form-urlencoded")
    }

    private func expectExceeded(_ answer: Response) {
        #expect(answer.status == 400)
        #expect(answer.json?["error"]?.string == "invalid_grant")
        let words = answer.json?["error_description"]?.string ?? ""
        #expect(words.hasPrefix("attempts-exceeded"), "\(answer.text)")
        #expect(answer["Cache-Control"] == "no-store")
    }

    @Test func `after three wrong codes the right one is refused without asking the issuer`() throws
    {
        let scene = try scene()
        defer { scene.end() }
        for _ in 0..<3 { #expect(try scene.exchange(request("one", "0000")).text == "wrong") }
        let answer = try scene.exchange(request("one", "4711"))
        expectExceeded(answer)
        // However the same code is spelt, and with no transaction code at all.
        expectExceeded(try scene.exchange(request("%6Fne", "4711")))
        expectExceeded(try scene.exchange(request("one", nil)))
        #expect(scene.upstream.arrivals(at: Self.path).count == 3)
        #expect(try scene.exchange(request("two", "4711")).text == "token")
        let events = try scene.events(ofRequest: answer["X-Request-Id"] ?? "none")
        #expect(events.map(\.type) == ["OPENID_TOKEN_START", "OPENID_TOKEN_FAIL"])
        #expect(events.contains { $0.names("attempts-exceeded") })
    }

    @Test func `of many guesses at one time three reach the issuer`() throws {
        let scene = try scene()
        defer { scene.end() }
        let conversations = try (0..<20).map { _ in try scene.connect() }
        defer { for conversation in conversations { conversation.close() } }
        for (number, conversation) in conversations.enumerated() {
            try conversation.send(request("one", "000\(number)"))
        }
        let answers = try conversations.map { try $0.response(to: "POST") }
        #expect(answers.count { $0.text == "wrong" } == 3)
        for answer in answers where answer.text != "wrong" { expectExceeded(answer) }
        #expect(scene.upstream.arrivals(at: Self.path).count == 3)
    }

    @Test func `a success takes the attempts back, a failure of the issuer counts`() throws {
        let scene = try scene()
        defer { scene.end() }
        for _ in 0..<2 { _ = try scene.exchange(request("one", "0000")) }
        #expect(try scene.exchange(request("one", "4711")).text == "token")
        for _ in 0..<2 { _ = try scene.exchange(request("one", "0000")) }
        #expect(try scene.exchange(request("one", "broken")).status == 500)
        expectExceeded(try scene.exchange(request("one", "4711")))
    }

    @Test func `a request without a transaction code is no attempt`() throws {
        let scene = try scene()
        defer { scene.end() }
        for _ in 0..<6 { #expect(try scene.exchange(request("one", nil)).text == "no code") }
        #expect(try scene.exchange(request("one", "4711")).text == "token")
        for _ in 0..<3 { _ = try scene.exchange(request("old", "0000", name: "user_pin")) }
        expectExceeded(try scene.exchange(request("old", "4711")))
    }

    @Test func `attempts outlive a gateway that is killed`() throws {
        let scene = try scene()
        defer { scene.end() }
        for _ in 0..<2 { _ = try scene.exchange(request("one", "0000")) }
        scene.kill()
        try scene.start()
        #expect(try scene.exchange(request("one", "0000")).text == "wrong")
        expectExceeded(try scene.exchange(request("one", "4711")))
        scene.kill()
        try scene.start()
        expectExceeded(try scene.exchange(request("one", "4711")))
        #expect(try scene.exchange(request("two", "4711")).text == "token")
    }

    @Test func `a damaged file of attempts stops the start and is named`() throws {
        let scene = try scene()
        defer { scene.end() }
        _ = scene.terminate()
        try scene.folder.write("events/attempts", "postern attempts 1\n")
        let outcome = try Command.postern(["serve", "--config", scene.configuration], seconds: 20)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("events/attempts` are damaged"), "\(outcome.errors)")
    }

    @Test func `what the guard looks for has one place`() throws {
        let scene = try scene()
        defer { scene.end() }
        var query = request("one", nil)
        query.target += "?tx_code=4711"
        #expect(try scene.exchange(query).status == 400)
        query.target = Self.path + "?pre-authorized%5Fcode=one"
        #expect(try scene.exchange(query).status == 400)
        let twice = request("one", "4711&pre-authorized_code=two")
        #expect(try scene.exchange(twice).status == 400)
        for name in ["pre_authorized_code=one&tx_code", "x=1&TX-CODE", "transactionCode"] {
            #expect(try scene.exchange(request("one", "4711", name: name)).status == 400, "\(name)")
        }
        let json = Request("POST", Self.path).with(body: #"{"pre-authorized_code":"one"}"#)
        #expect(try scene.exchange(json).status == 415)
        #expect(scene.upstream.arrivals(at: Self.path).isEmpty)
    }

    @Test func `neither code is written anywhere`() throws {
        let scene = try scene()
        for _ in 0..<5 { _ = try scene.exchange(request("s3cret-code", "s3cret-pin")) }
        var places = [
            "metrics": try scene.admin("GET", "/metrics").text, "stderr": scene.complaints,
        ]
        scene.end()
        for (file, contents) in try scene.folder.contents(below: "events") {
            places[file] = String(decoding: contents, as: UTF8.self)
        }
        #expect(places.keys.contains { $0.hasSuffix("attempts") })
        for (place, text) in places { #expect(!text.contains("s3cret"), "in \(place)") }
    }
}

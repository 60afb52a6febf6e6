import Foundation
import Testing

/// Bodies that are looked at while they pass.
@Suite(
    "Answers and bodies that pass by",
    .scene(PassingScene.settings, upstream: PassingScene.answer)
)
struct AnswerCaptureTests {
    static let answers: [(path: String, told: [String: JSON])] = [
        ("length", ["id": "offer-1"]), ("pieces", ["id": "offer-1"]),
        ("chunked", ["id": "offer-1"]),
        ("close", ["id": "offer-1"]), ("suffix", ["id": "offer-1"]), ("nearly", ["id": "offer-1"]),
        ("large", [:]), ("gzip", [:]), ("text", [:]), ("latin", [:]), ("broken", [:]),
        ("twice", [:]), ("list", [:]), ("empty", [:]), ("error", [:]),
    ]

    @Test("of an answer that is JSON, small and good", arguments: answers)
    func ofAnswer(_ path: String, _ told: [String: JSON]) throws {
        let scene = try GatewayScene.here()
        let response = try scene.exchange(Request("GET", "/answer/\(path)"))
        #expect(response.body == PassingScene.body(path))
        let events = try scene.events(ofRequest: response["X-Request-Id"] ?? "none")
        #expect(events.count == 2)
        #expect(events.last.map(CaptureScene.told) == told, "\(events)")
    }

    @Test func `the event of an answer is there when the answer is`() throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        defer { conversation.close() }
        for _ in 0..<50 {
            let response = try conversation.exchange(Request("GET", "/answer/chunked"))
            let events = try scene.events(["--request", response["X-Request-Id"] ?? "none"])
            #expect(events.last.map(CaptureScene.told) == ["id": "offer-1"])
        }
    }

    @Test func `a body that has come with its head is told at the START`() throws {
        let scene = try GatewayScene.here()
        for (type, body) in [
            ("application/json", #"{"userId":"u","pin":"s3cret"}"#),
            ("application/x-www-form-urlencoded", "userId=u&pin=s3cret"),
        ] {
            let request = Request("POST", "/body/whole").with("Content-Type", type)
            let response = try scene.exchange(request.with(body: Array(body.utf8)))
            #expect(response.text == body)
            let events = try scene.events(ofRequest: response["X-Request-Id"] ?? "none")
            #expect(events.map(CaptureScene.told) == [["userId": "u"], [:]])
        }
    }

    @Test("a body that comes later is told with the outcome", arguments: ["length", "chunked"])
    func late(_ framing: String) throws {
        let scene = try GatewayScene.here()
        let conversation = try scene.connect()
        defer { conversation.close() }
        let body = Array(#"{"a":[1,2,3],"userId":"late"}"#.utf8)
        let bytes = HeldBodyTests.bytes("/body/late?\(framing)", body, framing)
        try conversation.send(Array(bytes.dropLast(12)))
        let begun = scene.upstream.waitUntil { record in
            record.arrivals.contains { $0.target == "/body/late?\(framing)" }
        }
        #expect(begun)
        try conversation.send(Array(bytes.suffix(12)))
        let response = try conversation.response()
        #expect(response.body == body)
        let events = try scene.events(ofRequest: response["X-Request-Id"] ?? "none")
        #expect(events.map(CaptureScene.told) == [[:], ["userId": "late"]])
    }

    @Test func `hundreds of answers that are copied at a time give their memory back`() throws {
        let scene = try GatewayScene.here()
        for round in 0..<3 {
            let conversations = try (0..<300).map { _ in try scene.connect() }
            for (index, conversation) in conversations.enumerated() {
                try conversation.send(Request("GET", "/answer/slow?\(round)"))
                if index % 3 == 0 { conversation.wire.abort() }
            }
            for (index, conversation) in conversations.enumerated() where index % 3 != 0 {
                #expect(try conversation.response(seconds: 20).status == 200)
                conversation.close()
            }
        }
        let response = try scene.exchange(Request("GET", "/answer/length"))
        let events = try scene.events(ofRequest: response["X-Request-Id"] ?? "none")
        #expect(events.last.map(CaptureScene.told) == ["id": "offer-1"])
    }
}

private enum PassingScene {
    static let settings = SceneSettings.with { settings in
        settings.policy = """
            route answers {
                match GET /answer/{kind}
                public
                event TEST_ANSWER
                capture response id
            }
            route bodies {
                match POST /body/{kind}
                public
                event TEST_BODY
                capture body userId
            }
            """
    }

    static let small = #"{"id":"offer-1","uri":"s3cret","transactionCode":"s3cret"}"#

    static func body(_ path: String) -> [UInt8] {
        let text =
            switch path {
            case "nearly": #"{"id":"offer-1","x":"\#(String(repeating: "x", count: 65_400))"}"#
            case "large": #"{"id":"offer-1","x":"\#(String(repeating: "x", count: 65_600))"}"#
            case "broken": #"{"id":"offer-1""#
            case "twice": #"{"id":"offer-1","id":"offer-2"}"#
            case "list": #"["id","offer-1"]"#
            case "empty": ""
            default: small
            }
        return Array(text.utf8)
    }

    static let answer: RecordingUpstream.Script = { call in
        let path = String(call.path.split(separator: "/").last ?? "")
        let sent = try call.body()
        if call.method == "POST" { return try call.respond(200, body: sent) }
        let body = body(path)
        let json = Field("Content-Type", "application/json; charset=UTF-8")
        switch path {
        case "pieces":
            try call.send(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.count)\r\n\r\n"
            )
            for byte in body {
                try call.send([byte])
                usleep(500)
            }
        case "slow":
            try call.send(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.count)\r\n\r\n"
            )
            try call.send(Array(body.prefix(9)))
            usleep(200_000)
            try call.send(Array(body.dropFirst(9)))
        case "chunked":
            try call.send(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n"
            )
            for piece in [body.prefix(7), body.dropFirst(7).prefix(20), body.dropFirst(27)] {
                try call.send("\(String(piece.count, radix: 16))\r\n")
                try call.send(Array(piece) + [13, 10])
            }
            try call.send("0\r\n\r\n")
        case "close":
            try call.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
            try call.send(body)
            call.close()
        case "suffix":
            try call.respond(200, body: body, [Field("Content-Type", "application/hal+json")])
        case "gzip": try call.respond(200, body: body, [json, Field("Content-Encoding", "gzip")])
        case "text": try call.respond(200, body: body, [Field("Content-Type", "text/plain")])
        case "latin":
            let type = "application/json; charset=iso-8859-1"
            try call.respond(200, body: body, [Field("Content-Type", type)])
        case "error": try call.respond(404, body: body, [json])
        default: try call.respond(200, body: body, [json])
        }
    }
}

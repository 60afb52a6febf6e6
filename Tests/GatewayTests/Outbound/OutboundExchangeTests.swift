import HTTP
import Testing

@testable import Gateway

@Suite("Outbound exchange")
struct OutboundExchangeTests {
    /// What becomes of an answer that comes in pieces of the lengths given, and the end after them.
    static func outcome(
        _ answer: String,
        cutAt cuts: [Int] = [],
        _ change: (inout OutboundRequest) -> Void = { _ in }
    ) throws -> Result<OutboundExchange.Step, OutboundFailure> {
        let url = try #require(OutboundURL("https://idp.example/a/b?c"))
        var request = OutboundRequest(url)
        request.answerBytesMax = 64
        change(&request)
        var exchange = OutboundExchange(request)
        var rest = Array(answer.utf8)[...]
        do throws(OutboundFailure) {
            var begun = 0
            for cut in cuts + [rest.count] {
                let piece = Array(rest.prefix(cut - begun))
                rest = rest.dropFirst(piece.count)
                begun = cut
                let step = try exchange.received(piece.span)
                if step != .wantsMore {
                    // What is cut off here belongs to no answer.
                    return .success(step)
                }
            }
            return .success(try exchange.ended())
        } catch { return .failure(error) }
    }

    static func finished(
        _ body: String,
        status: Int = 200,
        maxAge: Int64? = nil,
        staysOpen: Bool = true
    ) -> Result<OutboundExchange.Step, OutboundFailure> {
        let answer = OutboundAnswer(
            status: status,
            body: Array(body.utf8),
            maxAgeSeconds: maxAge
        )
        return .success(.finished(answer, staysOpen: staysOpen))
    }

    static let cutOff = OutboundFailure.connection("closed before the answer was complete")

    typealias Case = (String, Result<OutboundExchange.Step, OutboundFailure>)

    static let answers: [Case] = [
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", finished("abc")),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", finished("")),
        ("HTTP/1.1 204 No\r\n\r\n", finished("", status: 204)),
        (
            "HTTP/1.1 503 No\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx",
            finished("x", status: 503, staysOpen: false)
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nab\r\n1\r\nc\r\n0\r\nT: 1\r\n\r\n",
            finished("abc")
        ),
        ("HTTP/1.1 200 OK\r\n\r\nabc", finished("abc", staysOpen: false)),
        ("HTTP/1.0 200 OK\r\n\r\nabc", finished("abc", staysOpen: false)),
        ("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", finished("a", staysOpen: false)),
        (
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nA: b\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nCache-Control: max-age=9\r\nAge: 2\r\n"
                + "Content-Encoding: identity\r\nContent-Length: 1\r\n\r\na",
            finished("a", maxAge: 7)
        ),
    ]

    @Test("an answer is the same wherever it is cut", arguments: answers)
    func reads(
        _ answer: String,
        _ wanted: Result<OutboundExchange.Step, OutboundFailure>
    ) throws {
        for first in 0...answer.utf8.count {
            #expect(try Self.outcome(answer, cutAt: [first]) == wanted, "cut at \(first)")
        }
        let bytes = Array(1...answer.utf8.count)
        #expect(try Self.outcome(answer, cutAt: bytes) == wanted, "byte by byte")
    }

    static let failures: [(String, OutboundFailure)] = [
        ("", cutOff), ("HTTP/1.1 200 OK\r\nA: b\r\n", cutOff),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", cutOff),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", cutOff),
        ("HTTP/1.1 100 Continue\r\n\r\n", cutOff),
        ("HTTP/2 200\r\n\r\n", .notHTTP), ("nonsense\r\n\r\n", .notHTTP), ("\0\u{1}", .notHTTP),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na", .notHTTP),
        ("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", .notHTTP),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", .notHTTP),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            .notHTTP
        ),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", .notHTTP),
        ("HTTP/1.1 101 Switching\r\n\r\n", .notHTTP),
        (String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 17), .notHTTP),
        ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\na", .encoded),
        ("HTTP/1.1 200 OK\r\nContent-Length: 65\r\n\r\n", .tooLarge),
        ("HTTP/1.1 200 OK\r\nContent-Length: 999999999999999999\r\n\r\n", .tooLarge),
        ("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "a", count: 65), .tooLarge),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n41\r\n"
                + String(repeating: "a", count: 65),
            .tooLarge
        ),
        ("HTTP/1.1 200 OK\r\nA: " + String(repeating: "a", count: 40_000), .tooLarge),
    ]

    @Test(
        "an answer that cannot be used is the same failure wherever it is cut",
        arguments: failures
    )
    func fails(_ answer: String, _ wanted: OutboundFailure) throws {
        let length = answer.utf8.count
        for first in 0...min(length, 400) {
            #expect(try Self.outcome(answer, cutAt: [first]) == .failure(wanted), "cut at \(first)")
        }
        guard length <= 400 else { return }
        let bytes = Array(1..<max(length, 1))
        #expect(try Self.outcome(answer, cutAt: bytes) == .failure(wanted), "byte by byte")
    }

    @Test func `bytes after the answer close the connection`() throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab"
        #expect(try Self.outcome(answer) == Self.finished("a", staysOpen: false))
    }

    static let redirects: [(status: Int, location: String, url: String?)] = [
        (301, "/x", "https://idp.example/x"), (302, "x", "https://idp.example/a/x"),
        (303, "?y", "https://idp.example/a/b?y"), (307, "//IDP.example/z", "https://IDP.example/z"),
        (308, "https://idp.example:443/x#frag", "https://idp.example:443/x"),
        (302, "http://idp.example/x", nil), (302, "https://idp.example:444/x", nil),
        (302, "https://evil.example/x", nil), (302, "//evil.example/", nil),
        (302, "https://idp.example@evil.example/", nil), (302, "javascript:x", nil),
        (302, "/a b", nil),
    ]

    @Test("a redirect is followed on the same origin only", arguments: redirects)
    func follows(_ status: Int, _ location: String, _ wanted: String?) throws {
        let answer =
            "HTTP/1.1 \(status) See\r\nLocation: \(location)\r\nContent-Length: 2\r\n\r\nab"
        let url = try #require(OutboundURL("https://idp.example/a/b?c"))
        var request = OutboundRequest(url)
        request.redirectsMax = 1
        var exchange = OutboundExchange(request)
        guard let wanted else {
            #expect(throws: OutboundFailure.redirected) {
                try exchange.received(Array(answer.utf8).span)
            }
            return
        }
        #expect(try exchange.received(Array(answer.utf8).span) == .follow(staysOpen: true))
        #expect(exchange.url.description == wanted)
        #expect(throws: OutboundFailure.redirected, "one more than allowed") {
            try exchange.received(Array(answer.utf8).span)
        }
    }

    @Test func `a redirect without a place, of a POST, or unwanted is a failure`() throws {
        let answer = "HTTP/1.1 302 See\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n"
        let two = "HTTP/1.1 302 See\r\nLocation: /x\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n"
        let none = "HTTP/1.1 302 See\r\nContent-Length: 0\r\n\r\n"
        let refused = Result<OutboundExchange.Step, OutboundFailure>.failure(.redirected)
        #expect(try Self.outcome(answer) == refused)
        for text in [two, none] {
            #expect(try Self.outcome(text) { $0.redirectsMax = 3 } == refused)
        }
        #expect(
            try Self.outcome(answer) {
                $0.redirectsMax = 3
                $0.method = .post
            } == refused
        )
        #expect(
            try Self.outcome("HTTP/1.1 304 Same\r\n\r\n") { $0.redirectsMax = 3 }
                == Self.finished("", status: 304)
        )
    }

    @Test func `a request is written whole`() throws {
        let url = try #require(OutboundURL("http://127.0.0.1:8080/a?b=c"))
        var request = OutboundRequest(url)
        let common =
            "Host: 127.0.0.1:8080\r\nUser-Agent: postern/\(ProductVersion.text)\r\n"
            + "Accept-Encoding: identity\r\n"
        #expect(
            String(decoding: OutboundExchange(request).message, as: UTF8.self)
                == "GET /a?b=c HTTP/1.1\r\n\(common)\r\n"
        )
        request.method = .post
        request.fields = [.init(name: "Accept", value: "application/json")]
        request.body = Array("x=y".utf8)
        #expect(
            String(decoding: OutboundExchange(request).message, as: UTF8.self)
                == "POST /a?b=c HTTP/1.1\r\n\(common)Accept: application/json\r\n"
                + "Content-Length: 3\r\n\r\nx=y"
        )
    }
}

import HTTP
import Testing

@Suite("Head scanner")
struct HeadScannerTests {
    static let complete = [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "DELETE /v1/openid/offers/pre-authorized/x?y=z HTTP/1.1\r\nHost: acme.example:8443\r\n"
            + "Authorization: Bearer abc.def.ghi\r\nX-Tab: a\tb\r\nEmpty:\r\nAccept: */*\r\n\r\n",
    ]

    @Test("the end is the same for every split", arguments: complete, ["", "GET", "\r\n\r\n"])
    func everySplit(_ head: String, _ rest: String) {
        let (outcome, differing) = scanEverySplit(Array((head + rest).utf8))
        #expect(outcome == .complete(length: head.utf8.count))
        #expect(differing.isEmpty)
        #expect(failure(ofRequest: Array(head.utf8)) == nil)
    }

    @Test("no part of a good head is refused", arguments: complete)
    func incomplete(_ head: String) {
        let bytes = Array(head.utf8)
        for length in 0..<bytes.count {
            #expect(scan(bytes, growingTo: [length]) == .incomplete, "\(length)")
        }
    }

    static let early: [(start: String, failure: HeadFailure)] = [
        ("\u{16}", .requestMalformed),
        ("\n", .requestMalformed),
        ("\r\n\r", .requestMalformed),
        ("GET /\r", .requestMalformed),
        ("GET / x", .requestMalformed),
        ("GET / HTTP/1.1 ", .requestMalformed),
        ("GET / HTTP/1.1\n", .requestMalformed),
        ("GET / HTTP/2.0", .versionNotSupported),
        ("PRI * HTTP/2.0", .versionNotSupported),
        ("GET / HTTP/1.1\r\n ", .headerMalformed),
        ("GET / HTTP/1.1\r\n:", .headerMalformed),
        ("GET / HTTP/1.1\r\nHost ", .headerMalformed),
        ("GET / HTTP/1.1\r\nHost\r", .headerMalformed),
        ("GET / HTTP/1.1\r\nHost: a\n", .headerMalformed),
        ("GET / HTTP/1.1\r\nHost: a\0", .headerMalformed),
        ("GET / HTTP/1.1\r\nHost: a\rb", .headerMalformed),
        ("GET / HTTP/1.1\r\nHost: a\r\n\t", .headerMalformed),
    ]

    @Test("a fault is refused at its byte, not at the end of the head", arguments: early)
    func refusedEarly(_ example: (start: String, failure: HeadFailure)) {
        let bytes = Array(latin1: example.start)
        let (outcome, differing) = scanEverySplit(bytes)
        #expect(outcome == .refused(example.failure))
        #expect(differing.isEmpty)
        #expect(scan(bytes, growingTo: [bytes.count - 1]) == .incomplete, "one byte earlier")
    }

    @Test func `a target over its limit is refused before its end arrives`() {
        let limits = HeadLimits(targetBytesMax: 16)
        let longest = Array(("GET /" + String(repeating: "a", count: 15)).utf8)
        #expect(scan(longest, growingTo: [longest.count], limits: limits) == .incomplete)
        let (outcome, differing) = scanEverySplit(longest + [0x61], limits: limits)
        #expect(outcome == .refused(.targetTooLong))
        #expect(differing.isEmpty)
        let whole = Array("GET /aaaaaaaaaaaaaaaa HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        #expect(failure(ofRequest: whole, limits: limits) == .targetTooLong)
    }

    @Test func `a head may be as long as the limit and no longer`() {
        let head = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        let exact = HeadLimits(headBytesMax: head.count)
        let exactOutcome = scanEverySplit(head, limits: exact)
        #expect(exactOutcome.outcome == .complete(length: head.count))
        #expect(exactOutcome.differing.isEmpty)
        let short = HeadLimits(headBytesMax: head.count - 1)
        let shortOutcome = scanEverySplit(head, limits: short)
        #expect(shortOutcome.outcome == .refused(.headersTooLarge))
        #expect(shortOutcome.differing.isEmpty)
        #expect(failure(ofRequest: head, limits: short) == .headersTooLarge)
    }

    @Test func `an endless head is refused when the limit is reached`() {
        let endless = Array(("GET / HTTP/1.1\r\nX: " + String(repeating: "a", count: 90)).utf8)
        let (outcome, differing) = scanEverySplit(endless, limits: HeadLimits(headBytesMax: 64))
        #expect(outcome == .refused(.headersTooLarge))
        #expect(differing.isEmpty)
    }

    @Test func `one field line too many is refused where it begins`() {
        let bytes = Array("GET / HTTP/1.1\r\nA: 1\r\nB: 2\r\nC".utf8)
        let (outcome, differing) = scanEverySplit(bytes, limits: HeadLimits(fieldsMax: 2))
        #expect(outcome == .refused(.headersTooLarge))
        #expect(differing.isEmpty)
    }

    @Test func `a scanner knows whether anything has arrived`() throws {
        var scanner = HeadScanner()
        let arrived = Array("G".utf8)
        _ = try scanner.scan(arrived.span.extracting(first: 0), limits: HeadLimits())
        #expect(scanner.isAtStart)
        _ = try scanner.scan(arrived.span, limits: HeadLimits())
        #expect(!scanner.isAtStart)
    }

    /// Every single-byte change of a good head has the same outcome at the scanner and the parser:
    /// what the scanner refuses the parser refuses too, and for the same reason.
    @Test func `scanner and parser agree on every changed byte`() {
        let good = Array("GET /a?b HTTP/1.1\r\nHost: a\r\nX-Y: z\r\n\r\n".utf8)
        for index in good.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = good
                changed[index] = byte
                guard case .refused(let reason) = scan(changed, growingTo: [changed.count]) else {
                    continue
                }
                #expect(failure(ofRequest: changed) == reason, "byte \(byte) at \(index)")
            }
        }
    }
}

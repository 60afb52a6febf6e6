import HTTP
import Testing

@testable import Gateway

@Suite("Returned nonce")
struct ReturnedNonceTests {
    private static let nonce = "a-nonce-of-the-gateway"

    /// The head that a client sees of an answer that carries a nonce of the upstream's.
    private func returned(_ exchange: borrowing Exchange) throws -> String {
        let answer = """
            HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nDPoP-Nonce: theirs\r\n\
            Content-Length: 0\r\n\r\n
            """
        let bytes = Array(answer.utf8)
        var head = ResponseHead(limits: HeadLimits())
        try head.parse(bytes.span)
        var output = OutputBuffer(capacity: 1_024)
        ReturnedHead.write(
            head,
            bytes.span,
            exchange: exchange,
            isLast: false,
            noStore: exchange.noStore,
            to: &output
        )
        return text(output)
    }

    private func text(_ output: borrowing OutputBuffer) -> String {
        let span = output.span
        return String(decoding: span.indices.map { span[$0] }, as: UTF8.self)
    }

    @Test func `an answer that tells a nonce is not to be stored`() throws {
        var exchange = Exchange()
        exchange.offer(Array(Self.nonce.utf8))
        let head = try returned(exchange)
        #expect(head.contains("\r\nDPoP-Nonce: \(Self.nonce)\r\n"))
        #expect(head.contains("\r\nCache-Control: no-store\r\n"))
        #expect(!head.contains("max-age"))
    }

    @Test func `without one of ours the upstream's passes where no token is wanted`() throws {
        let head = try returned(Exchange())
        #expect(head.contains("\r\nDPoP-Nonce: theirs\r\n"))
        #expect(head.contains("\r\nCache-Control: max-age=60\r\n"))
    }

    @Test func `an answer of our own tells it too`() {
        var exchange = Exchange()
        exchange.offer(Array(Self.nonce.utf8))
        var output = OutputBuffer(capacity: 1_024)
        LocalResponse.write(
            status: 200,
            length: 2,
            caching: "no-store",
            exchange: exchange,
            date: HTTPDate(),
            isLast: false,
            to: &output
        )
        #expect(text(output).contains("\r\nDPoP-Nonce: \(Self.nonce)\r\n"))
    }
}

import HTTP
import Testing

@testable import Gateway

@Suite("Held requests")
struct HeldRequestTests {
    private static func request(_ body: String, bytesMax: Int = 1_000) -> HeldRequest? {
        var request = HeldRequest(
            head: Array("POST / HTTP/1.1\r\nHost: a\r\n\r\n".utf8),
            faults: [],
            bodyBytesMax: bytesMax
        )
        return request.append(Array(body.utf8).span) ? request : nil
    }

    @Test("The head gets the body's length, and the body if it fits", arguments: [100, 40])
    func write(_ gatherBytesMax: Int) throws {
        let request = try #require(Self.request("hello"))
        var output = OutputBuffer(capacity: 200)
        let isAll = request.write(to: &output, gatherBytesMax: gatherBytesMax)
        #expect(isAll == (gatherBytesMax == 100))
        let text = String(decoding: output.span.copied, as: UTF8.self)
        let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"
        #expect(text == head + (isAll ? "hello" : ""))
    }

    @Test func `a body takes so many bytes and no more`() {
        #expect(Self.request("hello", bytesMax: 5) != nil)
        #expect(Self.request("hello!", bytesMax: 5) == nil)
    }

    @Test(
        "A field of a form is found and decoded",
        arguments: [
            ("a=1&tx=2&tx=3", "2"), ("t%78=a%2Bb+c", "a+b c"), ("tx", ""), ("a=tx", nil),
            ("tx=%zz", nil), ("", nil),
        ]
    )
    func field(_ body: String, _ value: String?) throws {
        let request = try #require(Self.request(body))
        let found = request.field(Array("tx".utf8)).map { String(decoding: $0, as: UTF8.self) }
        #expect(found == value)
    }
}

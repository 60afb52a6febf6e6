import Testing

@testable import Gateway

@Suite("HTTP date")
struct HTTPDateTests {
    @Test(
        "a moment is written as RFC 9110 wants it",
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
            (1_798_761_599, "Thu, 31 Dec 2026 23:59:59 GMT"),
        ]
    )
    func text(_ seconds: Int64, _ wanted: String) {
        var date = HTTPDate()
        date.advance(to: 1)
        date.advance(to: seconds)
        let text = date.text
        #expect(String(decoding: text.indices.map { text[$0] }, as: UTF8.self) == wanted)
    }
}

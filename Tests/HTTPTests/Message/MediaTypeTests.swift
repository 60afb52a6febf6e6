import HTTP
import Testing

@Suite("Charsets of media types")
struct MediaTypeTests {
    @Test(
        "UTF-8 is the only charset that may be named",
        arguments: [
            ("application/json", true), ("application/json; charset=utf-8", true),
            ("application/json;CHARSET=\"UTF-8\" ; x=y", true), ("application/json;", true),
            ("application/json; ; x=\"a;b\"", true), ("application/json; charset=utf-16", false),
            ("application/json; charset=utf-8x", false), ("application/json; charset", false),
            ("application/json; x=y; charset=latin1", false),
            ("application/json; x=\"y", false), ("application/json; x=\"y\"z", false),
            ("application/json; charset=utf-8; charset=utf-16", false),
        ]
    )
    func utf8(_ value: String, _ isUTF8: Bool) {
        #expect(MediaType.isUTF8(Array(value.utf8).span) == isUTF8)
    }
}

import HTTP
import Testing

@Suite("What an Accept field prefers")
struct AcceptedMediaTests {
    private func prefersHTML(_ values: [String]) -> Bool {
        var media = AcceptedMedia()
        for value in values { media.take(Array(value.utf8).span) }
        return media.prefersHTML
    }

    @Test(
        "A page is preferred by who names it first of all",
        arguments: [
            "text/html", "TEXT/HTML", "text/html;q=0.5", "text/html; charset=utf-8",
            "text/html;q=1",
            "application/xhtml+xml", "text/html,application/json;q=0.9", "text/html ;q=0.001",
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
            "application/json;q=0.2, text/html;level=1;q=0.3", " , text/html", "text/html;q=1.000",
        ]
    )
    func page(_ value: String) {
        #expect(prefersHTML([value]))
    }

    @Test(
        "JSON is for all others",
        arguments: [
            "", "*/*", "text/*", "application/json", "application/json, text/plain, */*",
            "application/json,text/html", "text/html;q=0", "text/html;q=0.4,application/json;q=0.5",
            "text/htmlx", "text/html;q=x", "text/html;q=", "text/html;q=0.0005", "text/html;q=2",
            "text/html;q=0.5.5", ",,;;,", ";q=1", "text/html;q=-1",
        ]
    )
    func json(_ value: String) {
        #expect(!prefersHTML([value]))
    }

    @Test func `several fields count as one`() {
        #expect(prefersHTML(["image/png", "text/html"]))
        #expect(!prefersHTML(["text/html;q=0.5", "application/json"]))
        #expect(!prefersHTML([]))
    }
}

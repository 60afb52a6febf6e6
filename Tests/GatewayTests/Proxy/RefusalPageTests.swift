import HTTP
import Testing

@testable import Gateway

@Suite("The refusal page")
struct RefusalPageTests {
    private func text(_ output: borrowing OutputBuffer) -> String {
        let span = output.span
        return String(decoding: span.indices.map { span[$0] }, as: UTF8.self)
    }

    @Test(
        "Markup becomes text",
        arguments: [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("\"><img src=x onerror='y'>", "&quot;&gt;&lt;img src=x onerror=&#39;y&#39;&gt;"),
            ("&lt;", "&amp;lt;"), ("&&", "&amp;&amp;"), ("plain 123 -_.", "plain 123 -_."),
            ("", ""),
        ]
    )
    func escaping(_ raw: String, _ wanted: String) {
        var output = OutputBuffer(capacity: 512)
        RefusalPage.append(Array(raw.utf8).span, to: &output)
        #expect(text(output) == wanted)
    }

    @Test("Every refusal's page fits and is whole", arguments: Refusal.allCases)
    func whole(_ refusal: Refusal) {
        var output = OutputBuffer(capacity: 4_096)
        RefusalPage.write(refusal.row, Exchange(), to: &output)
        let isWhole = !output.overflowed
        #expect(isWhole)
        let page = text(output)
        #expect(page.hasPrefix("<!DOCTYPE html>\n"))
        #expect(page.hasSuffix("</html>\n"))
        #expect(page.contains(">\(refusal.code)</dd>"))
        for tag in ["html", "head", "body", "main", "dl", "style", "p", "h1"] {
            let opened =
                page.components(separatedBy: "<\(tag)>") + page.components(separatedBy: "<\(tag) ")
            #expect(opened.count == 3, "\(tag)")
            #expect(page.components(separatedBy: "</\(tag)>").count == 2, "\(tag)")
        }
    }

    @Test func `a redirect that would send a form again becomes one that does not`() {
        var exchange = Exchange()
        let other = exchange.statusToClient(of: 307)
        #expect(other == 307)
        exchange.isAuthorization = true
        for (status, wanted) in [(307, 303), (308, 303), (200, 200), (302, 302), (500, 500)] {
            let changed = exchange.statusToClient(of: status)
            #expect(changed == wanted)
        }
    }
}

extension String {
    fileprivate func components(separatedBy text: String) -> [Substring] {
        split(separator: text, omittingEmptySubsequences: false)
    }
}

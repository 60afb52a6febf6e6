import Testing

@testable import Policy

@Suite("Templates")
struct PathTemplateTests {
    static let right: [(String, [PathTemplate.Segment])] = [
        ("/", [.fixed([])]),
        ("/a", [.fixed(Array("a".utf8))]),
        ("/a/", [.fixed(Array("a".utf8)), .fixed([])]),
        ("/{id}", [.parameter(name: "id", type: .string)]),
        ("/{id:uuid}", [.parameter(name: "id", type: .uuid)]),
        ("/{id:int}/x", [.parameter(name: "id", type: .int), .fixed(Array("x".utf8))]),
        ("/{_a-b:slug}/", [.parameter(name: "_a-b", type: .slug), .fixed([])]),
        ("/{rest...}", [.rest(name: "rest")]),
        (
            "/a/{b:string}/{c...}",
            [
                .fixed(Array("a".utf8)), .parameter(name: "b", type: .string), .rest(name: "c"),
            ]
        ),
        ("/caf%C3%A9", [.fixed(Array("caf%C3%A9".utf8))]),
        (
            "/.well-known/a_b~c!$&'()+,=:@",
            [
                .fixed(Array(".well-known".utf8)), .fixed(Array("a_b~c!$&'()+,=:@".utf8)),
            ]
        ),
    ]

    @Test("A template is read into its segments", arguments: right)
    func reads(_ text: String, _ segments: [PathTemplate.Segment]) throws {
        #expect(try PathTemplate(text).segments == segments)
    }

    static let wrong: [(String, String)] = [
        ("", "template `` does not begin with `/`"),
        ("a", "template `a` does not begin with `/`"),
        ("//", "template `//` holds an empty segment"),
        ("/a//b", "template `/a//b` holds an empty segment"),
        ("/{}", "a parameter is a whole segment, not `{}`"),
        ("/a{b}", "a parameter is a whole segment, not `a{b}`"),
        ("/{a}{b}", "a parameter is a whole segment, not `{a}{b}`"),
        ("/{a", "a parameter is a whole segment, not `{a`"),
        ("/a}", "a parameter is a whole segment, not `a}`"),
        ("/{a b}", "`a b` is not a parameter name"),
        ("/{1}", "`1` is not a parameter name"),
        ("/{...}", "`` is not a parameter name"),
        ("/{:uuid}", "`` is not a parameter name"),
        ("/{a:guid}", "unknown parameter type `guid`"),
        ("/{a:}", "unknown parameter type ``"),
        ("/{rest...}/a", "`{rest...}` takes the rest of the path, so it stands last"),
        ("/{a}/{a}", "parameter `a` stands twice in the template"),
        ("/{a}/{a...}", "parameter `a` stands twice in the template"),
        ("/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}", "a template has at most 8 parameters"),
        ("/a/../b", "no canonical path matches segment `..`: it holds a `.` or `..` segment"),
        ("/.", "no canonical path matches segment `.`: it holds a `.` or `..` segment"),
        (
            "/a;b",
            "no canonical path matches segment `a;b`: "
                + "a character may not stand in a path as it is"
        ),
        (
            "/*",
            "no canonical path matches segment `*`: "
                + "a character may not stand in a path as it is"
        ),
        (
            "/%2e",
            "no canonical path matches segment `%2e`: "
                + "`%` is not followed by two upper-case hexadecimal digits"
        ),
        (
            "/%2",
            "no canonical path matches segment `%2`: "
                + "`%` is not followed by two upper-case hexadecimal digits"
        ),
        (
            "/%41",
            "no canonical path matches segment `%41`: "
                + "it encodes a character that has to stand as itself or not at all"
        ),
        (
            "/%2F",
            "no canonical path matches segment `%2F`: "
                + "it encodes a character that has to stand as itself or not at all"
        ),
        ("/%00", "no canonical path matches segment `%00`: it encodes a control character"),
        ("/%C3", "no canonical path matches segment `%C3`: its encoded bytes are not UTF-8"),
        ("/%C2%85", "no canonical path matches segment `%C2%85`: it encodes a control character"),
    ]

    @Test("A template that no request could match is refused", arguments: wrong)
    func refuses(_ text: String, _ message: String) {
        do throws(PathTemplate.Failure) {
            let template = try PathTemplate(text)
            Issue.record("read as \(template.segments)")
        } catch {
            #expect(error.message == message)
        }
    }

    @Test func `a misspelt parameter type is told the nearest one`() {
        #expect(throws: PathTemplate.Failure.self) { try PathTemplate("/{a:uid}") }
        do throws(PathTemplate.Failure) {
            _ = try PathTemplate("/{a:uid}")
        } catch {
            #expect(error.suggestion == "uuid")
        }
    }
}

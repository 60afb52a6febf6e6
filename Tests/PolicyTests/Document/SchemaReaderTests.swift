import Testing

@testable import Policy

@Suite("Lines about query and body")
struct SchemaReaderTests {
    static let cases: [(lines: String, faults: [String])] = [
        ("query a required", []),
        ("query a optional int 1..10\nquery b required one-of x y\nquery c optional uuid", []),
        ("query a required string ..10\nquery b optional string 1..", []),
        ("body none", []), ("body json", []), ("body form 8KB", []),
        ("body json application/vnd.x+json 1MB", []),
        ("body json\nfield a string 1..10 required\nfield b array of string 0..3", []),
        ("body json\nfield a object {\nfield b int required\nfield c array of array of int\n}", []),
        ("body json\nfield a array of object 1..5 required {\nfield b uuid\n}", []),
        ("body form\nfield grant_type string one-of x y required", []),
        ("query a", ["1:1 `query` wants `\(queryUsage)`"]),
        ("query a always", ["1:9 `always` is not `required` or `optional`"]),
        (
            "query a required strng",
            ["1:18 unknown type `strng` (nearest: string)"]
        ),
        ("query a required string x", ["1:25 `x` is no range such as `1..100`"]),
        ("query a required string 5..1", ["1:25 `5..1` is no range such as `1..100`"]),
        ("query a required string ..", ["1:25 `..` is no range such as `1..100`"]),
        ("query a required object", ["1:7 a parameter of a query is no object"]),
        ("query a required one-of", ["1:18 `one-of` needs a value"]),
        ("query a required\nquery a optional", ["2:7 `a` is given twice"]),
        ("field a string", ["1:1 a `field` needs a line `body json` or `body form`"]),
        ("body none\nfield a string", ["2:1 a `field` needs a line `body json` or `body form`"]),
        ("body form\nfield a object", ["2:1 a form has neither objects nor arrays"]),
        ("body xml", ["1:6 `xml` is not `json`, `form` or `none`"]),
        ("body none 1KB", ["1:11 unexpected `1KB`; wanted `body none`"]),
        ("body json 2MB", ["1:11 `2MB` is not between 1B and 1MB"]),
        ("body json\nfield a array", ["2:9 `array` wants `array of TYPE`"]),
        ("body json\nfield a array of", ["2:9 `array` wants `array of TYPE`"]),
        ("body json\nfield a array of list", ["2:18 unknown type `list` (nearest: int)"]),
        (
            "body json\nfield a string {\nfield b string\n}",
            ["2:1 only an object has fields"]
        ),
        ("body json\nfield a string\nfield a int", ["3:7 `a` is given twice"]),
    ]

    private static let queryUsage =
        "query NAME required|optional [TYPE] [MIN..MAX] [one-of VALUE...]"

    @Test("Each is read or refused", arguments: cases)
    func reads(_ lines: String, _ faults: [String]) {
        let text = "\(lines)\n"
        let policy = "route r {\n" + text + "match POST /r\nallow any\n}"
        let found = PolicyText(policy: policy).faults.map { fault in
            // The lines begin on the second.
            let colon = fault.firstIndex(of: ":") ?? fault.startIndex
            let line = (Int(fault[..<colon]) ?? 0) - 1
            return "\(line)\(fault[colon...])"
        }
        #expect(found == faults)
    }
}

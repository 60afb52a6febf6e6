import Policy
import Testing

@Suite("Whose a host is")
struct HostTableTests {
    static let position = SourcePosition(file: 0, line: 1, column: 1)

    private static func table(_ names: [String]) -> (HostTable, [Diagnostic]) {
        var diagnostics: [Diagnostic] = []
        let entries = names.enumerated().map { index, name in
            let position = SourcePosition(file: 0, line: index + 1, column: 1)
            return HostEntry(name: name, tenant: index, position: position)
        }
        let table = HostTable(entries, &diagnostics)
        return (table, diagnostics)
    }

    static let names = [
        "acme.example", "*.example", "*.deep.example", "x.deep.example", "[::1]", "127.0.0.1",
        "localhost", "Mixed.Example",
    ]

    static let hosts: [(String, Int?)] = [
        ("acme.example", 0),
        ("ACME.eXample", 0),
        ("acme.example.", nil),
        ("acme.exampl", nil),
        ("cme.example", 1),
        ("xacme.example", 1),
        ("a.b.example", 1),
        ("example", nil),
        (".example", nil),
        ("a..example", nil),
        ("deep.example", 1),
        ("a.deep.example", 2),
        ("A.B.DEEP.EXAMPLE", 2),
        ("x.deep.example", 3),
        ("y.x.deep.example", 2),
        ("adeep.example", 1),
        ("[::1]", 4),
        ("127.0.0.1", 5),
        ("localhost", 6),
        ("mixed.example", 7),
        ("*.example", 1),
        ("localhost:80", nil),
        ("", nil),
        (".", nil),
        ("a.other", nil),
        (String(repeating: "a.", count: 200) + "example", nil),
    ]

    @Test("An exact name comes first, then the longest suffix", arguments: hosts)
    func finds(_ host: String, _ tenant: Int?) {
        let (table, diagnostics) = Self.table(Self.names)
        #expect(diagnostics.isEmpty)
        #expect(table.tenant(ofHost: Array(host.utf8).span) == tenant)
    }

    @Test func `a name that stands twice is refused, whatever its case`() {
        let (table, diagnostics) = Self.table(["a.example", "*.b", "A.example", "*.B", "b"])
        #expect(diagnostics.map(\.position.line) == [3, 4])
        #expect(
            diagnostics.map(\.message) == [
                "host `A.example` is named twice", "host `*.B` is named twice",
            ]
        )
        #expect(table.tenant(ofHost: Array("a.example".utf8).span) == 0)
    }

    @Test func `an empty table knows nobody`() {
        let (table, _) = Self.table([])
        #expect(table.tenant(ofHost: Array("a.example".utf8).span) == nil)
    }

    @Test func `ten thousand hosts are told apart`() {
        let (table, diagnostics) = Self.table((0..<10_000).map { "tenant\($0).vii.example" })
        #expect(diagnostics.isEmpty)
        for number in 0..<10_000 {
            #expect(table.tenant(ofHost: Array("Tenant\(number).vii.example".utf8).span) == number)
        }
        #expect(table.tenant(ofHost: Array("tenant10000.vii.example".utf8).span) == nil)
    }
}

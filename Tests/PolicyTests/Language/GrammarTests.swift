import Policy
import Testing

@Suite("Grammar")
struct GrammarTests {
    struct Door {
        var names: [String] = []
        var delay = 1
        var isOpen = false
        var size = 0
        var seconds = 0
        var count = 0
        var kind = 0
        var path = ""
        var inner: [String] = []
    }

    static let inner = Grammar<Door>(
        "an `inner` block",
        [
            StatementRule(
                "word TEXT",
                .required,
                read: { door, statement, _ in
                    door.inner.append(statement.words[1].text)
                }
            )
        ]
    )

    static let name = StatementRule<Door>("name NAME...", .repeatable) { door, statement, _ in
        door.names += statement.arguments.map(\.text)
    }

    static let pair = StatementRule<Door>("pair LEFT RIGHT [REST]") { door, statement, _ in
        door.names += statement.arguments.map(\.text)
    }

    static let path = StatementRule<Door>("path PATH") { door, statement, reader in
        door.path = reader.path(statement.words[1]) ?? ""
    }

    static let block = StatementRule<Door>("inner NAME", block: .required) {
        door,
        statement,
        reader in
        inner.read(statement.block ?? [], into: &door, &reader, owner: statement.position)
    }

    static let grammar = Grammar<Door>(
        "a door",
        [
            name, pair, path, block,
            .milliseconds("delay", \.delay, in: 10...60_000),
            .seconds("wait", \.seconds, in: 1...60),
            .toggle("open", \.isOpen),
            .bytes("size", \.size, in: 1_024...1_048_576),
            .integer("count", \.count, in: 1...10),
            .choice("kind", \.kind, ["front": 1, "back": 2]),
            StatementRule("last", .required) { _, _, _ in },
        ],
        elsewhere: ["window": "in a house"]
    )

    static func read(_ text: String) -> (door: Door, faults: [String]) {
        let sources = MemorySources(files: ["x/m": text + "\nlast"])
        var loader = SourceLoader(reading: sources)
        let statements = loader.load("x/m")
        var reader = StatementReader(sources: loader.sources)
        var door = Door()
        let start = SourcePosition(file: 0, line: 1, column: 1)
        Self.grammar.read(statements, into: &door, &reader, owner: start)
        return (door, reader.diagnostics.map(summary))
    }

    @Test func `well-formed statements fill the target`() {
        let (door, faults) = Self.read(
            """
            name a b
            name c
            delay 250ms
            wait 5s
            open on
            size 8KB
            count 3
            kind back
            path a/b
            inner x {
                word w
            }
            """
        )
        #expect(faults == [])
        #expect(door.names == ["a", "b", "c"])
        #expect(door.delay == 250)
        #expect(door.seconds == 5)
        #expect(door.isOpen)
        #expect(door.size == 8_192)
        #expect(door.count == 3)
        #expect(door.kind == 2)
        #expect(door.path == "x/a/b")
        #expect(door.inner == ["w"])
    }

    static let cases: [(text: String, faults: [String])] = [
        ("nam x", ["1:1 unknown word `nam` in a door (name?)"]),
        ("zzz", ["1:1 unknown word `zzz` in a door"]),
        ("window", ["1:1 `window` belongs in a house, not in a door"]),
        ("name", ["1:1 `name` wants `name NAME...`"]),
        ("pair a", ["1:1 `pair` wants `pair LEFT RIGHT [REST]`"]),
        ("pair a b c", []),
        ("pair a b c d e", ["1:12 unexpected `d`; wanted `pair LEFT RIGHT [REST]`"]),
        ("delay 1s\ndelay 2s", ["2:1 `delay` is given twice; the first is on line 1"]),
        ("delay 5s {\n}", ["1:1 `delay` takes no block"]),
        ("inner x", ["1:1 `inner` needs a block: `{` at the end of the line"]),
        ("inner x {\n}", ["1:1 an `inner` block needs a line `word TEXT`"]),
        (
            "inner {\nwrd x\n}",
            [
                "1:1 `inner` wants `inner NAME`",
                "2:1 unknown word `wrd` in an `inner` block (word?)",
            ]
        ),
        ("delay 5", ["1:7 `5` has no unit; wanted a duration such as 250ms, 30s, 5m, 24h or 30d"]),
        (
            "delay soon",
            ["1:7 `soon` is not a duration such as 250ms, 30s, 5m, 24h or 30d"]
        ),
        (
            "delay 5sec",
            [
                "1:7 `5sec` has an unknown unit; wanted a duration such as 250ms, 30s, 5m, 24h or"
                    + " 30d (5s?)"
            ]
        ),
        ("delay 9ms", ["1:7 `9ms` is not between 10ms and 1m"]),
        ("delay 99999999999999999999s", ["1:7 `99999999999999999999s` is too large"]),
        ("wait 1500ms", ["1:6 `1500ms` is not a whole number of seconds"]),
        ("wait 0s", ["1:6 `0s` is not between 1s and 1m"]),
        ("open yes", ["1:6 `yes` is not `on` or `off`"]),
        ("open onn", ["1:6 `onn` is not `on` or `off` (on?)"]),
        ("size 2MB", ["1:6 `2MB` is not between 1KB and 1MB"]),
        (
            "size 8k",
            ["1:6 `8k` has an unknown unit; wanted a size such as 512B, 8KB, 1MB or 20GB (8KB?)"]
        ),
        ("count 11", ["1:7 `11` is not between 1 and 10"]),
        ("count -1", ["1:7 `-1` is not a whole number"]),
        ("count 99999999999999999999", ["1:7 `99999999999999999999` is not between 1 and 10"]),
        ("kind side", ["1:6 `side` is not `front` or `back`"]),
        ("kind Front", ["1:6 `Front` is not `front` or `back` (front?)"]),
        ("path \"\"", ["1:6 `\"\"` is not a path"]),
        ("lats", ["1:1 unknown word `lats` in a door (last?)"]),
        ("delay ${env:GONE}\ncount ${env:GONE}\nname", ["3:1 `name` wants `name NAME...`"]),
    ]

    @Test("a faulty statement names its fault at its place", arguments: cases)
    func faults(_ text: String, _ faults: [String]) {
        #expect(Self.read(text).faults == faults)
    }

    @Test func `a statement that must stand there is asked for`() {
        var reader = StatementReader(sources: SourceMap())
        var door = Door()
        let start = SourcePosition(file: 0, line: 1, column: 1)
        Self.grammar.read([], into: &door, &reader, owner: start)
        #expect(reader.diagnostics.map(summary) == ["1:1 a door needs a line `last`"])
    }
}

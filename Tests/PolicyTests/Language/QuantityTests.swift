import Policy
import Testing

@Suite("Durations and sizes")
struct QuantityTests {
    static let durations: [(text: String, milliseconds: Int)] = [
        ("250ms", 250), ("30s", 30_000), ("5m", 300_000), ("24h", 86_400_000),
        ("30d", 2_592_000_000), ("0s", 0), ("007s", 7_000),
    ]

    @Test("a duration is a number and a unit", arguments: durations)
    func duration(_ text: String, _ milliseconds: Int) throws {
        #expect(try TimeSpan(parsing: text).milliseconds == milliseconds)
    }

    static let sizes: [(text: String, bytes: Int)] = [
        ("512B", 512), ("8KB", 8_192), ("1MB", 1_048_576), ("20GB", 21_474_836_480),
        ("1TB", 1_099_511_627_776), ("0B", 0),
    ]

    @Test("a size is a number and a unit", arguments: sizes)
    func size(_ text: String, _ bytes: Int) throws {
        #expect(try ByteSize(parsing: text).bytes == bytes)
    }

    static let refused: [(text: String, failure: Quantity.Failure)] = [
        ("", .noNumber), ("s", .noNumber), ("-5s", .noNumber), ("+5s", .noNumber),
        ("1.5s", .noNumber), ("1h30m", .noNumber), ("5 s", .noNumber), ("٣s", .noNumber),
        ("30", .noUnit), ("5S", .unknownUnit(nearest: "5s")),
        ("5sec", .unknownUnit(nearest: "5s")), ("5msec", .unknownUnit(nearest: "5ms")),
        ("5min", .unknownUnit(nearest: "5m")), ("5w", .unknownUnit(nearest: nil)),
        ("99999999999999999999s", .tooLarge), ("106751991168d", .tooLarge),
    ]

    @Test("anything else is no duration", arguments: refused)
    func refusal(_ text: String, _ failure: Quantity.Failure) {
        #expect(throws: failure) { try TimeSpan(parsing: text) }
    }

    static let refusedSizes: [(text: String, failure: Quantity.Failure)] = [
        ("8kb", .unknownUnit(nearest: "8KB")), ("8K", .unknownUnit(nearest: "8KB")),
        ("8k", .unknownUnit(nearest: "8KB")), ("8MiB", .unknownUnit(nearest: nil)),
        ("8", .noUnit), ("9223372036854775807KB", .tooLarge), ("8388608TB", .tooLarge),
    ]

    @Test("anything else is no size", arguments: refusedSizes)
    func sizeRefusal(_ text: String, _ failure: Quantity.Failure) {
        #expect(throws: failure) { try ByteSize(parsing: text) }
    }

    @Test("a quantity is shown in its largest whole unit")
    func description() {
        #expect(TimeSpan(milliseconds: 90_000).description == "90s")
        #expect(TimeSpan(milliseconds: 86_400_000).description == "1d")
        #expect(TimeSpan(milliseconds: 0).description == "0s")
        #expect(ByteSize(bytes: 1_048_577).description == "1048577B")
        #expect(ByteSize(bytes: 65_536).description == "64KB")
    }
}

import Policy
import Testing

@Suite("Numeric date")
struct NumericDateTests {
    static let cases: [(String, Int64, Int64)] = [
        ("0", 0, 0), ("-0", 0, 0), ("0.0", 0, 0), ("0e99", 0, 0),
        ("1300819380", 1_300_819_380, 1_300_819_380),
        ("1300819380.0", 1_300_819_380, 1_300_819_380),
        ("1300819380.25", 1_300_819_380, 1_300_819_381),
        ("1.30081938e9", 1_300_819_380, 1_300_819_380),
        ("1.3008193801e9", 1_300_819_380, 1_300_819_381),
        ("13008193800e-1", 1_300_819_380, 1_300_819_380),
        ("13008193801E-1", 1_300_819_380, 1_300_819_381), ("5e0", 5, 5), ("5E+2", 500, 500),
        ("0.5", 0, 1), ("-0.5", -1, 0), ("-1.5", -2, -1), ("-7", -7, -7), ("0.05e2", 5, 5),
        ("0.0001e-5", 0, 1), ("1e-400", 0, 1),
        ("253402300799.5", 253_402_300_799, 253_402_300_800),
        ("1e308", NumericDate.limit, NumericDate.limit),
        ("-1e18", -NumericDate.limit, -NumericDate.limit), ("-1e-400", -1, 0), ("-0.0e9", 0, 0),
        ("1e17", 100_000_000_000_000_000, 100_000_000_000_000_000),
        ("0.1e18", 100_000_000_000_000_000, 100_000_000_000_000_000),
        ("999999999999999999.5", 999_999_999_999_999_999, NumericDate.limit),
        ("-999999999999999999.5", -NumericDate.limit, -999_999_999_999_999_999),
        ("1e0000000000000000000005", 100_000, 100_000), ("1e-0", 1, 1), ("12345e-4", 1, 2),
        ("999999999999999999", 999_999_999_999_999_999, 999_999_999_999_999_999),
        ("1000000000000000000", NumericDate.limit, NumericDate.limit),
        ("9223372036854775808", NumericDate.limit, NumericDate.limit),
        ("1e400", NumericDate.limit, NumericDate.limit),
        ("-1e400", -NumericDate.limit, -NumericDate.limit),
        ("1e99999999999999999999", NumericDate.limit, NumericDate.limit),
        ("1e-99999999999999999999", 0, 1),
    ]

    @Test("any JSON number is read without overflow", arguments: cases)
    func reads(_ text: String, _ floor: Int64, _ ceiling: Int64) throws {
        let document = try JSONDocument(Array(text.utf8))
        let date = try #require(document.date(of: document.root))
        #expect(date.floor == floor)
        #expect(date.ceiling == ceiling)
    }

    @Test("nothing else is a date", arguments: ["\"1\"", "true", "null", "[1]", "{}"])
    func refuses(_ text: String) throws {
        let document = try JSONDocument(Array(text.utf8))
        #expect(document.date(of: document.root) == nil)
    }
}

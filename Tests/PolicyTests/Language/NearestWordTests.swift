import Policy
import Testing

@Suite("Nearest word")
struct NearestWordTests {
    static let known = [
        "certificate", "session-tickets", "host", "upstream", "tokens", "route", "issuer", "on",
        "off", "RS256", "EdDSA",
    ]

    static let cases: [(text: String, expected: String?)] = [
        ("certficate", "certificate"), ("cetrificate", "certificate"), ("hots", "host"),
        ("hosts", "host"), ("HOST", "host"), ("rs256", "RS256"), ("eddsa", "EdDSA"),
        ("token", "tokens"), ("isuer", "issuer"), ("session_tickets", "session-tickets"),
        ("session", "session-tickets"), ("cert", "certificate"), ("of", "off"), ("no", "on"),
        ("yes", nil), ("true", nil), ("xyzzy", nil), ("", nil), ("server", nil),
        (String(repeating: "a", count: 10_000), nil),
    ]

    @Test("a misspelt word leads to the one that was meant", arguments: cases)
    func nearest(_ text: String, _ expected: String?) {
        #expect(NearestWord.of(text, among: Self.known) == expected)
    }
}

/// Reads `test` lines.
struct TestReader {
    private static let known = [
        "tenant", "role", "scope", "client", "claim", "address", "body", "expect",
    ]

    private let line: Statement
    private var index = 4
    private var test: PolicyTest
    private var expectation: PolicyTest.Expectation?

    /// Reads one line and reports the first thing that is wrong with it.
    static func read(_ line: Statement, _ reader: inout StatementReader) -> PolicyTest? {
        guard !line.words.contains(where: \.isFaulty) else { return nil }
        do throws(Diagnostic) {
            var part = TestReader(line: line)
            return try part.read()
        } catch {
            reader.report(error)
            return nil
        }
    }

    private mutating func read() throws(Diagnostic) -> PolicyTest {
        while index < line.words.count { try readPart() }
        guard let expectation else {
            throw Diagnostic("`test` needs `expect` and what is expected", at: line.position)
        }
        test.expectation = expectation
        return test
    }

    private init(line: Statement) {
        self.line = line
        let target = line.words[3].text
        let path = target.prefix { $0 != "?" }
        test = PolicyTest(
            name: line.words[1].shown,
            method: line.words[2].text,
            path: String(path),
            query: path.endIndex == target.endIndex
                ? nil : String(target[path.endIndex...].dropFirst()),
            expectation: .allow,
            position: line.position
        )
    }

    /// Reads a keyword and the words that belong to it.
    private mutating func readPart() throws(Diagnostic) {
        let keyword = line.words[index]
        guard !keyword.isQuoted, Self.known.contains(keyword.text) else {
            throw Diagnostic(
                "unknown word `\(keyword.shown)` in a test",
                at: keyword.position,
                suggestion: NearestWord.of(keyword.text, among: Self.known)
            )
        }
        guard expectation == nil else {
            throw Diagnostic("nothing follows `expect` and its word", at: keyword.position)
        }
        index += 1
        switch keyword.text {
        case "claim": try readClaim(keyword)
        case "role": test.roles += try values(of: keyword)
        case "scope": test.scopes += try values(of: keyword).map(\.text)
        default: try readSingle(keyword)
        }
        if ["role", "scope", "client", "claim"].contains(keyword.text) { test.hasToken = true }
    }

    /// Reads a keyword that takes one word and stands once.
    private mutating func readSingle(_ keyword: Word) throws(Diagnostic) {
        let values = try values(of: keyword)
        guard values.count == 1, let value = values.first else {
            throw Diagnostic("`\(keyword.text)` takes one word", at: keyword.position)
        }
        let isRepeated =
            keyword.text == "tenant" && test.tenant != nil
            || keyword.text == "client" && test.client != nil
            || keyword.text == "address" && test.address != nil
            || keyword.text == "body" && test.body != nil
        guard !isRepeated else {
            throw Diagnostic("`\(keyword.text)` stands twice in a test", at: keyword.position)
        }
        switch keyword.text {
        case "tenant": test.tenant = value
        case "client": test.client = value.text
        case "body": test.body = value.text
        case "address":
            guard let address = NetworkAddress(value.text) else {
                throw Diagnostic("`\(value.shown)` is not an address", at: value.position)
            }
            test.address = address
        default: expectation = try Self.expectation(value)
        }
    }

    /// The words up to the next keyword, at least one.
    private mutating func values(of keyword: Word) throws(Diagnostic) -> [Word] {
        let rest = line.words[index...]
        let values = rest.prefix { $0.isQuoted || !Self.known.contains($0.text) }
        guard !values.isEmpty else {
            throw Diagnostic("`\(keyword.text)` needs a value", at: keyword.position)
        }
        index += values.count
        return Array(values)
    }

    /// `PATH... equals VALUE` or `PATH... contains VALUE`; the names of the path may be keywords.
    private mutating func readClaim(_ keyword: Word) throws(Diagnostic) {
        let rest = line.words[index...]
        guard
            let operation = rest.firstIndex(where: { $0.isBare("equals") || $0.isBare("contains") }
            ),
            operation > index, operation + 1 < line.words.count
        else {
            throw Diagnostic(
                "`claim` takes a path, `equals` or `contains`, and one value",
                at: keyword.position
            )
        }
        let claim = PolicyTest.Claim(
            path: line.words[index..<operation].map(\.text),
            value: line.words[operation + 1].text,
            isElement: line.words[operation].text == "contains"
        )
        test.claims.append(claim)
        index = operation + 2
    }

    private static func expectation(_ word: Word) throws(Diagnostic) -> PolicyTest.Expectation {
        if word.text == PolicyOutcome.allow.rawValue { return .allow }
        if PolicyOutcome(rawValue: word.text) != nil { return .code(word.text) }
        let statuses = Set(PolicyOutcome.allCases.compactMap(\.status))
        if let status = Int(word.text), statuses.contains(status) {
            return .status(status)
        }
        let codes = PolicyOutcome.allCases.map(\.rawValue)
        throw Diagnostic(
            "unknown outcome `\(word.shown)`: wanted `allow`, 400, 401, 403, 404, 405, 413 or a code",
            at: word.position,
            suggestion: NearestWord.of(word.text, among: codes)
        )
    }
}

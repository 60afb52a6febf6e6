import FoundationEssentials
import Policy
import Testing

@testable import Gateway

/// Damaged configurations are refused or read; nothing else may happen.
@Suite("Damaged configurations")
struct DamageTests {
    /// The sample with all its files, rewritten for each case.
    struct Damage {
        let folder: ConfigurationFolder
        let path: String
        let lines: [String]

        init() throws {
            folder = try SampleConfigurationTests.sample()
            path = folder.path + "deploy/postern.conf"
            lines = try String(contentsOfFile: path, encoding: .utf8)
                .split(separator: "\n")
                .filter { !$0.drop { $0 == " " }.hasPrefix("#") }
                .map(String.init)
        }

        /// Whether the sample still loads with another line in place of one.
        func loads(_ replacement: String, at index: Int) throws -> Bool {
            var damaged = lines
            damaged[index] = replacement
            try Data(damaged.joined(separator: "\n").utf8).write(to: URL(filePath: path))
            return folder.faults("deploy/postern.conf").isEmpty
        }
    }

    @Test func `a line that loses or doubles a word is read without a trap`() throws {
        let damage = try Damage()
        var refused = 0
        for (index, line) in damage.lines.enumerated() {
            let words = line.split(separator: " ")
            for position in words.indices {
                var fewer = words
                fewer.remove(at: position)
                if try !damage.loads(fewer.joined(separator: " "), at: index) { refused += 1 }
                let more = words[...position] + words[position...]
                if try !damage.loads(more.joined(separator: " "), at: index) { refused += 1 }
            }
        }
        #expect(refused > 100)
    }

    @Test func `a configuration cut anywhere is read without a trap`() throws {
        let text = try SampleConfigurationTests.repositoryFile("deploy/postern.conf")
        let bytes = Array(text.utf8)
        for end in stride(from: 0, to: bytes.count, by: 37) {
            let parsed = StatementParser.parse(Array(bytes[..<end]), file: 0) { _ in .success("") }
            #expect(parsed.statements.count < 100)
        }
    }

    @Test func `any bytes are read without a trap`() {
        var random = SplitMix(state: 42)
        let alphabet: [UInt8] = Array("{}\"\\$#: \n\r\tau\u{e9}".utf8) + [0, 0x80, 0xFF]
        for length in 0..<1_000 {
            let bytes = (0..<length % 80).map { _ in
                alphabet[Int(random.next() % UInt64(alphabet.count))]
            }
            var sources = SourceMap()
            let file = sources.add(path: "f", bytes: bytes)
            let parsed = StatementParser.parse(bytes, file: file) { _ in .success("{x}") }
            #expect(sources.render(parsed.diagnostics).isEmpty == parsed.diagnostics.isEmpty)
        }
    }

    /// A small generator with a fixed seed, so that a failure repeats.
    struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}

import Testing

@testable import Gateway

@Suite("Argument reader")
struct ArgumentReaderTests {
    static let reader = ArgumentReader(
        valued: ["--config", "--tenant"],
        flags: ["--follow"],
        required: ["--config"],
        operands: ["METHOD", "URL"]
    )

    @Test(
        "options stand anywhere, with a space or an equals sign",
        arguments: [
            ["--config", "a=b", "--follow", "GET", "/x"],
            ["GET", "--config=a=b", "/x", "--follow"],
            ["--follow", "--config=a=b", "--", "GET", "/x"],
        ]
    )
    func places(_ arguments: [String]) throws {
        let read = try Self.reader.read(arguments)
        #expect(read.required("--config") == "a=b")
        #expect(read["--tenant"] == nil)
        #expect(read.flags == ["--follow"])
        #expect(read.operands == ["GET", "/x"])
    }

    @Test("what follows -- is no option, and a single dash is none either")
    func endOfOptions() throws {
        let read = try Self.reader.read(["--config", "f", "--", "--follow", "-"])
        #expect(read.flags == [])
        #expect(read.operands == ["--follow", "-"])
    }

    @Test(
        "what is wrong is named",
        arguments: [
            (["GET", "/x"], UsageFailure.missingOption("--config")),
            (
                ["--confg", "f", "GET", "/x"],
                .unknownOption("--confg", nearest: "--config")
            ),
            (["-x"], .unknownOption("-x", nearest: nil)),
            (["--config"], .missingValue(option: "--config")),
            (["--config", "a", "--config", "b"], .repeatedOption("--config")),
            (["--follow=yes"], .unwantedValue(option: "--follow")),
            (["--config", "f", "GET"], .missingOperand("URL")),
            (["--config", "f", "GET", "/x", "more"], .unwantedOperand("more")),
        ]
    )
    func failures(_ arguments: [String], _ failure: UsageFailure) {
        #expect(throws: failure) { try Self.reader.read(arguments) }
    }

    @Test("an unknown option suggests the nearest in its message")
    func suggestion() {
        let failure = UsageFailure.unknownOption("--folow", nearest: "--follow")
        #expect("\(failure)" == "unknown option `--folow`, did you mean `--follow`?")
    }
}

import Policy

/// `postern token`.
enum TokenCommand {
    static let command = Command(
        name: "token",
        usage: "--key FILE --claims JSON [--header JSON] [--ttl 1h]",
        summary: "mint a token for trying things, with a development key (PEM or JWK)",
        run: run
    )

    private static let reader = ArgumentReader(
        valued: ["--key", "--claims", "--header", "--ttl"],
        required: ["--key", "--claims"]
    )

    static func run(_ arguments: [String]) throws(UsageFailure) -> ExitStatus {
        let read = try reader.read(arguments)
        let lifetimeSeconds = try lifetimeSeconds(read)
        let given = read.required("--claims")
        let now = Clock.unixSeconds()
        let times = [("iat", JSONText.number(now)), ("exp", .number(now + lifetimeSeconds))]
        guard let claims = TrustedClaims(adding: times, to: given) else {
            throw .unreadableValue(option: "--claims", wanted: "a JSON object")
        }
        guard let key = key(from: read.required("--key")) else { return .refused }
        do throws(KeyFailure) {
            let header = read["--header"] ?? "{}"
            let token = try TokenSigner(key).sign(claims: claims.text, header: header)
            StandardStream.output.writeLine(token)
            return .done
        } catch {
            StandardStream.error.writeLine("postern: \(error)")
            return .refused
        }
    }

    /// Reads the key, or says on standard error which file cannot be used and why.
    private static func key(from path: String) -> SigningKey? {
        do throws(KeyFailure) {
            return try SigningKey.load(path)
        } catch {
            if case .unreadable = error {
                StandardStream.error.writeLine("postern: \(error)")
            } else {
                StandardStream.error.writeLine("postern: `\(path)`: \(error)")
            }
            return nil
        }
    }

    private static func lifetimeSeconds(_ read: Arguments) throws(UsageFailure) -> Int64 {
        let text = read["--ttl"] ?? "1h"
        guard let span = try? TimeSpan(parsing: text) else {
            throw .badValue(option: "--ttl", value: text, wanted: "a duration such as 1h")
        }
        return Int64(span.milliseconds / 1_000)
    }
}

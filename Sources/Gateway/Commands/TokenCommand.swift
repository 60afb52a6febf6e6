import Policy

/// `postern token`.
enum TokenCommand {
    static let command = Command(
        name: "token",
        usage: """
            --key FILE --claims JSON [--header JSON] [--ttl 1h] [--bind KEYFILE] \
            [--bind-certificate FILE]
                 | --key FILE --dpop METHOD URL [--access-token-file FILE] [--nonce NONCE]
            """,
        summary: "mint a token, or a DPoP proof, for trying things, with a development key "
            + "(PEM or JWK)",
        run: run
    )

    private static let reader = ArgumentReader(
        valued: ["--key", "--claims", "--header", "--ttl", "--bind", "--bind-certificate"],
        required: ["--key", "--claims"]
    )

    static func run(_ arguments: [String]) throws(UsageFailure) -> ExitStatus {
        if arguments.contains("--dpop") { return try runProof(arguments) }
        let read = try reader.read(arguments)
        let lifetimeSeconds = try lifetimeSeconds(read)
        let given = read.required("--claims")
        guard let confirmation = confirmation(read) else { return .refused }
        let now = Clock.unixSeconds()
        var members = [("iat", JSONText.number(now)), ("exp", .number(now + lifetimeSeconds))]
        if !confirmation.isEmpty { members.append(("cnf", .object(confirmation))) }
        guard let claims = TrustedClaims(adding: members, to: given) else {
            throw .unreadableValue(option: "--claims", wanted: "a JSON object")
        }
        guard confirmation.isEmpty || claims.added.contains("cnf") else {
            throw .unreadableValue(option: "--claims", wanted: "no `cnf` beside `--bind`")
        }
        guard let key = key(from: read.required("--key")) else { return .refused }
        return print { () throws(KeyFailure) in
            try TokenSigner(key).sign(claims: claims.text, header: read["--header"] ?? "{}")
        }
    }

    /// Prints what was signed, or says on standard error why nothing was.
    static func print(_ signed: () throws(KeyFailure) -> String) -> ExitStatus {
        do throws(KeyFailure) {
            StandardStream.output.writeLine(try signed())
            return .done
        } catch {
            StandardStream.error.writeLine("postern: \(error)")
            return .refused
        }
    }

    /// Reads the key, or says on standard error which file cannot be used and why.
    static func key(from path: String) -> SigningKey? {
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

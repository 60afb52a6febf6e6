/// Proofs of possession made by `postern token`.
enum Proof {
    /// A proof for a request to the tenant `acme`.
    static func make(
        _ key: String,
        _ method: String,
        _ scene: GatewayScene,
        _ path: String,
        token: String,
        nonce: String? = nil
    ) throws -> String {
        let file = try scene.folder.write("token.txt", token)
        var arguments = [
            "token", "--key", key, "--dpop", method, "https://acme.test:\(scene.port)\(path)",
            "--access-token-file", file,
        ]
        if let nonce { arguments += ["--nonce", nonce] }
        return try line(arguments)
    }

    /// A token bound to a key, its claims those of an order.
    static func boundToken(_ key: String, _ scene: GatewayScene) throws -> String {
        let order = try TokenOrder()
        let signer = try scene.folder.write("signer.pem", order.key.privatePEM())
        return try line([
            "token", "--key", signer, "--claims", JSON.object(order.claims).text, "--header",
            JSON.object(order.header).text, "--bind", key,
        ])
    }

    /// The `cnf.jkt` that `--bind` gives for a key.
    static func thumbprint(of key: String) throws -> String {
        let token = try line(["token", "--key", key, "--claims", "{}", "--bind", key])
        let parts = token.split(separator: ".")
        guard parts.count == 3, let claims = Base64URL.decode(String(parts[1])),
            let thumbprint = try JSON(parsing: claims)[["cnf", "jkt"]]?.string
        else { throw Trouble.malformed("token `\(token)`") }
        return thumbprint
    }

    private static func line(_ arguments: [String]) throws -> String {
        let outcome = try Command.postern(arguments)
        guard outcome.status == 0, outcome.lines.count == 1 else {
            throw Trouble.unavailable("postern \(arguments.first ?? ""): \(outcome.errors)")
        }
        return outcome.lines[0]
    }
}

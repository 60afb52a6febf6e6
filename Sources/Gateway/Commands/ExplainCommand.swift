import Policy

/// `postern explain`.
enum ExplainCommand {
    static let command = Command(
        name: "explain",
        usage: """
            --config FILE [--token-file FILE | --claims JSON] [--proof-file FILE] \
            [--certificate FILE] [--address IP] [--body-file FILE] METHOD URL
            """,
        summary: "every check of a request in order: what was found, what was wanted, the verdict",
        run: run
    )

    private static let reader = ArgumentReader(
        valued: [
            "--config", "--token-file", "--claims", "--proof-file", "--certificate", "--address",
            "--body-file",
        ],
        required: ["--config"],
        operands: ["METHOD", "URL"]
    )

    static func run(_ arguments: [String]) throws(UsageFailure) -> ExitStatus {
        let read = try reader.read(arguments)
        if read["--token-file"] != nil && read["--claims"] != nil {
            throw .conflict("--token-file", "--claims")
        }
        let url = read.operands[1]
        guard let target = RequestTarget(url) else {
            throw .badValue(option: "URL", value: url, wanted: "https://HOST/PATH or /PATH")
        }
        let credential = try credential(read)
        var possession = RequestExplainer.Possession()
        possession.proof = try CredentialFile.read(read, "--proof-file")
        if let path = read["--certificate"] {
            guard let digest = TokenCommand.certificate(path) else { return .refused }
            possession.certificate = digest
        }
        let address = try address(read)
        let body = try body(read)
        do throws(PreparedConfiguration.Failure) {
            let explanation = RequestExplainer(
                prepared: try PreparedConfiguration(path: read.required("--config")),
                method: read.operands[0],
                target: target,
                credential: credential,
                possession: possession,
                body: body,
                address: address,
                now: Clock.unixSeconds()
            ).explain()
            StandardStream.output.write(explanation.text)
            return explanation.refusal == nil && !explanation.isUndecided ? .done : .failed
        } catch {
            return CheckCommand.report(error)
        }
    }

    private static func body(_ read: Arguments) throws(UsageFailure) -> [UInt8]? {
        guard let path = read["--body-file"] else { return nil }
        do throws(FileReader.Failure) {
            return try FileReader.contents(of: path, bytesMax: BodyRule.checkedBytesMax)
        } catch {
            throw .badValue(
                option: "--body-file",
                value: path,
                wanted: "a readable file (\(error))"
            )
        }
    }

    private static func address(_ read: Arguments) throws(UsageFailure) -> NetworkAddress? {
        guard let text = read["--address"] else { return nil }
        guard let address = NetworkAddress(text) else {
            throw .badValue(option: "--address", value: text, wanted: "an IPv4 or IPv6 address")
        }
        return address
    }

    private static func credential(
        _ read: Arguments
    ) throws(UsageFailure) -> RequestExplainer.Credential {
        if let claims = read["--claims"] { return .claims(claims) }
        return try CredentialFile.read(read, "--token-file").map { .token($0) } ?? .none
    }
}

import Policy

extension TokenCommand {
    static let proofReader = ArgumentReader(
        valued: ["--key", "--access-token-file", "--nonce"],
        flags: ["--dpop"],
        required: ["--key"],
        operands: ["METHOD", "URL"]
    )

    /// `postern token --dpop`: a proof of possession in place of a token.
    static func runProof(_ arguments: [String]) throws(UsageFailure) -> ExitStatus {
        let read = try proofReader.read(arguments)
        let url = read.operands[1]
        guard ProofTarget(Array(url.utf8)) != nil else {
            throw .badValue(option: "URL", value: url, wanted: "https://HOST[:PORT]/PATH")
        }
        let token = try CredentialFile.read(read, "--access-token-file")
        guard let key = key(from: read.required("--key")) else { return .refused }
        return print { () throws(KeyFailure) in
            try TokenSigner(key).proof(
                method: read.operands[0],
                url: url,
                token: token,
                nonce: read["--nonce"],
                now: Clock.unixSeconds()
            )
        }
    }
}

/// A file that holds one token or proof.
enum CredentialFile {
    /// The first word of the file that an option names; `nil` without the option.
    static func read(
        _ arguments: Arguments,
        _ option: String
    ) throws(UsageFailure) -> [UInt8]? {
        guard let path = arguments[option] else { return nil }
        do throws(FileReader.Failure) {
            let text = try FileReader.contents(of: path, bytesMax: 65_536)
            return text.split(whereSeparator: \.isSpace).first.map(Array.init) ?? []
        } catch {
            throw .badValue(option: option, value: path, wanted: "a readable file (\(error))")
        }
    }
}

extension UInt8 {
    fileprivate var isSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}

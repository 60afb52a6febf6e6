import Policy

extension TokenCommand {
    typealias Members = [(name: String, value: JSONText)]

    /// The members of the `cnf` that `--bind` and `--bind-certificate` ask for.
    ///
    /// - Returns: None without these options; `nil` when a file named there cannot be used, after
    ///   saying so on standard error.
    static func confirmation(_ read: Arguments) -> Members? {
        var members: Members = []
        if let path = read["--bind"] {
            guard let thumbprint = thumbprint(path) else { return nil }
            members.append(("jkt", .string(thumbprint.text)))
        }
        if let path = read["--bind-certificate"] {
            guard let digest = certificate(path) else { return nil }
            members.append(("x5t#S256", .string(digest.text)))
        }
        return members
    }

    /// The thumbprint of a key, or `nil` after saying on standard error why there is none.
    private static func thumbprint(_ path: String) -> Thumbprint? {
        guard let key = key(from: path) else { return nil }
        do throws(KeyFailure) {
            return try key.thumbprint()
        } catch {
            StandardStream.error.writeLine("postern: `\(path)`: \(error)")
            return nil
        }
    }

    /// The digest of a certificate, or `nil` after saying on standard error why there is none.
    static func certificate(_ path: String) -> Thumbprint? {
        do throws(TLSFailure) {
            let digest = try CertificateDigest.ofFile(path)
            return Thumbprint(digest: digest.span)
        } catch {
            StandardStream.error.writeLine("postern: \(error)")
            return nil
        }
    }
}

import Foundation
import Glibc

/// A certificate authority and the certificates it gave, made with the `openssl` program.
final class CertificateAuthority: Sendable {
    /// One authority for the whole run.
    private static let made: Result<CertificateAuthority, any Error> = Result {
        let authority = try CertificateAuthority()
        atexit { CertificateAuthority.forget() }
        return authority
    }

    static func shared() throws -> CertificateAuthority { try made.get() }

    let folder: TemporaryFolder

    /// Certificates for `acme.test` and for `beta.test`, and one that takes the first one's place
    /// in tests of reload.
    private init() throws {
        folder = try TemporaryFolder("authority")
        try openssl(selfSigned: "ca", name: "Postern test authority")
        try openssl(selfSigned: "stranger", name: "An authority nobody trusts")
        let names = ["acme.test", "*.wild.test", "localhost"]
        try issue("acme", for: names, by: "ca")
        try issue("renewed", for: names, by: "ca")
        try issue("beta", for: ["beta.test"], by: "ca")
        try issue("upstream", for: ["localhost"], by: "ca")
        try issue("strange", for: ["localhost"], by: "stranger")
    }

    /// Removes the shared authority's folder at the end of the run.
    private static func forget() {
        try? made.get().folder.remove("")
    }

    var certificatePath: String { folder.path(of: "ca.pem") }

    func path(_ file: String) -> String { folder.path(of: file) }

    private func openssl(selfSigned name: String, name common: String) throws {
        try Command.output(
            "openssl",
            Self.newKey(name) + ["-subj", "/CN=\(common)", "-days", "30"]
                + ["-addext", "basicConstraints=critical,CA:TRUE"]
                + ["-addext", "keyUsage=critical,keyCertSign,cRLSign"],
            folder: folder.path
        )
    }

    /// Writes `NAME.pem` and `NAME.key`; the subject is the name.
    private func issue(_ name: String, for hosts: [String], by authority: String) throws {
        let names = hosts.map { "DNS:\($0)" } + ["IP:127.0.0.1"]
        try Command.output(
            "openssl",
            Self.newKey(name) + ["-subj", "/CN=\(name)", "-days", "20"]
                + ["-CA", "\(authority).pem", "-CAkey", "\(authority).key"]
                + ["-addext", "basicConstraints=critical,CA:FALSE"]
                + ["-addext", "subjectAltName=\(names.joined(separator: ","))"],
            folder: folder.path
        )
    }

    private static func newKey(_ name: String) -> [String] {
        ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
            + ["-keyout", "\(name).key", "-out", "\(name).pem"]
    }
}

import FoundationEssentials
import Policy

@testable import Gateway

/// A folder with an authority's certificate and whatever certificates a test needs.
final class CertificateScene {
    let folder: String
    private let authority: CertificateAuthority

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/postern-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        authority = try CertificateAuthority(name: "test authority")
        try write(authority.certificatePEM(), to: "ca.pem")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var caPath: String { folder + "/ca.pem" }

    /// Issues a certificate for `names` and returns its files.
    func issue(
        _ names: [String],
        days: ClosedRange<Int> = 0...90
    ) throws -> Configuration.CertificateFiles {
        let issued = try authority.issue(names: names, days: days)
        let file = UUID().uuidString
        try write(issued.certificatePEM, to: file + ".pem")
        try write(issued.keyPEM, to: file + ".key")
        return files(chain: file + ".pem", key: file + ".key")
    }

    func files(chain: String, key: String) -> Configuration.CertificateFiles {
        Configuration.CertificateFiles(
            chainPath: folder + "/" + chain,
            keyPath: folder + "/" + key,
            position: SourcePosition(file: 0, line: 3, column: 17),
            keyPosition: SourcePosition(file: 0, line: 3, column: 30)
        )
    }

    func write(_ text: String, to name: String) throws {
        try text.write(toFile: folder + "/" + name, atomically: false, encoding: .utf8)
    }

    /// Gives a file of the folder another name.
    func move(_ path: String, to name: String) throws {
        try FileManager.default.moveItem(atPath: path, toPath: folder + "/" + name)
    }

    /// Puts a file of the folder in the place of another.
    func replace(_ name: String, with other: String) throws {
        try FileManager.default.removeItem(atPath: folder + "/" + name)
        try FileManager.default.moveItem(
            atPath: folder + "/" + other,
            toPath: folder + "/" + name
        )
    }
}

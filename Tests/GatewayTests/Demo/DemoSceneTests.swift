import FoundationEssentials
import Policy
import Testing

@testable import Gateway

@Suite("Demonstration")
struct DemoSceneTests {
    private static let root: String = {
        var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        parts.removeLast(4)
        return parts.joined(separator: "/") + "/"
    }()

    @Test("its policy is the built-in one, byte for byte")
    func policy() throws {
        let path = Self.root + "policies/openid4vci.policy"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(DemoPolicy.text == text, "copy policies/openid4vci.policy into DemoPolicy.swift")
    }

    @Test("its configuration passes every check that a start makes")
    func configuration() throws {
        let scene = try CertificateScene()
        let demo = try DemoScene(
            in: DemoFolder(path: scene.folder + "/demo"),
            port: 8_443,
            adminPort: 9_901,
            issuerPort: 8_080
        )
        let prepared = try PreparedConfiguration(path: demo.configurationPath)
        #expect(prepared.policy.tenantNames == ["acme", "globex"])
        #expect(prepared.certificates.first?.names.contains("acme.localhost") == true)
        #expect(prepared.loaded.configuration.listeners.map(\.address.host) == ["127.0.0.1"])
    }

    @Test("its commands can be pasted whatever the folder is called")
    func quoting() throws {
        let scene = try CertificateScene()
        let demo = try DemoScene(
            in: DemoFolder(path: scene.folder + "/it's $(x)"),
            port: 8_443,
            adminPort: 9_901,
            issuerPort: 8_080
        )
        let path = scene.folder + #"/it'\''s $(x)/ca.pem"#
        for call in try DemoCalls(scene: demo, now: 0).all {
            #expect(call.command.contains("--cacert '\(path)' "))
        }
    }

    @Test("a relative folder is made absolute, and one that cannot be used is told of")
    func folders() throws {
        let name = "postern-\(UUID().uuidString)"
        let relative = try DemoFolder(path: name)
        defer { try? FileManager.default.removeItem(atPath: relative.path) }
        #expect(relative.path == FileManager.default.currentDirectoryPath + "/" + name)
        let scene = try CertificateScene()
        try scene.write("", to: "file")
        let file = scene.folder + "/file"
        let failure = DemoFailure.unwritable(path: file + "/tls", because: "Not a directory")
        #expect(throws: failure) { try DemoFolder(path: file) }
    }

    @Test("only its owner can read its keys")
    func permissions() throws {
        let scene = try CertificateScene()
        let folder = try DemoFolder(path: scene.folder + "/demo")
        try folder.write("secret", to: "keys/a.pem")
        for (path, mode) in [(folder.path, 0o700), (folder.path(of: "keys/a.pem"), 0o600)] {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == mode)
        }
    }

    @Test("a port that somebody listens on is not free")
    func ports() throws {
        let issuer = try StubIssuer()
        #expect(!FreePort.isFree(issuer.port))
        let other = try #require(FreePort.find())
        #expect(FreePort.isFree(other))
    }
}

import COpenSSL
import Testing

@testable import Gateway

@Suite("Client trust")
struct ClientTrustTests {
    private let scene: CertificateScene
    private let certificates: [Configuration.CertificateFiles]
    private let client: Configuration.CertificateFiles

    init() throws {
        scene = try CertificateScene()
        certificates = [try scene.issue(["acme.example"]), try scene.issue(["globex.example"])]
        client = try scene.issue(["client.example"], days: -20 ... -10)
    }

    private func context(
        _ mode: Configuration.ClientCertificates,
        authorities: String? = nil
    ) throws -> TLSContext {
        try TLSContext(
            certificates: certificates,
            clients: ClientTrust(mode: mode, authoritiesPath: authorities)
        )
    }

    private func connect(
        _ context: TLSContext,
        _ version: Int32 = TLS1_3_VERSION,
        name: String = "acme.example"
    ) throws -> MemoryHandshake {
        try #require(
            unsafe MemoryHandshake(
                client: MemoryHandshake.plainClient(name: name, versionMax: version),
                server: context.makeServerSession()
            )
        )
    }

    static let versions = [TLS1_2_VERSION, TLS1_3_VERSION]

    @Test(
        "without authorities any certificate is taken as it is, an expired one too",
        arguments: versions,
        ["acme.example", "globex.example"]
    )
    func anyCertificate(_ version: Int32, _ name: String) throws {
        for mode in [Configuration.ClientCertificates.request, .require] {
            let handshake = try connect(try context(mode), version, name: name)
            #expect(handshake.show(client))
            #expect(handshake.run())
            #expect(try handshake.clientDigest == CertificateDigest.ofFile(client.chainPath))
        }
    }

    @Test("a client may do without when it is asked, not when it must", arguments: versions)
    func without(_ version: Int32) throws {
        for name in ["acme.example", "globex.example"] {
            let asked = try connect(try context(.request), version, name: name)
            #expect(asked.run())
            #expect(asked.clientDigest == nil)
            #expect(try !connect(context(.require), version, name: name).run())
        }
    }

    @Test("a client that is not asked shows nothing", arguments: versions)
    func notAsked(_ version: Int32) throws {
        let handshake = try connect(try context(.none), version)
        #expect(handshake.show(client))
        #expect(handshake.run())
        #expect(handshake.clientDigest == nil)
    }

    @Test("a resumed session brings its certificate, to its own listener only", arguments: versions)
    func resumption(_ version: Int32) throws {
        let context = try context(.require)
        let first = try connect(context, version)
        #expect(first.show(client))
        #expect(first.run())
        let session = unsafe first.session()
        defer { unsafe SSL_SESSION_free(session) }

        let second = try connect(context, version)
        unsafe second.offer(session)
        #expect(second.run())
        #expect(second.isResumed)
        #expect(second.clientDigest == first.clientDigest)
        #expect(second.clientDigest != nil)

        let elsewhere = try connect(try self.context(.request), version)
        unsafe elsewhere.offer(session)
        #expect(elsewhere.run())
        #expect(!elsewhere.isResumed)
        #expect(elsewhere.clientDigest == nil)
    }

    @Test("with authorities a certificate must be theirs, and one for clients", arguments: versions)
    func authorities(_ version: Int32) throws {
        // The scene's authority makes certificates for servers.
        let server = try scene.issue(["client.example"])
        for name in ["acme.example", "globex.example"] {
            let context = try context(.request, authorities: scene.caPath)
            let handshake = try connect(context, version, name: name)
            #expect(handshake.show(server))
            #expect(!handshake.run())
            #expect(try connect(context, version, name: name).run())
        }
    }

    @Test func `a file without an authority is refused`() throws {
        try scene.write("nothing\n", to: "empty.pem")
        for name in ["empty.pem", "missing.pem", certificates[0].keyPath] {
            let path = name.hasPrefix("/") ? name : scene.folder + "/" + name
            let trust = ClientTrust(mode: .request, authoritiesPath: path)
            #expect(throws: TLSFailure.self) { try trust.check() }
        }
        #expect(ERR_peek_error() == 0)
    }
}

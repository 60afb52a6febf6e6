import COpenSSL
import Testing

@testable import Gateway

@Suite("Certificate loading")
struct CertificateLoadingTests {
    @Test("names and dates of a certificate are known")
    func contents() throws {
        let scene = try CertificateScene()
        let files = try scene.issue(["ACME.example", "*.wild.example", "127.0.0.1"])
        let certificate = try #require(TLSContext(certificates: [files]).certificates.first)
        #expect(certificate.files == files)
        #expect(certificate.names == ["acme.example", "*.wild.example"])
        let now = Clock.unixSeconds()
        #expect(!certificate.isOutOfDate(at: now))
        #expect(certificate.notAfter > now + 89 * 86_400)
        #expect(certificate.notAfter <= now + 90 * 86_400)
    }

    @Test("an expired certificate loads and says so")
    func expired() throws {
        let scene = try CertificateScene()
        let files = try scene.issue(["acme.example"], days: -10 ... -1)
        let certificate = try #require(TLSContext(certificates: [files]).certificates.first)
        #expect(certificate.isOutOfDate(at: Clock.unixSeconds()))
    }

    @Test("a file that is missing is named with the system's reason")
    func missing() throws {
        let scene = try CertificateScene()
        let good = try scene.issue(["acme.example"])
        var files = good
        files.chainPath += ".missing"
        let chain = TLSFailure.Reason.unreadable(
            path: files.chainPath,
            because: "No such file or directory"
        )
        #expect(throws: TLSFailure(chain, files: files)) {
            try TLSContext(certificates: [files])
        }
        files = good
        files.keyPath += ".missing"
        let key = TLSFailure.Reason.unreadable(
            path: files.keyPath,
            because: "No such file or directory"
        )
        #expect(throws: TLSFailure(key, files: files)) { try TLSContext(certificates: [files]) }
    }

    @Test("what is no certificate and what is no key are told apart")
    func notPEM() throws {
        let scene = try CertificateScene()
        let good = try scene.issue(["acme.example"])
        try scene.write("nothing\n", to: "empty.pem")
        var files = good
        files.chainPath = scene.folder + "/empty.pem"
        #expect(throws: TLSFailure(.noCertificate(path: files.chainPath), files: files)) {
            try TLSContext(certificates: [files])
        }
        files = good
        files.keyPath = scene.folder + "/empty.pem"
        #expect(throws: TLSFailure(.noPrivateKey(path: files.keyPath), files: files)) {
            try TLSContext(certificates: [files])
        }
    }

    @Test("a key of another certificate is refused, also when it is the second pair")
    func mismatch() throws {
        let scene = try CertificateScene()
        let good = try scene.issue(["acme.example"])
        var files = try scene.issue(["globex.example"])
        files.keyPath = good.keyPath
        let reason = TLSFailure.Reason.keyMismatch(
            chainPath: files.chainPath,
            keyPath: files.keyPath
        )
        #expect(throws: TLSFailure(reason, files: files)) {
            try TLSContext(certificates: [good, files])
        }
    }

    @Test("nothing is left in OpenSSL's error queue after a failure")
    func errorQueue() throws {
        let scene = try CertificateScene()
        try scene.write("nothing\n", to: "empty.pem")
        let files = scene.files(chain: "empty.pem", key: "empty.pem")
        #expect(throws: TLSFailure.self) { try TLSContext(certificates: [files]) }
        #expect(ERR_peek_error() == 0)
    }
}

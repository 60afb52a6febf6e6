/// nginx that takes TLS off in front of a server of this machine.
final class TLSFront: Sendable {
    let port: UInt16
    private let folder: TemporaryFolder
    private let process: NginxProcess

    /// Serves `behind` with a certificate of the shared authority.
    init(of behind: UInt16, certificate: String) throws {
        folder = try TemporaryFolder("tls-front")
        port = try FreePort.next()
        let text = try NginxProcess.configuration(
            in: folder,
            port: port,
            certificate: certificate,
            serving: "location / { proxy_pass http://127.0.0.1:\(behind); }"
        )
        try folder.write("nginx.conf", text)
        process = try NginxProcess(in: folder, port: port)
    }
}

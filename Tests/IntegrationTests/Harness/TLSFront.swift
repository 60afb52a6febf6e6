/// nginx that takes TLS off in front of a server of this machine.
final class TLSFront: Sendable {
    let port: UInt16
    private let folder: TemporaryFolder
    private let process: ChildProcess

    /// Serves `behind` with a certificate of the shared authority.
    init(of behind: UInt16, certificate: String) throws {
        folder = try TemporaryFolder("tls-front")
        port = try FreePort.next()
        let authority = try CertificateAuthority.shared()
        try folder.write(
            "nginx.conf",
            """
            daemon off;
            worker_processes 1;
            pid \(folder.path)/nginx.pid;
            events { worker_connections 64; }
            http {
                access_log off;
                client_body_temp_path \(folder.path)/a;
                proxy_temp_path \(folder.path)/b;
                fastcgi_temp_path \(folder.path)/c;
                uwsgi_temp_path \(folder.path)/d;
                scgi_temp_path \(folder.path)/e;
                server {
                    listen 127.0.0.1:\(port) ssl;
                    ssl_certificate \(authority.path("\(certificate).pem"));
                    ssl_certificate_key \(authority.path("\(certificate).key"));
                    location / { proxy_pass http://127.0.0.1:\(behind); }
                }
            }
            """
        )
        process = try ChildProcess(
            "nginx",
            ["-p", folder.path, "-c", folder.path(of: "nginx.conf"), "-e", "stderr"]
        )
        let deadline = Deadline(seconds: 10)
        while (try? Socket.connected(to: port)) == nil {
            guard process.isRunning, !deadline.hasPassed else {
                throw Trouble.unavailable("nginx did not start: \(process.errorText)")
            }
            _ = process.waitForEnd(seconds: 0.02)
        }
    }

    deinit {
        process.signal(15)
        if process.waitForEnd(seconds: 5) == nil { process.end() }
    }
}

import Glibc

/// An nginx of one's own with `nginx.conf` in a folder; it ends with this object.
final class NginxProcess: Sendable {
    private let process: ChildProcess

    /// Starts it and waits until it takes connections on `port`.
    init(in folder: TemporaryFolder, port: UInt16) throws {
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
        process.signal(SIGTERM)
        if process.waitForEnd(seconds: 5) == nil { process.end() }
    }

    /// The configuration of one TLS server with a certificate of the shared authority.
    static func configuration(
        in folder: TemporaryFolder,
        port: UInt16,
        certificate: String,
        serving line: String
    ) throws -> String {
        let authority = try CertificateAuthority.shared()
        return """
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
                    \(line)
                }
            }
            """
    }
}

/// nginx on a free port, serving files and a few odd answers.
final class NginxUpstream: Sendable {
    let port: UInt16
    let folder: TemporaryFolder
    private let process: NginxProcess

    init() throws {
        folder = try TemporaryFolder("nginx")
        port = try FreePort.next()
        try folder.write("files/open/small.txt", "from nginx\n")
        try folder.write("files/guarded/small.txt", "guarded\n")
        try folder.write(
            "files/open/large.bin",
            String(repeating: "0123456789abcdef", count: 500_000)
        )
        try folder.write("nginx.conf", Self.configuration(folder.path, port))
        process = try NginxProcess(in: folder, port: port)
    }

    private static func configuration(_ folder: String, _ port: UInt16) -> String {
        """
        daemon off;
        worker_processes 1;
        pid nginx.pid;
        events { worker_connections 512; }
        http {
            access_log \(folder)/access.log;
            client_body_temp_path \(folder)/body;
            proxy_temp_path \(folder)/proxy;
            fastcgi_temp_path \(folder)/fastcgi;
            uwsgi_temp_path \(folder)/uwsgi;
            scgi_temp_path \(folder)/scgi;
            keepalive_requests 7;
            gzip on;
            gzip_types text/plain;
            gzip_min_length 1;
            server {
                listen 127.0.0.1:\(port);
                root \(folder)/files;
                location /open/empty { return 204; }
                location /open/moved { return 302 https://wallet.test/back?code=1; }
                location /open/broken { return 503 "broken"; }
            }
        }
        """
    }
}

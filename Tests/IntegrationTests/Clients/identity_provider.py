"""An identity provider that serves the pages it is told to, well or badly.

usage: identity_provider.py PORT CONTROL-PORT [CERTIFICATE KEY]

`PUT /` on the control port takes a JSON object of pages by path; `*` stands for all others.
`GET /` there answers how often each path was asked for. A page has these members, all optional:

status, body, fields   the answer
held                   true: nothing is answered until the page is replaced by one that is not held
endless                true: the body is followed by a gigabyte of white space
"""

import http.server
import json
import ssl
import sys
import threading

CHANGED = threading.Condition()
PAGES, COUNTS = {}, {}
PIECE = b" " * 65536


def page_of(path):
    return PAGES.get(path) or PAGES.get("*") or {"status": 404}


class Provider(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        path = self.path.split("?")[0]
        with CHANGED:
            COUNTS[path] = COUNTS.get(path, 0) + 1
            CHANGED.wait_for(lambda: not page_of(path).get("held"))
            page = page_of(path)
        self.answer(page)

    def answer(self, page):
        body = page.get("body", "").encode()
        self.send_response(page.get("status", 200))
        for name, value in page.get("fields", {}).items():
            self.send_header(name, value)
        if page.get("endless"):
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)
            for _ in range(2**30 // len(PIECE)):
                self.wfile.write(PIECE)
            return
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Control(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_PUT(self):
        pages = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with CHANGED:
            PAGES.update(pages)
            CHANGED.notify_all()
        self.answer({})

    def do_GET(self):
        with CHANGED:
            counts = dict(COUNTS)
        self.answer(counts)

    def answer(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, *_):
        """A gateway that has had enough closes the connection."""


class SecureServer(Server):
    """The handshake is made on the connection's own thread."""

    def __init__(self, *arguments, certificate, key):
        super().__init__(*arguments)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)

    def finish_request(self, request, client_address):
        request.settimeout(10)
        super().finish_request(self.context.wrap_socket(request, server_side=True), client_address)


def main():
    port, control = int(sys.argv[1]), int(sys.argv[2])
    if len(sys.argv) > 3:
        provider = SecureServer(
            ("127.0.0.1", port), Provider, certificate=sys.argv[3], key=sys.argv[4]
        )
    else:
        provider = Server(("127.0.0.1", port), Provider)
    threading.Thread(target=provider.serve_forever, daemon=True).start()
    Server(("127.0.0.1", control), Control).serve_forever()


main()

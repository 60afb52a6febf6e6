"""A receiver of events in three formats that can be told to misbehave.

usage: event_receiver.py PORT CONTROL_PORT LOG [CHAIN KEY]

POST /v1/logs is OTLP, POST with a `query` is ClickHouse, any other POST is NDJSON. What was taken is
appended to LOG, so that another one goes on after this one was killed. `PUT /` on the control port
takes {"script": [MODE...], "mode": MODE}: the modes of the next requests, and of those after them.
`GET /` tells what was seen. A batch with an event whose requestId begins with `poison` is refused.
"""

import json
import ssl
import sys
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

lock = threading.Lock()
released = threading.Event()
state = {"script": [], "mode": "ok"}
seen = {"requests": 0, "events": [], "authorization": []}


def otlp_events(body):
    for resource in json.loads(body)["resourceLogs"]:
        names = {a["key"]: a["value"] for a in resource["resource"]["attributes"]}
        assert names["service.name"] == {"stringValue": "postern"}, names
        for scope in resource["scopeLogs"]:
            for record in scope["logRecords"]:
                event = json.loads(record["body"]["stringValue"])
                found = {a["key"]: a["value"]["stringValue"] for a in record["attributes"]}
                assert found["id"] == event["id"] and found["event.name"] == event["type"], found
                assert len(record["timeUnixNano"]) == 19, record
                yield event


def lines(body):
    assert body.endswith(b"\n"), body[-20:]
    return [json.loads(line) for line in body.splitlines()]


def rows(body):
    for row in lines(body):
        assert isinstance(row["data"], str) and isinstance(json.loads(row["data"]), dict), row
        yield row


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        target = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(target.query)
        kind = "otlp" if target.path == "/v1/logs" else "clickhouse" if "query" in query else "ndjson"
        with lock:
            mode = state["script"].pop(0) if state["script"] else state["mode"]
            seen["requests"] += 1
            seen["authorization"].append(self.headers.get("Authorization", ""))
        if mode == "hang":
            released.wait(20)
            return self.drop()
        if mode == "drop":
            return self.drop()
        if mode == "slow":
            released.wait(0.3)
        if mode.isdigit():
            return self.answer(int(mode), b"a word of the receiver's own")
        token = query.get("insert_deduplication_token", [""])[0]
        take = {"otlp": otlp_events, "clickhouse": rows, "ndjson": lines}[kind]
        events = list(take(body))
        if any(e["requestId"].startswith("poison") for e in events if "requestId" in e):
            return self.answer(400, b"a word of the receiver's own")
        rejected = 0
        if mode == "partial":
            rejected = 1
            events = events[1:]
        with lock:
            with open(log, "a") as file:
                for event in events:
                    file.write(json.dumps([kind, event["id"], token]) + "\n")
                    seen["events"].append([kind, event["id"], token])
        if mode == "lost":
            return self.drop()
        if rejected:
            reply = {"partialSuccess": {"rejectedLogRecords": str(rejected), "errorMessage": "no"}}
            return self.answer(200, json.dumps(reply).encode())
        self.answer(200, b"{}" if kind == "otlp" else b"")

    def drop(self):
        self.close_connection = True
        self.connection.close()

    def answer(self, status, body):
        self.send_response(status)
        if status in (429, 503):
            self.send_header("Retry-After", "1")
        if 300 <= status < 400:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except (OSError, ValueError):
            self.close_connection = True

    def log_message(self, *arguments):
        pass


class Control(BaseHTTPRequestHandler):
    def do_GET(self):
        with lock:
            body = json.dumps(seen).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self):
        order = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with lock:
            state.update(order)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


port, control_port, log = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
with open(log, "a+") as file:
    file.seek(0)
    seen["events"] = [json.loads(line) for line in file]
server = ThreadingHTTPServer(("127.0.0.1", port), Receiver)
if len(sys.argv) > 4:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[4], sys.argv[5])
    server.socket = context.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
ThreadingHTTPServer(("127.0.0.1", control_port), Control).serve_forever()

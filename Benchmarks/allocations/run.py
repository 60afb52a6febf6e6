#!/usr/bin/env python3
"""Counts what a request on a warm connection allocates.

Starts the gateway with one loop and a journal behind an interposed allocator, sends requests of
several kinds over one TLS connection each, and prints what the loop allocates: the gateway's own
code and, apart, OpenSSL. With --stacks it also prints where the allocations come from.

    Benchmarks/allocations/run.py .build/release/postern [--requests 5000] [--stacks]

Needs Linux with glibc, cc, openssl; --stacks also addr2line and, for readable names, swift.
Exits with 1 when the gateway's own code allocates for a request.
"""

import argparse
import base64
import ctypes
import json
import mmap
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ISSUER = "https://idp.test/"
AUDIENCE = "https://acme.test"
OFFER = "/offers/8241400f-de3b-42c5-ad7c-8a380039e796"

POLICY = """
roles admin auditor
route open {
    match GET /open
    match POST /open
    public
    event OPEN
}
route captured {
    match GET /captured
    public
    event CAPTURED
    capture query client_id redirect_uri state
}
route offer {
    match GET /offers/{id:uuid}
    allow role admin
    event OFFER
    response no-store
}
"""

CONFIGURATION = """
listen 127.0.0.1:{port} {{
    certificate {dir}/server.pem {dir}/server.key
}}
policies {dir}/bench.policy
workers 1
upstream issuer {{
    server http://127.0.0.1:{upstream}
    header X-Auth-Subject {{subject}}
}}
tenant acme {{
    host acme.test
    upstream issuer
    tokens {{
        issuer {issuer}
        audience {audience}
        keys file:{dir}/keys.json
        roles claim roles
    }}
}}
analytics {{
    journal {dir}/events
}}
"""


class Upstream:
    """Answers every request with two bytes; with ?chunked in the target, in two chunks."""

    WHOLE = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
    CHUNKED = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"1\r\no\r\n1\r\nk\r\n0\r\n\r\n"
    )

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        data = b""
        while True:
            while b"\r\n\r\n" not in data:
                piece = client.recv(65536)
                if not piece:
                    return
                data += piece
            head, data = data.split(b"\r\n\r\n", 1)
            wanted = 0
            for line in head.split(b"\r\n")[1:]:
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    wanted = int(value)
            while len(data) < wanted:
                data += client.recv(65536)
            data = data[wanted:]
            target = head.split(b" ", 2)[1]
            client.sendall(self.CHUNKED if target.endswith(b"?chunked") else self.WHOLE)


class Client:
    """One TLS connection."""

    def __init__(self, port, authority):
        context = ssl.create_default_context(cafile=authority)
        deadline = time.monotonic() + 10
        while True:
            try:
                plain = socket.create_connection(("127.0.0.1", port))
                break
            except ConnectionRefusedError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = context.wrap_socket(plain, server_hostname="acme.test")

    def status(self, request):
        """Sends a request and reads the answer to its end."""
        self.socket.sendall(request)
        data = b""
        while b"\r\n\r\n" not in data:
            data += self.more()
        head, body = data.split(b"\r\n\r\n", 1)
        lower = head.lower()
        if b"\r\ntransfer-encoding: chunked" in lower:
            while not body.endswith(b"0\r\n\r\n"):
                body += self.more()
        else:
            length = int(lower.split(b"\r\ncontent-length:")[1].split(b"\r\n")[0])
            while len(body) < length:
                body += self.more()
        return int(head.split(b" ", 2)[1])

    def more(self):
        piece = self.socket.recv(65536)
        if not piece:
            raise SystemExit("the gateway closed the connection")
        return piece


class ThreadCount(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_char * 16),
        ("calls", ctypes.c_uint64),
        ("bytes", ctypes.c_uint64),
        ("openssl_calls", ctypes.c_uint64),
    ]


class StackCount(ctypes.Structure):
    _fields_ = [
        ("hash", ctypes.c_uint64),
        ("calls", ctypes.c_uint64),
        ("thread", ctypes.c_uint64),
        ("bytes", ctypes.c_uint64),
        ("depth", ctypes.c_uint64),
        ("frames", ctypes.c_uint64 * 24),
    ]


class Board(ctypes.Structure):
    """What malloc_count.c shares."""

    _fields_ = [
        ("records_stacks", ctypes.c_uint64),
        ("threads", ctypes.c_uint64),
        ("thread", ThreadCount * 64),
        ("stack", StackCount * 1024),
    ]

    def counts(self):
        """Allocations of the loop's own code, of OpenSSL on the loop, and of all other threads."""
        own, openssl, other = 0, 0, 0
        for thread in self.thread[: min(self.threads, 64)]:
            if thread.name.startswith(b"loop-"):
                own += thread.calls - thread.openssl_calls
                openssl += thread.openssl_calls
            else:
                other += thread.calls
        return own, openssl, other

    def stacks(self):
        return {s.hash: s.calls for s in self.stack if s.hash}


class Symbols:
    """Names of code addresses of a running process."""

    def __init__(self, pid):
        self.files = []
        bases = {}
        with open(f"/proc/{pid}/maps") as maps:
            for line in maps:
                part = line.split()
                if len(part) < 6 or not part[5].startswith("/"):
                    continue
                start, end = (int(x, 16) for x in part[0].split("-"))
                base = bases.setdefault(part[5], start)
                self.files.append((start, end, base, part[5]))

    def names(self, address):
        """The functions at an address, the innermost inlined one first."""
        for start, end, base, path in self.files:
            if start <= address < end:
                found = subprocess.run(
                    ["addr2line", "-f", "-i", "-e", path, hex(address - base - 1)],
                    capture_output=True, text=True,
                ).stdout.split("\n")
                names = [n for n in found[0::2] if n and n != "??"]
                places = [p.split("/")[-1].split(" ")[0] for p in found[1::2]]
                if not names:
                    return [f"{os.path.basename(path)}+{hex(address - base)}"]
                return [
                    self.demangled(n) + (f"  ({p})" if p and not p.startswith("??") else "")
                    for n, p in zip(names, places)
                ]
        return [hex(address)]

    @staticmethod
    def demangled(name):
        if not name.startswith(("$s", "$S")):
            return name
        try:
            return subprocess.run(
                ["swift", "demangle", "--simplified", "--compact", name],
                capture_output=True, text=True,
            ).stdout.strip() or name
        except FileNotFoundError:
            return name


def command(*words, cwd):
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(words)}\n{done.stderr}")
    return done.stdout


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def make_keys(folder):
    """A self-signed certificate and the key that signs tokens."""
    command(
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
        "-nodes", "-keyout", "server.key", "-out", "server.pem", "-subj", "/CN=acme.test",
        "-days", "2", "-addext", "subjectAltName=DNS:acme.test", cwd=folder,
    )
    command("openssl", "genrsa", "-out", "idp.pem", "2048", cwd=folder)
    modulus = command("openssl", "rsa", "-in", "idp.pem", "-noout", "-modulus", cwd=folder)
    number = bytes.fromhex(modulus.strip().split("=")[1])
    key = {"kty": "RSA", "kid": "1", "alg": "RS256", "n": base64url(number), "e": "AQAB"}
    with open(f"{folder}/keys.json", "w") as file:
        json.dump({"keys": [key]}, file)


def make_token(postern, folder, role):
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "bench", "roles": [role]}
    return command(
        postern, "token", "--key", f"{folder}/idp.pem", "--claims", json.dumps(claims),
        "--header", '{"kid":"1"}', cwd=folder,
    ).strip()


def request(line, *fields, body=b""):
    head = [f"{line} HTTP/1.1", "Host: acme.test", "User-Agent: bench", "Accept: */*", *fields]
    if body:
        head.append(f"Content-Length: {len(body)}")
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def scenarios(postern, folder):
    """What is sent, and the status that must come back."""
    admin = f"Authorization: Bearer {make_token(postern, folder, 'admin')}"
    auditor = f"Authorization: Bearer {make_token(postern, folder, 'auditor')}"
    return [
        ("public route", request("GET /open"), 200),
        (
            "captured query",
            request("GET /captured?client_id=w&redirect_uri=https%3A%2F%2Fw.test%2Fcb&state=x"),
            200,
        ),
        ("RS256 token", request(f"GET {OFFER}", admin), 200),
        ("refused, 403", request(f"GET {OFFER}", auditor), 403),
        ("refused, 401", request(f"GET {OFFER}"), 401),
        ("refused, 404", request("GET /nowhere"), 404),
        ("1 KiB request body", request("POST /open", body=b"x" * 1024), 200),
        ("chunked answer", request("GET /open?chunked"), 200),
    ]


def print_stacks(board, before, requests, symbols):
    found = []
    for stack in board.stack:
        calls = stack.calls - before.get(stack.hash, 0) if stack.hash else 0
        name = board.thread[stack.thread].name.decode()
        if name.startswith("loop-") and calls >= max(1, requests // 1000):
            found.append((calls, stack))
    for calls, stack in sorted(found, key=lambda pair: -pair[0])[:12]:
        print(f"    {calls / requests:.3f} a request, {stack.bytes} bytes")
        for frame in stack.frames[: min(stack.depth, 14)]:
            for name in symbols.names(frame):
                print(f"        {name}")


def measure(arguments, folder):
    library = f"{folder}/malloc_count.so"
    command(
        "cc", "-O2", "-Wall", "-shared", "-fPIC", "-o", library, f"{HERE}/malloc_count.c",
        "-lpthread", cwd=folder,
    )
    make_keys(folder)
    upstream = Upstream()
    port = free_port()
    with open(f"{folder}/bench.policy", "w") as file:
        file.write(POLICY)
    with open(f"{folder}/postern.conf", "w") as file:
        file.write(CONFIGURATION.format(
            port=port, upstream=upstream.port, dir=folder, issuer=ISSUER, audience=AUDIENCE,
        ))
    with open(f"{folder}/counts", "wb") as file:
        file.truncate(ctypes.sizeof(Board))
    environment = dict(os.environ, LD_PRELOAD=library, MALLOC_COUNT_FILE=f"{folder}/counts")
    gateway = subprocess.Popen(
        [arguments.postern, "serve", "--config", f"{folder}/postern.conf"],
        env=environment, stdout=subprocess.DEVNULL,
    )
    try:
        with open(f"{folder}/counts", "r+b") as file:
            board = Board.from_buffer(mmap.mmap(file.fileno(), 0))
        return run(arguments, folder, port, board, gateway)
    finally:
        gateway.terminate()
        gateway.wait(10)


def run(arguments, folder, port, board, gateway):
    allocates = False
    count = arguments.requests
    print(f"allocations for each of {count} requests, and in all")
    print(f"{'request':<20} {'gateway':>8} {'OpenSSL':>8} {'in all:':>10} {'gateway':>8}", end="")
    print(f" {'OpenSSL':>8} {'other threads':>14}")
    for name, sent, wanted in scenarios(arguments.postern, folder):
        client = Client(port, f"{folder}/server.pem")
        for _ in range(arguments.warm):
            status = client.status(sent)
            if status != wanted:
                raise SystemExit(f"{name}: {status} came back, {wanted} was wanted")
        board.records_stacks = 1 if arguments.stacks else 0
        stacks = board.stacks()
        before = board.counts()
        for _ in range(count):
            client.status(sent)
        own, openssl, other = (a - b for a, b in zip(board.counts(), before))
        board.records_stacks = 0
        print(f"{name:<20} {own / count:>8.3f} {openssl / count:>8.3f} {'':>10} {own:>8}", end="")
        print(f" {openssl:>8} {other:>14}")
        if arguments.stacks:
            print_stacks(board, stacks, count, Symbols(gateway.pid))
        allocates = allocates or own / count >= 0.01
        client.socket.close()
    return 1 if allocates else 0


def main():
    parser = argparse.ArgumentParser(description="What a request on a warm connection allocates.")
    parser.add_argument("postern")
    parser.add_argument("--requests", type=int, default=5_000)
    parser.add_argument("--warm", type=int, default=200)
    parser.add_argument("--stacks", action="store_true", help="where allocations come from")
    arguments = parser.parse_args()
    arguments.postern = os.path.abspath(arguments.postern)
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(measure(arguments, folder))


if __name__ == "__main__":
    main()

"""The processes of the scene: upstream, gateway and load generator."""

import datetime
import http.client
import json
import os
import socket
import ssl
import subprocess
import tempfile
import threading
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from identity import AUDIENCE, ISSUER

HERE = os.path.dirname(os.path.abspath(__file__))
HOST = "acme.test"
CONNECTIONS = 64

POLICY = """
roles admin
route offers {
    match GET /offers
    allow role admin
    event OFFERS
}
"""

CONFIGURATION = """
listen 127.0.0.1:{port} {{
    certificate {dir}/server.pem {dir}/server.key
}}
admin 127.0.0.1:{admin}
policies {dir}/bench.policy
workers {workers}
drain 1s
upstream issuer {{
    server http://127.0.0.1:{upstream}
}}
analytics {{
    journal {journal}
}}
"""

TENANT = """
tenant {name} {{
    host {host}
    upstream issuer
    tokens {{
        issuer {issuer}
        audience {audience}
        keys {keys}
        roles claim roles
    }}
}}
"""

NGINX = """
daemon off;
worker_processes 1;
pid {dir}/nginx.pid;
error_log stderr;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    keepalive_requests 100000000;
    client_body_temp_path {dir}/body;
    proxy_temp_path {dir}/proxy;
    fastcgi_temp_path {dir}/fastcgi;
    uwsgi_temp_path {dir}/uwsgi;
    scgi_temp_path {dir}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location / {{ return 200 '{{"id":42,"status":"accepted"}}'; }}
    }}
}}
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def make_certificate(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    today = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    with open(f"{folder}/server.pem", "wb") as file:
        file.write(certificate.public_bytes(pem))
    with open(f"{folder}/server.key", "wb") as file:
        file.write(key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ))


class Process:
    """A process of the scene; it ends with the `with` statement."""

    def __init__(self, *words, nice=0, cpus=None, output=subprocess.DEVNULL):
        self.nice, self.cpus = nice, cpus
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            words, stdout=output, stderr=self.errors, preexec_fn=self.prepare,
        )
        self.pid = self.process.pid

    def prepare(self):
        if self.nice:
            os.nice(self.nice)
        if self.cpus:
            os.sched_setaffinity(0, self.cpus)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def words(self):
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace")

    def await_port(self, port):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                return socket.create_connection(("127.0.0.1", port), 1).close()
            except OSError:
                time.sleep(0.01)
        raise SystemExit(f"nothing listens on {port}:\n{self.words()}")

    def threads_and_descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/task")), len(os.listdir(f"/proc/{self.pid}/fd"))


class Hole:
    """Takes connections on every loopback address and never says anything."""

    def __enter__(self):
        # They wait to be accepted, for ever.
        self.socket = socket.create_server(("0.0.0.0", 0), backlog=4_096)
        self.port = self.socket.getsockname()[1]
        return self

    def __exit__(self, *_):
        self.socket.close()


class Sampler:
    """The most threads and descriptors that a process has while it is watched."""

    def __init__(self, process):
        self.process = process
        self.threads = self.descriptors = 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def run(self):
        while True:
            threads, descriptors = self.process.threads_and_descriptors()
            self.threads = max(self.threads, threads)
            self.descriptors = max(self.descriptors, descriptors)
            if self.ended.wait(0.25):
                return


class Scene:
    """The upstream, the load generator, and how a gateway is started."""

    def __init__(self, arguments, folder):
        self.arguments = arguments
        self.folder = folder
        self.port, self.admin, self.upstream = free_port(), free_port(), free_port()
        cpus = sorted(os.sched_getaffinity(0))
        # The gateway has the last core for itself, as far as this scene goes.
        self.inner = {cpus[-1]} if arguments.pin and len(cpus) > 1 else None
        self.outer = set(cpus[:-1]) if self.inner else None
        make_certificate(folder)
        write(f"{folder}/bench.policy", POLICY)
        write(f"{folder}/nginx.conf", NGINX.format(dir=folder, port=self.upstream))
        done = subprocess.run(
            ["cc", "-O2", "-o", f"{folder}/load", f"{HERE}/load.c", "-lssl", "-lcrypto"],
            capture_output=True, text=True,
        )
        if done.returncode != 0:
            raise SystemExit(done.stderr)

    def start(self, *words, inside=False, **options):
        cpus = self.inner if inside else self.outer
        return Process(*words, nice=self.arguments.nice, cpus=cpus, **options)

    def start_upstream(self):
        return self.start("nginx", "-p", self.folder, "-c", f"{self.folder}/nginx.conf")

    def start_gateway(self, tenants, name):
        text = CONFIGURATION.format(
            port=self.port, admin=self.admin, upstream=self.upstream, dir=self.folder,
            workers=self.arguments.workers, journal=f"{self.folder}/events-{name}",
        )
        path = f"{self.folder}/{name}.conf"
        write(path, text + "".join(tenants))
        return self.start(self.arguments.postern, "serve", "--config", path, inside=True)

    def tokens(self, name, tokens):
        """A file of tokens for the load generator."""
        path = f"{self.folder}/{name}.tokens"
        write(path, "\n".join(tokens) + "\n")
        return path

    def load(self, rate, *segments, status=200):
        """Starts to send; the result is what `Load.result` waits for."""
        return Load(self, rate, segments, status)

    def measure(self, rate, *segments, actions=()):
        """Sends while `actions`, pairs of seconds and what to do then, are done."""
        load = self.load(rate, *segments)
        begun = time.monotonic()
        for seconds, action in actions:
            time.sleep(max(begun + seconds - time.monotonic(), 0))
            action()
        return load.result()

    def status(self, token):
        """The status that one request gets, over a connection of its own."""
        context = ssl.create_default_context(cafile=f"{self.folder}/server.pem")
        plain = socket.create_connection(("127.0.0.1", self.port), 10)
        with context.wrap_socket(plain, server_hostname=HOST) as client:
            client.sendall(
                f"GET /offers HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: Bearer {token}\r\n"
                "Connection: close\r\n\r\n".encode()
            )
            return int(client.recv(64).split(b" ", 2)[1])

    def await_status(self, token, wanted):
        """Waits until a token gets that status; returns the seconds it took."""
        begun = time.monotonic()
        while (status := self.status(token)) != wanted:
            if time.monotonic() > begun + 30:
                raise SystemExit(f"a token gets {status}, {wanted} was wanted")
            time.sleep(0.02)
        return time.monotonic() - begun

    def ask(self, method, path):
        """What the admin listener answers."""
        client = http.client.HTTPConnection("127.0.0.1", self.admin, timeout=30)
        client.request(method, path)
        answer = client.getresponse()
        text = answer.read().decode()
        client.close()
        if answer.status != 200:
            raise SystemExit(f"{method} {path}: {answer.status} {text}")
        return text

    def reload(self):
        """Puts the configuration to work anew, which fetches all keys."""
        self.ask("POST", "/reload")

    def fetches(self):
        """How often the gateway has fetched the tenant's keys, or tried to, to the end."""
        return sum(
            int(float(line.rsplit(" ", 1)[1])) for line in self.ask("GET", "/metrics").split("\n")
            if line.startswith("postern_key_fetches_total{") and 'tenant="acme"' in line
        )


class Load:
    """A run of the load generator."""

    def __init__(self, scene, rate, segments, status):
        self.process = scene.start(
            f"{scene.folder}/load", str(scene.port), HOST, "/offers", str(CONNECTIONS),
            str(rate), str(status), *(f"{seconds}:{tokens}" for seconds, tokens in segments),
            output=subprocess.PIPE,
        )

    def result(self):
        """Waits for the end; the counts and latencies in microseconds."""
        text, _ = self.process.process.communicate()
        if self.process.process.returncode != 0:
            raise SystemExit(self.process.words())
        return json.loads(text)

#!/usr/bin/env python3
"""Measures what a token that was never seen before costs a request.

Mints 100,000 tokens for each of RS256 and ES256, sends each of them once and compares the CPU time
that a request takes more than one without a token with the bare OpenSSL verify of that algorithm,
measured in the same run on the same core.

    Benchmarks/tokens/run.py .build/release/postern [--rounds 5] [--seconds 4] [--tokens 100000]

Needs two cores, wrk, nginx, cc with libssl-dev, openssl and Python's `cryptography`. The tokens are
kept in the temporary folder for half a day. Exits with 1 when a run is not clean or a goal is missed.
"""

import argparse
import base64
import hashlib
import json
import multiprocessing
import os
import shutil
import statistics
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from processes import Processes, command, free_port, self_signed, thread_seconds, wait_for  # noqa: E402

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

HERE = os.path.dirname(os.path.abspath(__file__))
ISSUER, AUDIENCE = "https://issuer.bench.test/", "orders-api"
LIFETIME, KEPT_SECONDS = 86_400, 43_200
GOAL = 1.3
ALGORITHMS = {"rs256": "rsa", "es256": "ec"}
GATEWAY_CORE, LOAD_CORE = 0, 1
CONNECTIONS = 64
ANSWER = '{"id":42,"status":"accepted","customer":{"id":"c-1001","name":"Example GmbH","tier":"gold"},"total":"44.80"}'

POLICY = """
roles reader
route raw {
    match GET /raw/{rest...}
    public
    event BENCH_RAW
}
route api {
    match GET /api/{rest...}
    allow role reader
    event BENCH_API
}
"""

CONFIGURATION = """
listen 127.0.0.1:{port} {{
    certificate {dir}/server.pem {dir}/server.key
    session-tickets off
}}
admin 127.0.0.1:{admin}
policies {dir}/bench.policy
workers 1
upstream issuer {{
    server http://127.0.0.1:{upstream}
}}
tenant acme {{
    host acme.test
    upstream issuer
    tokens {{
        issuer {issuer}
        audience {audience}
        keys file:{fixtures}/keys.json
        algorithms RS256 ES256
        roles claim roles
    }}
}}
analytics {{
    journal {dir}/events {{
        limit 2GB
    }}
}}
"""

NGINX = """
daemon off;
user root;
worker_processes 1;
pid {dir}/nginx.pid;
error_log {dir}/nginx.log warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    keepalive_requests 100000000;
    default_type application/json;
    server {{
        listen 127.0.0.1:{upstream};
        location / {{ return 200 '{answer}'; }}
    }}
}}
"""


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value, size):
    return base64url(value.to_bytes(size, "big"))


class Minter:
    """Makes the tokens of one algorithm; shared with the processes that a pool forks."""

    def __init__(self, name, key, now):
        self.name, self.key, self.now = name, key, now

    def token(self, index):
        head = {"alg": self.name.upper(), "typ": "at+jwt", "kid": self.name}
        body = {
            "iss": ISSUER,
            "sub": f"user-{index:06d}@bench.test",
            "aud": AUDIENCE,
            "iat": self.now,
            "exp": self.now + LIFETIME,
            "jti": hashlib.md5(str(index).encode()).hexdigest(),
            "azp": "web-frontend",
            "scope": "openid profile orders",
            "roles": ["reader", "writer"],
        }
        parts = (json.dumps(part, separators=(",", ":")).encode() for part in (head, body))
        message = ".".join(base64url(part) for part in parts)
        return f"{message}.{base64url(self.signature(message.encode()))}"

    def signature(self, message):
        if self.name == "rs256":
            return self.key.sign(message, padding.PKCS1v15(), hashes.SHA256())
        pair = decode_dss_signature(self.key.sign(message, ec.ECDSA(hashes.SHA256())))
        return b"".join(half.to_bytes(32, "big") for half in pair)

    def jwk(self):
        numbers = self.key.public_key().public_numbers()
        shared = {"kid": self.name, "alg": self.name.upper(), "use": "sig"}
        if self.name == "rs256":
            return shared | {"kty": "RSA", "n": number(numbers.n, 256), "e": number(numbers.e, 3)}
        return shared | {"kty": "EC", "crv": "P-256", "x": number(numbers.x, 32), "y": number(numbers.y, 32)}


MINTERS = {}


def mint(job):
    name, index = job
    return MINTERS[name].token(index)


def fixtures(folder, count):
    """Keys and tokens, made anew when they are too few or too old."""
    stamp = os.path.join(folder, f"stamp-{count}")
    if os.path.exists(stamp) and time.time() - os.path.getmtime(stamp) < KEPT_SECONDS:
        return
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    now = int(time.time())
    MINTERS["rs256"] = Minter("rs256", rsa.generate_private_key(65537, 2048), now)
    MINTERS["es256"] = Minter("es256", ec.generate_private_key(ec.SECP256R1()), now)
    with open(os.path.join(folder, "keys.json"), "w") as file:
        json.dump({"keys": [minter.jwk() for minter in MINTERS.values()]}, file)
    for name in MINTERS:
        print(f"minting {count} {name} tokens ...", file=sys.stderr)
        with multiprocessing.Pool() as pool, open(os.path.join(folder, name), "w") as file:
            for token in pool.imap(mint, ((name, index) for index in range(count)), 500):
                file.write(token + "\n")
    open(stamp, "w").close()


class Scene(Processes):
    """The gateway on one core, its upstream on the other."""

    def __init__(self, binary, folder, tokens):
        super().__init__(folder)
        self.tokens = tokens
        self.port, self.admin, self.upstream = free_port(), free_port(), free_port()
        words = dict(port=self.port, admin=self.admin, upstream=self.upstream, dir=folder, fixtures=tokens,
                     issuer=ISSUER, audience=AUDIENCE, answer=ANSWER)
        self.write("bench.policy", POLICY)
        self.write("postern.conf", CONFIGURATION.format(**words))
        self.write("nginx.conf", NGINX.format(**words))
        self_signed(folder, "server", "acme.test")
        command("cc", "-O2", "-o", "verify", os.path.join(HERE, "verify.c"), "-lcrypto", cwd=folder)
        self.start({LOAD_CORE}, "nginx", "nginx", "-p", folder, "-c", f"{folder}/nginx.conf")
        self.gateway = self.start({GATEWAY_CORE}, "postern", binary, "serve", "--config", f"{folder}/postern.conf")
        wait_for(self.upstream)
        wait_for(self.port)
        self.places = dict.fromkeys(ALGORITHMS, 0)

    def cpu_seconds(self):
        """What all threads of the gateway have used, by the scheduler's own count."""
        return sum(seconds for _, seconds in thread_seconds(self.gateway))

    def cache(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/metrics", timeout=5) as answer:
            lines = answer.read().decode().splitlines()
        counts = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
        return [int(float(counts[f"postern_token_cache_{kind}_total"])) for kind in ("hits", "misses")]

    def load(self, name, seconds, pause=0):
        """CPU microseconds a request, requests, and how many tokens were known."""
        environment = dict(os.environ, FROM="0", TOKENS="", PAUSE=str(pause))
        if name in ALGORITHMS:
            environment |= {"TOKENS": os.path.join(self.tokens, name), "FROM": str(self.places[name])}
        words = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", f"{HERE}/load.lua", f"https://127.0.0.1:{self.port}"]
        hits, misses = self.cache()
        begin = self.cpu_seconds()
        out = command("taskset", "-c", str(LOAD_CORE), *words, env=environment)
        spent = self.cpu_seconds() - begin
        hits, misses = (after - before for after, before in zip(self.cache(), (hits, misses)))
        count, bad = (int(word) for word in out.split("RESULT ")[1].split()[:2])
        if bad:
            raise SystemExit(f"{name}: {bad} of {count} requests failed")
        if name in ALGORITHMS:
            # wrk does not count what is under way when it stops.
            self.places[name] += count + CONNECTIONS
            if hits > count / 1000 or misses < count:
                raise SystemExit(f"{name}: {hits} hits, {misses} misses in {count} requests")
        return spent * 1e6 / count, count, hits

    def bare(self, name):
        """CPU microseconds of one OpenSSL verify, on the gateway's core."""
        return float(command("taskset", "-c", str(GATEWAY_CORE), f"{self.folder}/verify", ALGORITHMS[name], "1"))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("binary")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=int, default=4)
    options.add_argument("--tokens", type=int, default=100_000)
    given = options.parse_args()
    tokens = os.path.join(tempfile.gettempdir(), "postern-bench-tokens")
    fixtures(tokens, given.tokens)
    costs = {name: [] for name in ("raw", *ALGORITHMS, "paced")}
    bare = {name: [] for name in ALGORITHMS}
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(os.path.abspath(given.binary), folder, tokens)
        try:
            scene.load("raw", 1)
            for number in range(given.rounds):
                for name in costs:
                    # As many requests as the run before it made, with ES256 tokens.
                    pause = max(1, round(CONNECTIONS * given.seconds * 1000 / count)) if name == "paced" else 0
                    cost, count, hits = scene.load(name, given.seconds, pause)
                    costs[name].append(cost)
                    line = f"round {number + 1}  {name:6}{cost:8.2f} us  {count:7} requests  {hits} known"
                    if name in bare:
                        bare[name].append(scene.bare(name))
                        line += f"  bare {bare[name][-1]:.2f} us"
                    print(line, flush=True)
        finally:
            scene.stop()
    report(costs, bare)
    ratios = [ratio(costs, bare, name) for name in ALGORITHMS]
    return 0 if max(ratios) <= GOAL else 1


def ratio(costs, bare, name):
    """The median of the rounds' own ratios: what disturbs a round disturbs both sides of it."""
    rounds = zip(costs["raw"], costs[name], bare[name])
    return statistics.median((cost - raw) / alone for raw, cost, alone in rounds)


def report(costs, bare):
    median = statistics.median
    print(f"\n{'':8}{'CPU us':>9}{'added':>9}{'bare':>9}{'ratio':>8}   goal {GOAL}")
    for name in ("raw", "paced"):
        print(f"{name:8}{median(costs[name]):9.2f}")
    for name in ALGORITHMS:
        added = median(cost - raw for raw, cost in zip(costs["raw"], costs[name]))
        print(f"{name:8}{median(costs[name]):9.2f}{added:9.2f}{median(bare[name]):9.2f}{ratio(costs, bare, name):8.2f}")


if __name__ == "__main__":
    sys.exit(main())

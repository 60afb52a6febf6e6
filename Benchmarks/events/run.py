#!/usr/bin/env python3
"""Shows what queries over a large journal take, and what they do to requests meanwhile.

Makes a journal of 10 million events (about 4 GB), starts the gateway on it and waits until every
segment has its index. Then it asks over TLS as a tenant and over the admin listener, and sends
requests at a constant rate without queries and with them, in turn.

    Benchmarks/events/run.py .build/release/postern [--events 10000000] [--rounds 5] [--rate 2000]
                             [--journal FOLDER] [--seconds 10] [--pin] [--nice 0]

Needs Linux, nginx, cc with libssl-dev, and the Python package cryptography. Exits with 1 when a
goal is missed.
"""

import argparse
import http.client
import json
import os
import ssl
import statistics
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "keys"))

import scene as scenes  # noqa: E402
from identity import AUDIENCE, ISSUER, Key  # noqa: E402
from make_journal import make  # noqa: E402

GOALS = {"newest": 10, "request": 50, "summary": 5_000}
LATENCY_MICROSECONDS_MAX = 1_000

POLICY = """
route events {
    match GET /v1/events
    match GET /v1/events/summary
    allow role admin
    serve events
}
"""


class Journal:
    """A gateway's journal, asked over HTTP."""

    def __init__(self, scene, token):
        self.scene, self.token = scene, token
        context = ssl.create_default_context(cafile=f"{scene.folder}/server.pem")
        self.tenant = http.client.HTTPSConnection(
            "127.0.0.1", scene.port, context=Named(context), timeout=60
        )
        self.admin = http.client.HTTPConnection("127.0.0.1", scene.admin, timeout=60)

    def ask(self, client, path):
        """The answer and the milliseconds until it was there."""
        fields = {"Host": scenes.HOST, "Authorization": f"Bearer {self.token}"}
        fields = {} if client is self.admin else fields
        try:
            answer, body, taken = timed(client, path, fields)
        except http.client.RemoteDisconnected:
            # The listeners close connections that say nothing for a while.
            answer, body, taken = timed(client, path, fields)
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {body[:200]}")
        return json.loads(body), taken


def timed(client, path, fields):
    begun = time.perf_counter()
    client.request("GET", path, headers=fields)
    try:
        answer = client.getresponse()
    except http.client.RemoteDisconnected:
        client.close()
        raise
    body = answer.read()
    return answer, body, (time.perf_counter() - begun) * 1e3


class Named:
    """A TLS context that asks for the scene's host whatever the address."""

    def __init__(self, context):
        self.context = context

    def wrap_socket(self, plain, server_hostname):
        return self.context.wrap_socket(plain, server_hostname=scenes.HOST)

    def __getattr__(self, name):
        return getattr(self.context, name)


class Disturbance:
    """Queries of all kinds, one after the other, as long as the `with` statement lasts."""

    def __init__(self, journal, paths):
        self.journal, self.paths, self.count = journal, paths, 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def run(self):
        while not self.ended.is_set():
            self.journal.ask(self.journal.admin, self.paths[self.count % len(self.paths)])
            self.count += 1


def await_indexes(folder):
    begun = time.monotonic()
    while time.monotonic() < begun + 600:
        names = os.listdir(folder)
        sealed = [name for name in names if name.startswith("segment") and name.endswith(".jsonl")]
        indexes = [name for name in names if name.endswith(".index")]
        if len(indexes) >= len(sealed):
            size = sum(os.path.getsize(f"{folder}/{name}") for name in indexes)
            return len(indexes), size, time.monotonic() - begun
        time.sleep(0.05)
    raise SystemExit("the indexes are never complete")


def index_seconds(pid):
    """The processor time of the thread that makes the indexes."""
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/stat", encoding="ascii") as file:
            name, rest = file.read().split("(", 1)[1].rsplit(")", 1)
        if name == "index":
            user, system = rest.split()[11:13]
            return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return 0.0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("postern")
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rate", type=int, default=2_000)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--journal")
    parser.add_argument("--workers", default="2")
    parser.add_argument("--pin", action="store_true")
    parser.add_argument("--nice", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="postern-events-") as folder:
        sys.exit(run(options, folder))


def run(options, folder):
    scenes.POLICY += POLICY
    scenes.CONFIGURATION = scenes.CONFIGURATION.replace("{journal}", options.journal or "{journal}")
    scene = scenes.Scene(options, folder)
    path = options.journal or f"{folder}/events-bench"
    if not os.path.isdir(path):
        begun = time.monotonic()
        make(path, options.events, 24, 2)
        print(f"made {options.events:,} events in {time.monotonic() - begun:.0f} s", flush=True)
    key = Key("bench", "ES256")
    token = key.tokens(1, "bench")[0]
    scenes.write(f"{folder}/keys.json", json.dumps({"keys": [key.jwk()]}))
    tenant = scenes.TENANT.format(name="tenant-7", host=scenes.HOST, issuer=ISSUER,
                                  audience=AUDIENCE, keys=f"file:{folder}/keys.json")
    with scene.start_upstream() as upstream, scene.start_gateway([tenant], "bench") as gateway:
        upstream.await_port(scene.upstream)
        gateway.await_port(scene.port)
        scene.await_status(token, 200)
        count, size, seconds = await_indexes(path)
        used = index_seconds(gateway.pid)
        print(f"{count} indexes, {size / 1e6:.0f} MB, in {seconds:.1f} s; {used:.1f} s of processor "
              f"time, {used / options.events * 1e6:.2f} us an event", flush=True)
        return measure(options, scene, Journal(scene, token), token)


def measure(options, scene, journal, token):
    newest, _ = journal.ask(journal.admin, "/v1/events?limit=1000&types=OPENID_TOKEN_START")
    requests = [event["requestId"] for event in newest["data"]][::100]
    # Some from the other end and from in between.
    for hours in (1, 6, 12, 18, 23):
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - hours * 3_600))
        page, _ = journal.ask(journal.admin, f"/v1/events?limit=3&dateTo={at}")
        requests += [event["requestId"] for event in page["data"]]
    since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 86_400))
    questions = {
        "newest": [(journal.admin, "/v1/events?limit=100"), (journal.tenant, "/v1/events?limit=100")],
        "request": [(client, f"/v1/events?requestIds={request}")
                    for request in requests for client in (journal.admin, journal.tenant)],
        "summary": [(client, f"/v1/events/summary?by={by}&dateFrom={since}")
                    for by in ("type", "tenant", "client", "hour")
                    for client in (journal.admin, journal.tenant)],
    }
    wrong = []
    print(f"{'milliseconds':<12} {'median':>8} {'worst':>8} {'goal':>6} {'questions':>10}")
    for name, asked in questions.items():
        times = []
        for _ in range(options.rounds):
            times += [journal.ask(client, path)[1] for client, path in asked]
        median, worst = statistics.median(times), max(times)
        print(f"{name:<12} {median:>8.2f} {worst:>8.2f} {GOALS[name]:>6} {len(times):>10}", flush=True)
        if median > GOALS[name]:
            wrong.append(f"{name} takes {median:.1f} ms")
    wrong += disturb(options, scene, journal, token, [path for asked in questions.values()
                                                       for _, path in asked])
    for words in wrong:
        print(f"wrong: {words}")
    return 1 if wrong else 0


def disturb(options, scene, journal, token, paths):
    tokens = scene.tokens("one", [token])
    segment = f"{options.seconds}:{tokens}"
    quiet, busy = [], []
    scene.load(options.rate, (2, tokens)).result()
    for _ in range(options.rounds):
        quiet.append(scene.load(options.rate, (options.seconds, tokens)).result())
        with Disturbance(journal, paths) as disturbance:
            busy.append(scene.load(options.rate, (options.seconds, tokens)).result())
        print(f"{segment.split(':')[0]} s at {options.rate}/s: p99 {quiet[-1]['p99']:.0f} us, with "
              f"{disturbance.count} queries {busy[-1]['p99']:.0f} us", flush=True)
    over = statistics.median(b["p99"] - q["p99"] for q, b in zip(quiet, busy))
    print(f"median of p99 with queries above that without: {over:.0f} us")
    lost = sum(result["lost"] for result in quiet + busy)
    wrong = [f"{lost} requests were lost"] if lost else []
    if over > LATENCY_MICROSECONDS_MAX:
        wrong.append(f"queries add {over:.0f} us to p99")
    return wrong


if __name__ == "__main__":
    main()

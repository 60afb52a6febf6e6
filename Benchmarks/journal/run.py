#!/usr/bin/env python3
"""Measures what events cost a request, and what waiting for the disk costs the throughput.

Three gateways on one core, one without a journal, one with `durability process`, one with
`durability power`, are loaded in turn in each round: all out with few connections and with many, and
at a fixed rate.

    Benchmarks/journal/run.py .build/release/postern [--rounds 5] [--seconds 4] [--journal DIR]

Needs two cores, wrk, nginx and openssl. The journals are made below DIR, /var/tmp unless given: the
disk counts, so it should be a real one. Exits with 1 when a goal is missed.
"""

import argparse
import os
import re
import shutil
import statistics
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from processes import Processes, command, free_port, self_signed, thread_seconds, wait_for  # noqa: E402

KINDS = ("off", "process", "power")
FEW, MANY = 32, 256
GATEWAY_CORE, LOAD_CORE = 0, 1
CPU_GOAL_MICROSECONDS, THROUGHPUT_GOAL = 0.5, 2.0

POLICY = """
roles reader
route raw {
    match GET /raw/{rest...}
    public
    event BENCH_RAW
}
"""

CONFIGURATION = """
listen 127.0.0.1:{port} {{
    certificate {dir}/server.pem {dir}/server.key
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
        issuer https://issuer.test/
        audience acme
        keys file:{dir}/keys.json
    }}
}}
"""

ANALYTICS = """
analytics {{
    journal {journal}/{kind} {{
        limit 4GB
    }}
    durability {kind}
}}
"""

NGINX = """
daemon off;
user root;
worker_processes 1;
pid {dir}/nginx.pid;
error_log {dir}/nginx.log warn;
events {{ worker_connections 2048; }}
http {{
    access_log off;
    keepalive_requests 100000000;
    server {{
        listen 127.0.0.1:{upstream};
        location / {{ return 200 '{{"id":42,"status":"accepted"}}'; }}
    }}
}}
"""

KEYS = '{"keys":[{"kty":"EC","crv":"P-256","kid":"k","x":"%s","y":"%s"}]}'

SCRIPT = """
wrk.path = "/raw/x"
wrk.headers["Host"] = "acme.test"
local pause = tonumber(os.getenv("PAUSE"))
if pause > 0 then function delay() return math.random(0, 2 * pause) end end
done = function(summary, latency)
    local bad = summary.errors.connect + summary.errors.read + summary.errors.write
        + summary.errors.status + summary.errors.timeout
    print(string.format("RESULT %d %d %.0f %.0f %.0f", summary.requests, bad, summary.duration,
        latency:percentile(50), latency:percentile(99)))
end
"""


class Scene(Processes):
    """Three gateways on one core, their upstream on the other."""

    def __init__(self, binary, folder, journal):
        super().__init__(folder)
        self.gateways, self.ports = {}, {}
        upstream = free_port()
        self.write("bench.policy", POLICY)
        self.write("load.lua", SCRIPT)
        self.write("nginx.conf", NGINX.format(dir=folder, upstream=upstream))
        for name, subject in (("server", "acme.test"), ("idp", "idp.test")):
            self_signed(folder, name, subject)
        self.write("keys.json", KEYS % self.point())
        self.start({LOAD_CORE}, "nginx", "nginx", "-p", folder, "-c", f"{folder}/nginx.conf")
        wait_for(upstream)
        for kind in KINDS:
            port, admin = free_port(), free_port()
            text = CONFIGURATION.format(port=port, admin=admin, dir=folder, upstream=upstream)
            if kind != "off":
                text += ANALYTICS.format(journal=journal, kind=kind)
            self.write(f"{kind}.conf", text)
            self.gateways[kind] = self.start({GATEWAY_CORE}, kind, binary, "serve", "--config", f"{folder}/{kind}.conf")
            self.ports[kind] = port
            wait_for(port)

    def point(self):
        """The coordinates of the identity provider's key; no request here carries a token."""
        import base64
        text = command("openssl", "ec", "-in", "idp.key", "-noout", "-text", cwd=self.folder)
        octets = bytes.fromhex(re.sub(r"[\s:]", "", text.split("pub:")[1].split("ASN1")[0]))
        return tuple(base64.urlsafe_b64encode(half).rstrip(b"=").decode() for half in (octets[1:33], octets[33:65]))

    def cpu_seconds(self, kind):
        """What a gateway has used by the scheduler's count: its loop, and its other threads."""
        used = [0, 0]
        for name, seconds in thread_seconds(self.gateways[kind]):
            used[not name.startswith("loop-")] += seconds
        return used

    def load(self, kind, connections, seconds, pause=0):
        """CPU microseconds a request of the loop and of other threads, requests a second, median and 99th
        percentile in microseconds."""
        words = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", f"{self.folder}/load.lua",
                 f"https://127.0.0.1:{self.ports[kind]}"]
        begin = self.cpu_seconds(kind)
        out = command("taskset", "-c", str(LOAD_CORE), *words, env=dict(os.environ, PAUSE=str(pause)))
        spent = [after - before for after, before in zip(self.cpu_seconds(kind), begin)]
        count, bad, duration, median, high = (int(word) for word in out.split("RESULT ")[1].split()[:5])
        if bad or not count:
            raise SystemExit(f"{kind}: {bad} of {count} requests failed")
        return *(seconds * 1e6 / count for seconds in spent), count * 1e6 / duration, median, high


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("binary")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=int, default=4)
    options.add_argument("--journal", default="/var/tmp")
    given = options.parse_args()
    loads = {"few": (FEW, 0), "many": (MANY, 0), "paced": (FEW, 10)}
    found = {(load, kind): [] for load in loads for kind in KINDS}
    journal = tempfile.mkdtemp(prefix="postern-bench-", dir=given.journal)
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(os.path.abspath(given.binary), folder, journal)
        try:
            for kind in KINDS:
                scene.load(kind, FEW, 2)
            for number in range(given.rounds):
                for load, (connections, pause) in loads.items():
                    for kind in KINDS:
                        figures = scene.load(kind, connections, given.seconds, pause)
                        found[load, kind].append(figures)
                        print(f"round {number + 1}  {load:6}{kind:9}" + line(figures), flush=True)
        finally:
            scene.stop()
            shutil.rmtree(journal, ignore_errors=True)
    return report(found, loads)


def line(figures):
    return "{:8.2f} + {:5.2f} us CPU {:9.0f} /s {:8.0f} us p50 {:8.0f} us p99".format(*figures)


def report(found, loads):
    print()
    for load in loads:
        for kind in KINDS:
            print(f"{load:6}{kind:9}" + line([statistics.median(row) for row in zip(*found[load, kind])]))
    # The rounds' own differences: what disturbs a round disturbs both sides of it.
    pairs = list(zip(found["few", "process"], found["few", "off"]))
    loop, others = (statistics.median(on[part] - off[part] for on, off in pairs) for part in (0, 1))
    added = loop + others
    slower = statistics.median(on[2] / power[2] for on, power in zip(found["many", "process"], found["many", "power"]))
    p99 = statistics.median(on[4] - off[4] for on, off in zip(found["paced", "process"], found["paced", "off"]))
    print(f"\ntwo events add {loop:.2f} us of the loop's CPU and {others:.2f} of other threads' a request (goal {CPU_GOAL_MICROSECONDS}), {p99:+.0f} us at p99 when paced")
    print(f"with {MANY} connections `process` does {slower:.2f} times what `power` does (goal {THROUGHPUT_GOAL})")
    return 0 if added <= CPU_GOAL_MICROSECONDS and slower <= THROUGHPUT_GOAL else 1


if __name__ == "__main__":
    sys.exit(main())

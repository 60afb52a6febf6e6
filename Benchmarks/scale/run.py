#!/usr/bin/env python3
"""Measures how a configuration of many tenants loads and reloads; see Benchmarks/README.md."""

import argparse
import http.client
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

ROUTES = 50
GOALS = {"load": 2.0, "pause": 5.0, "memory": 200.0}


def policy():
    text = "roles admin issuer auditor suspended\n"
    text += "route open {\n    match GET /open\n    public\n}\n"
    for index in range(ROUTES // 2):
        path = f"/v1/area{index}/items"
        text += f"route create{index} {{\n    match POST {path}\n"
        text += "    allow role admin issuer\n    deny role suspended\n}\n"
        text += f"route item{index} {{\n    match GET {path}/{{id:uuid}}\n"
        text += f"    match DELETE {path}/{{id:uuid}}\n    allow role admin\n"
        text += f"    allow role issuer and scope area{index % 8}\n}}\n"
    return text


def tenant(number, folder):
    """A tenant with lines of its own for each of the fifty routes."""
    text = f"tenant t{number} {{\n    host t{number}.test\n    upstream issuer\n    tokens {{\n"
    text += f"        issuer https://idp.test/\n        audience https://t{number}.test\n"
    text += f"        keys file:{folder}/keys.json\n        roles claim roles\n    }}\n"
    for index in range(ROUTES // 2):
        text += f"    route create{index} {{\n        allow role admin\n"
        text += f"        allow client console-{number}\n    }}\n"
        text += f"    route item{index} {{\n        allow role admin auditor\n"
        text += "        deny role suspended\n    }\n"
    return text + "}\n"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Scene:
    def __init__(self, binary, tenants, in_files):
        self.binary = binary
        self.folder = tempfile.mkdtemp(prefix="postern-scale-")
        self.port, self.admin = free_port(), free_port()
        self.in_files = in_files
        self.configuration = os.path.join(self.folder, "postern.conf")
        self.process = None
        key, certificate = self.path("server.key"), self.path("server.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=t0.test"],
            check=True, stderr=subprocess.DEVNULL)
        # The key of RFC 7515, appendix A.3.
        self.write("keys.json", '{"keys":[{"kty":"EC","crv":"P-256","kid":"1",'
                   '"x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",'
                   '"y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}')
        self.write("bench.policy", policy())
        text = f"listen 127.0.0.1:{self.port} {{\n    certificate server.pem server.key\n}}\n"
        text += f"admin 127.0.0.1:{self.admin}\npolicies bench.policy\nworkers 2\ndrain 1s\n"
        text += "upstream issuer {\n    server http://127.0.0.1:1\n}\n"
        if in_files:
            os.mkdir(self.path("tenants"))
            for number in range(tenants):
                self.write(f"tenants/t{number:05}.conf", tenant(number, self.folder))
            text += "include tenants/*.conf\n"
        else:
            text += "".join(tenant(number, self.folder) for number in range(tenants))
        self.write("postern.conf", text)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def check(self):
        """The seconds that `check` takes: of the clock, and of the processor."""
        before, start = os.times(), time.monotonic()
        command = [self.binary, "check", "--config", self.configuration]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wall, after = time.monotonic() - start, os.times()
        cpu = after.children_user + after.children_system
        return wall, cpu - before.children_user - before.children_system

    def start(self):
        """The seconds until the gateway answers."""
        start = time.monotonic()
        command = [self.binary, "serve", "--config", self.configuration]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while True:
            try:
                if self.ask("GET", "/livez")[0] == 200:
                    return time.monotonic() - start
            except OSError:
                time.sleep(0.005)
            if self.process.poll() is not None or time.monotonic() - start > 120:
                raise SystemExit("the gateway did not start")

    def ask(self, method, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.admin, timeout=120)
        try:
            connection.request(method, path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def memory(self):
        """Megabytes resident now, and at most so far."""
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as file:
            lines = dict(line.split(":", 1) for line in file)
        return [int(lines[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM")]

    def loop_milliseconds(self):
        """The processor time of each event loop so far, by the scheduler's count."""
        times = []
        tasks = f"/proc/{self.process.pid}/task"
        for task in os.listdir(tasks):
            with open(f"{tasks}/{task}/comm", encoding="utf-8") as file:
                if not file.read().startswith("loop-"):
                    continue
            with open(f"{tasks}/{task}/schedstat", encoding="utf-8") as file:
                times.append(int(file.read().split()[0]) / 1e6)
        return times

    def end(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
        shutil.rmtree(self.folder)


class Probe:
    """Asks each loop for an answer again and again and keeps the longest time it took.

    The request is refused at the door (a public route, a method it has not), so that an answer is
    the loop's own work: what it takes is how long the loop was busy with something else.
    """

    def __init__(self, scene, connections=8):
        self.scene = scene
        self.times = []
        self.stopping = False
        self.threads = [threading.Thread(target=self.run) for _ in range(connections)]
        for thread in self.threads:
            thread.start()

    def run(self):
        context = ssl._create_unverified_context()
        raw = socket.create_connection(("127.0.0.1", self.scene.port))
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire = context.wrap_socket(raw, server_hostname="t0.test")
        times = []
        while not self.stopping:
            start = time.perf_counter()
            wire.sendall(b"POST /open HTTP/1.1\r\nHost: t0.test\r\nContent-Length: 0\r\n\r\n")
            answer = wire.recv(65536)
            times.append((start, time.perf_counter() - start))
            if not answer.startswith(b"HTTP/1.1 405"):
                raise SystemExit(f"unexpected answer: {answer[:80]}")
            time.sleep(0.002)
        wire.close()
        self.times += times

    def stop(self):
        self.stopping = True
        for thread in self.threads:
            thread.join()
        return [took * 1e3 for _, took in self.times]


def longest(scene, action):
    probe = Probe(scene)
    time.sleep(0.5)
    start = time.monotonic()
    action()
    seconds = time.monotonic() - start
    time.sleep(1.5)
    times = sorted(probe.stop())
    return seconds, times[-1], times[int(len(times) * 0.999)]


def reload(scene):
    status, body = scene.ask("POST", "/reload")
    if status != 200:
        raise SystemExit(f"reload: {status} {body[:300]}")


def measure(binary, tenants, in_files):
    scene = Scene(binary, tenants, in_files)
    try:
        wall, cpu = min(scene.check() for _ in range(3))
        start = scene.start()
        time.sleep(1.5)
        resident, _ = scene.memory()
        quiet = min(longest(scene, lambda: time.sleep(2))[1:] for _ in range(2))
        busy = []
        for _ in range(5):
            before = scene.loop_milliseconds()
            reload(scene)
            time.sleep(1.5)
            busy.append(max(now - then for now, then in zip(scene.loop_milliseconds(), before)))
        busy.sort()
        reloads = [longest(scene, lambda: reload(scene)) for _ in range(5)]
        time.sleep(1.5)
        after, peak = scene.memory()
        where = f"{tenants} files" if in_files else "one file"
        seconds = sorted(took for took, _, _ in reloads)[2]
        pause = sorted(most for _, most, _ in reloads)[2]
        print(f"{where:12}  check {wall:5.2f} s ({cpu:.2f} s of processor)  start {start:5.2f} s  "
              f"resident {resident:4.0f} MB, {after:4.0f} after 10 reloads, {peak:4.0f} at most")
        print(f"{'':12}  reload {seconds:5.2f} s, longest wait meanwhile {pause:.1f} ms (median of 5; "
              f"all: {' '.join(f'{most:.1f}' for _, most, _ in reloads)}); "
              f"without a reload {quiet[0]:.1f} ms")
        print(f"{'':12}  a reload without requests costs a loop {busy[2]:.2f} ms of processor in all "
              f"(median of 5; at most {busy[-1]:.2f})", flush=True)
        return cpu < GOALS["load"] and resident < GOALS["memory"] and after < GOALS["memory"] \
            and busy[-1] < GOALS["pause"]
    finally:
        scene.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("--tenants", type=int, default=10_000)
    options = parser.parse_args()
    binary = os.path.abspath(options.binary)
    print(f"{options.tenants} tenants, each with its own lines for {ROUTES} routes; goals: load under "
          f"{GOALS['load']} s, under {GOALS['memory']:.0f} MB, no pause over {GOALS['pause']} ms")
    met = [measure(binary, options.tenants, in_files) for in_files in (False, True)]
    print("all met" if all(met) else "NOT met")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())

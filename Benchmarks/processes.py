"""Programs that a benchmark starts, each on cores of its own, and what they use."""

import os
import signal
import socket
import subprocess
import time


def command(*words, **options):
    """What a program printed, which must succeed."""
    done = subprocess.run(words, capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(words)}\n{done.stdout}{done.stderr}")
    return done.stdout


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def wait_for(port):
    """Waits until something listens on a port of this machine."""
    deadline = time.monotonic() + 15
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise SystemExit(f"nothing listens on port {port}")
            time.sleep(0.05)


def self_signed(folder, name, host):
    """Makes NAME.key and NAME.pem, of P-256, in a folder."""
    command("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-days", "2", "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}",
            "-keyout", f"{name}.key", "-out", f"{name}.pem", cwd=folder)


def thread_seconds(process):
    """The name of each thread of a process and the CPU time it has used, by the scheduler's own count."""
    folder, used = f"/proc/{process.pid}/task", []
    for thread in os.listdir(folder):
        with open(f"{folder}/{thread}/comm") as file:
            name = file.read().strip()
        with open(f"{folder}/{thread}/schedstat") as file:
            used.append((name, int(file.read().split()[0]) / 1e9))
    return used


class Processes:
    """The programs of one scene, with the files they are given in one folder."""

    def __init__(self, folder):
        self.folder, self.started = folder, []

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w") as file:
            file.write(text)

    def start(self, cores, name, *words):
        """Starts a program on some cores; what it prints goes to NAME.out."""
        with open(os.path.join(self.folder, name + ".out"), "wb") as out:
            process = subprocess.Popen(words, stdout=out, stderr=out, preexec_fn=lambda: os.sched_setaffinity(0, cores))
        self.started.append(process)
        return process

    def stop(self):
        for process in reversed(self.started):
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()

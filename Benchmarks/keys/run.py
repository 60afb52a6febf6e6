#!/usr/bin/env python3
"""Shows what key handling does to requests under load.

Starts an upstream, an identity provider and the gateway on loopback, sends requests at a constant
rate and meanwhile refreshes keys, rotates them, lets the identity provider fail in three ways and
floods the gateway with tokens of unknown keys. Each phase is compared with the same load just
before it. Then, once, a gateway of 1,000 tenants whose key sets cannot be had, and one whose can.

    Benchmarks/keys/run.py .build/release/postern [--rounds 1] [--rate N] [--phases WORD,...]

Needs Linux, cc with libssl-dev, nginx, and the Python package cryptography. Exits with 1 when a
request was lost, when the p99.9 of a phase is more than 5 ms above that of its baseline (the median
over the rounds), or when keys were fetched more often or later than they may be.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time

from identity import AUDIENCE, ISSUER, IdentityProvider, Key
from scene import HOST, TENANT, Hole, Sampler, Scene, free_port

COOLDOWN_SECONDS = 30
SPIKE_MICROSECONDS_MAX = 5_000
SECONDS = 20
FRESH_TOKENS = 6_000
DEAD_TENANTS = 1_000


class Row:
    """What a phase did, and what the same load did just before it."""

    def __init__(self, name, result, baseline, fetches):
        self.name, self.result, self.baseline = name, result, baseline
        self.fetches = fetches

    @property
    def spike(self):
        return self.result["p999"] - self.baseline["p999"]

    def line(self):
        r, b = self.result, self.baseline
        return (
            f"{self.name:<22} {r['requests']:>9,} {r['lost']:>5}"
            f" {times(r)} {times(b)} {self.spike / 1e3:>+8.2f} {self.fetches:>8}"
        )


HEAD = (
    f"{'':<22} {'':>9} {'':>5} {'ms: p50  p99  p99.9    max':>30}"
    f" {'baseline: p50  p99 p99.9  max':>30}\n"
    f"{'phase':<22} {'requests':>9} {'lost':>5} {'':>61} {'over':>8} {'fetches':>8}"
)


def times(result):
    return " ".join(f"{result[key] / 1e3:>{width}.2f}"
                    for key, width in (("p50", 6), ("p99", 6), ("p999", 7), ("max", 8)))


class Rounds:
    """All that was measured, and what was wrong with it."""

    def __init__(self):
        self.rows = []
        self.wrong = []

    def add(self, row):
        self.rows.append(row)
        print(row.line(), flush=True)
        if row.result["lost"] or row.baseline["lost"]:
            self.wrong.append(f"{row.name}: lost {row.result['lost']}, {row.result['status']}")

    def expect(self, holds, words):
        print(f"    {words}{'' if holds else '   NOT AS IT SHOULD BE'}", flush=True)
        if not holds:
            self.wrong.append(words)

    def judge(self):
        """Compares the medians; returns the exit status."""
        print("\nmedian over the rounds of p99.9 above its baseline, and of the baseline, in ms")
        for name in dict.fromkeys(row.name for row in self.rows):
            rows = [row for row in self.rows if row.name == name]
            spike = statistics.median(row.spike for row in rows)
            base = statistics.median(row.baseline["p999"] for row in rows)
            print(f"{name:<22} {spike / 1e3:>+8.2f} {base / 1e3:>8.2f}")
            if spike > SPIKE_MICROSECONDS_MAX:
                self.wrong.append(f"{name}: p99.9 is {spike / 1e3:.2f} ms above its baseline")
        for words in self.wrong:
            print(f"wrong: {words}")
        return 1 if self.wrong else 0


class Keyring:
    """The keys of the scene, and files of tokens that were signed beforehand."""

    def __init__(self, scene):
        self.old, self.new = Key("old", "ES256"), Key("new", "RS256")
        olds, news = self.old.tokens(1_000, "old"), self.new.tokens(1_000, "new")
        fresh = self.old.tokens(FRESH_TOKENS, "fresh")
        self.one_old, self.one_new = olds[0], news[0]
        self.olds = scene.tokens("old", olds)
        self.news = scene.tokens("new", news)
        self.both = scene.tokens("both", [token for pair in zip(olds, news) for token in pair])
        # Every tenth token is one that the gateway has not seen yet.
        mixed = [
            token if step % 10 else fresh[step // 10]
            for step, token in enumerate(olds * (FRESH_TOKENS // 100))
        ]
        self.mixed = scene.tokens("mixed", mixed)


class Phases:
    def __init__(self, scene, rate, flood, keyring, provider, rounds):
        self.scene, self.rate, self.flood_requests = scene, rate, flood
        self.keyring, self.provider, self.rounds = keyring, provider, rounds

    def compare(self, name, segments, actions):
        """A phase after its baseline: the first segment's tokens for as long as the phase takes."""
        length = sum(seconds for seconds, _ in segments)
        before = self.scene.measure(self.rate, (length, segments[0][1]))
        fetches = self.scene.fetches()
        result = self.scene.measure(self.rate, *segments, actions=actions)
        self.rounds.add(Row(name, result, before, self.scene.fetches() - fetches))

    def quiet(self):
        """The same twice: what the machine does by itself."""
        self.compare("nothing", [(SECONDS, self.keyring.olds)], [])

    def refresh(self):
        """All keys are fetched every second."""
        actions = [(second, self.scene.reload) for second in range(1, SECONDS - 1)]
        self.compare("refresh every second", [(SECONDS, self.keyring.olds)], actions)

    def rotation(self):
        """A key is added and used at once, and the old one is removed later."""
        ring, provider = self.keyring, self.provider

        def publish(*keys):
            provider.keys = keys

        # No token of an unknown key was sent yet, or the cooldown is over.
        self.compare(
            "rotation",
            [(6, ring.olds), (10, ring.both), (8, ring.news)],
            [(4, lambda: publish(ring.old, ring.new)), (18, lambda: publish(ring.new)),
             (20, self.scene.reload)],
        )
        self.rounds.expect(
            self.scene.status(ring.one_old) == 401, "a token of the removed key is refused"
        )
        publish(ring.old)
        self.scene.reload()
        self.scene.await_status(ring.one_old, 200)
        self.scene.await_status(ring.one_new, 401)

    def outage(self):
        """The identity provider refuses, then hangs, then talks nonsense."""
        provider = self.provider
        segments = [(SECONDS, self.keyring.mixed)]
        for name, fail, mend in (
            ("refuses connections", provider.die, provider.revive),
            ("hangs", lambda: provider.become("hang"), lambda: provider.become("serve")),
            ("answers nonsense", lambda: provider.become("garbage"),
             lambda: provider.become("serve")),
        ):
            # The reload has the keys fetched at once; then come the retries.
            self.compare(name, segments, [(2, fail), (3, self.scene.reload)])
            mend()
            self.scene.reload()
            self.scene.await_status(self.keyring.one_old, 200)

    def unknown(self):
        """Tokens of keys that nobody has: a flood, and one client who has good ones."""
        scene, good = self.scene, self.keyring.olds
        flood_rate = self.rate
        seconds = self.flood_requests / flood_rate
        calm = scene.load(self.rate / 4, (SECONDS, good))
        other = scene.load(flood_rate, (SECONDS, "none"), status=401)
        baseline, _ = calm.result(), other.result()
        begun = time.monotonic()
        flood = scene.load(flood_rate, (seconds, "unknown-keys"), status=401)
        result = scene.load(self.rate / 4, (max(seconds - 1, 1), good)).result()
        flooded = flood.result()
        fetched = self.provider.fetches(begun)
        self.rounds.add(Row("unknown keys: good", result, baseline, len(fetched)))
        gaps = [later - earlier for earlier, later in zip(fetched, fetched[1:])]
        most = int((time.monotonic() - begun) // COOLDOWN_SECONDS) + 1
        self.rounds.expect(
            len(fetched) <= most and all(gap > COOLDOWN_SECONDS - 0.5 for gap in gaps),
            f"{flooded['requests']:,} tokens of unknown keys in {flooded['seconds']:.0f} s,"
            f" {flooded['status']}: {len(fetched)} fetches of {most} at most,"
            f" {', '.join(f'{gap:.1f}' for gap in gaps)} s apart;"
            f" p50 {flooded['p50'] / 1e3:.2f} ms, p99.9 {flooded['p999'] / 1e3:.2f} ms",
        )
        self.rounds.expect(not flooded["lost"], "every one of them was answered with 401")


def dead_places(refusing, hole):
    """1,000 places of keys, no two of one origin: closed ports, silent ones, names nobody has."""
    for index in range(DEAD_TENANTS):
        address = f"127.{1 + index // 250}.0.{1 + index % 250}"
        yield (
            f"http://{address}:{refusing}/keys",
            f"http://{address}:{hole}/keys",
            f"https://idp-{index}.invalid/keys",
        )[index % 3]


def tenant(name, host, keys):
    return TENANT.format(name=name, host=host, keys=keys, issuer=ISSUER, audience=AUDIENCE)


def many_tenants(scene, rate, keyring, rounds, baseline):
    """A tenant whose keys can be had, after 1,000 whose cannot."""
    provider = IdentityProvider([keyring.old], max_age=60)
    with Hole() as hole:
        places = dead_places(free_port(), hole.port)
        tenants = [tenant(f"dead-{i}", f"t{i}.test", keys) for i, keys in enumerate(places)]
        tenants.append(tenant("acme", HOST, f"http://127.0.0.1:{provider.port}/keys"))
        begun = time.monotonic()
        with scene.start_gateway(tenants, "many") as gateway, Sampler(gateway) as most:
            gateway.await_port(scene.port)
            listening = time.monotonic() - begun
            scene.await_status(keyring.one_old, 200)
            ready = time.monotonic() - begun
            # The baseline has seen the tokens before, too.
            scene.measure(rate, (2, keyring.olds))
            result = scene.measure(rate, (62, keyring.olds))
            gaps = [at - provider.asked[0] for at in provider.asked[1:]]
    provider.stop()
    rounds.add(Row("1,000 dead key sets", result, baseline, len(gaps)))
    rounds.expect(ready < 10, f"listens after {listening:.2f} s, the live tenant's first 200 after"
                              f" {ready:.2f} s, its keys asked for after"
                              f" {provider.asked[0] - begun:.2f} s")
    rounds.expect(
        len(gaps) == 1 and 59 < gaps[0] < 63,
        f"refreshed after {', '.join(f'{gap:.1f}' for gap in gaps)} s, about 60 are wanted",
    )
    rounds.expect(
        most.threads < 100 and most.descriptors < 500,
        f"at most {most.threads} threads and {most.descriptors} descriptors",
    )


def capacity(scene, tokens):
    """Requests a second that scene and machine do at most."""
    done = scene.measure(50_000, (0.2, tokens))
    done = scene.measure(50_000, (1, tokens))
    return done["requests"] / done["seconds"]


def run(arguments, folder):
    rounds = Rounds()
    scene = Scene(arguments, folder)
    keyring = Keyring(scene)
    wanted = arguments.phases.split(",")
    provider = IdentityProvider([keyring.old])
    acme = tenant("acme", HOST, f"http://127.0.0.1:{provider.port}/keys")
    with scene.start_upstream() as upstream:
        upstream.await_port(scene.upstream)
        with scene.start_gateway([acme], "one") as gateway:
            gateway.await_port(scene.port)
            scene.await_status(keyring.one_old, 200)
            most = capacity(scene, keyring.olds)
            rate = arguments.rate or round(most / 2, -2)
            print(f"{most:,.0f} requests a second at most; {rate:,.0f} are sent")
            print(HEAD)
            phases = Phases(scene, rate, arguments.flood, keyring, provider, rounds)
            for _ in range(arguments.rounds):
                print(f"load average {', '.join(f'{one:.1f}' for one in os.getloadavg())}")
                for name in wanted:
                    if name != "many":
                        getattr(phases, name)()
            threads, descriptors = gateway.threads_and_descriptors()
            print(f"{threads} threads and {descriptors} descriptors at the end")
            baseline = scene.measure(rate, (SECONDS, keyring.olds))
        if "many" in wanted:
            many_tenants(scene, rate, keyring, rounds, baseline)
    provider.stop()
    print(f"load average {', '.join(f'{one:.1f}' for one in os.getloadavg())}")
    return rounds.judge()


def main():
    parser = argparse.ArgumentParser(description="What key handling does to requests under load.")
    parser.add_argument("postern")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--rate", type=float, help="requests a second; default: half of the most")
    parser.add_argument("--flood", type=int, default=1_000_000, help="tokens of unknown keys")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--pin", action="store_true", help="the gateway on a core of its own")
    parser.add_argument("--nice", type=int, default=0, help="niceness of the scene's processes")
    parser.add_argument("--phases", default="quiet,refresh,rotation,outage,unknown,many")
    arguments = parser.parse_args()
    arguments.postern = os.path.abspath(arguments.postern)
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(run(arguments, folder))


if __name__ == "__main__":
    main()

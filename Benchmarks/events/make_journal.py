#!/usr/bin/env python3
"""Makes a journal of many events, as the gateway would have written it, without the gateway.

    Benchmarks/events/make_journal.py FOLDER [--events 10000000] [--hours 24] [--loops 2]

Each request is a START and its outcome; 20 tenants, 8 routes, 200 clients, one request in 20 fails.
The segments are sealed, newest events a minute ago; the gateway makes their indexes at its start.
"""

import argparse
import hashlib
import os
import random
import time

SEGMENT_BYTES = 16 * 1_048_576
TENANTS, CLIENTS = 20, 200
ROUTES = [
    ("preAuthorizedOfferCreate", "OPENID_PRE_AUTHORIZED_OFFER_CREATE", "POST", 201),
    ("preAuthorizedOfferDelete", "OPENID_PRE_AUTHORIZED_OFFER_DELETE", "DELETE", 204),
    ("offerCreate", "OPENID_OFFER_CREATE", "POST", 201),
    ("authorize", "OPENID_AUTHORIZE", "GET", 302),
    ("token", "OPENID_TOKEN", "POST", 200),
    ("credential", "OPENID_CREDENTIAL", "POST", 200),
    ("offerRead", "OPENID_OFFER_READ", "GET", 200),
    ("notification", "OPENID_NOTIFICATION", "POST", 204),
]


class Loop:
    """The segments that one event loop would have written."""

    def __init__(self, folder, number, node):
        self.folder, self.number, self.node = folder, number, node
        self.names, self.count = [], 0
        self.begin = 0
        self.lines, self.size, self.millisecond, self.sequence = [], 0, 0, 0

    def identifier(self, milliseconds, slot):
        if milliseconds != self.millisecond:
            self.millisecond, self.sequence = milliseconds, 0
        self.sequence += 1
        high = f"{milliseconds:012x}"
        return (f"{high[:8]}-{high[8:]}-7{self.sequence & 0xFFF:03x}"
                f"-{0x8000 | slot >> 4:04x}-{slot & 15:x}{self.node:011x}")

    def add(self, line, milliseconds):
        if self.size + len(line) > SEGMENT_BYTES:
            self.seal()
        if not self.lines:
            self.begin = milliseconds
        self.lines.append(line)
        self.size += len(line)

    def seal(self):
        if not self.lines:
            return
        self.count += 1
        name = f"segment-{self.begin:013d}-{self.number:03d}-{self.count:08d}.jsonl"
        with open(f"{self.folder}/{name}", "w", encoding="ascii") as file:
            file.write("".join(self.lines))
        self.names.append((self.begin, name, len(self.lines)))
        self.lines, self.size = [], 0


def make(folder, events, hours, loops):
    os.makedirs(folder, exist_ok=True)
    chance = random.Random(1)
    now = int(time.time() * 1000) - 60_000
    begin = now - int(hours * 3_600_000)
    writers = [Loop(folder, number, chance.getrandbits(44)) for number in range(loops)]
    requests = events // 2
    wanted = []
    stamps = {}
    for number in range(requests):
        at = begin + (now - begin) * number // requests
        second = at // 1000
        if second not in stamps:
            stamps = {second: time.strftime("%Y-%m-%dT%H:%M:%S.", time.gmtime(second))}
        stamp = f"{stamps[second]}{at % 1000:03d}Z"
        route, family, method, status = ROUTES[chance.getrandbits(3)]
        bits = chance.getrandbits(122)
        request = f"{at:012x}{bits:031x}"
        request = f"{request[:8]}-{request[8:12]}-7{request[12:15]}-8{request[15:18]}-{request[18:30]}"
        if number % (requests // 1000 + 1) == 0:
            wanted.append(request)
        tenant, client = number * 7 % TENANTS, number * 13 % CLIENTS
        writer = writers[number % loops]
        slot = number % 64
        middle = (f'"category":"openid","version":"1","timestamp":"{stamp}","tenantId":"tenant-{tenant}",'
                  f'"requestId":"{request}","requestIp":"203.0.113.{client}","clientId":"client-{client}",'
                  f'"data":{{"route":"{route}","method":"{method}"')
        start = f'{{"id":"{writer.identifier(at, slot)}","type":"{family}_START",{middle}}}}}\n'
        duration = round(2 ** (chance.random() * 10) + 1, 3)
        if number % 20:
            outcome = (f'{{"id":"{writer.identifier(at, slot)}","type":"{family}_SUCCESS",{middle},'
                       f'"status":{status},"durationMs":{duration},"upstreamStatus":{status}}}}}\n')
        else:
            outcome = (f'{{"id":"{writer.identifier(at, slot)}","type":"{family}_FAIL",{middle},'
                       f'"status":403,"durationMs":{duration},"code":"role-missing",'
                       '"error":{"type":"role-missing","message":"the token has none of the roles"}}}\n')
        writer.add(start, at)
        writer.add(outcome, at)
    for writer in writers:
        writer.seal()
    seal(folder, sorted(name for writer in writers for name in writer.names))
    return wanted


def seal(folder, names):
    previous = "0" * 64
    with open(f"{folder}/seals.jsonl", "w", encoding="ascii") as log:
        for _, name, events in names:
            with open(f"{folder}/{name}", "rb") as file:
                contents = file.read()
            digest = hashlib.sha256(contents).hexdigest()
            chain = hashlib.sha256(f"{previous}\n{digest}\n{name}\n".encode()).hexdigest()
            log.write(f'{{"segment":"{name}","bytes":{len(contents)},"events":{events},"sha256":"{digest}",'
                      f'"previous":"{previous}","seal":"{chain}"}}\n')
            previous = chain


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--hours", type=float, default=24)
    parser.add_argument("--loops", type=int, default=2)
    options = parser.parse_args()
    wanted = make(options.folder, options.events, options.hours, options.loops)
    print("\n".join(wanted[:10]))


if __name__ == "__main__":
    main()

"""Talks to the gateway with requests, several at once, and reports what it saw.

usage: requests_client.py PORT CA TOKEN
"""

import concurrent.futures
import json
import sys

import names  # noqa: F401
import requests

PORT, CA, TOKEN = sys.argv[1], sys.argv[2], sys.argv[3]
BASE = f"https://acme.test:{PORT}"
SIZES = [0, 1, 100, 16_384, 16_385, 70_000, 300_000, 1_000_000]


def conversation(seed):
    """One session: bodies of many sizes there and back; answers the number that came back whole."""
    good = 0
    with requests.Session() as session:
        session.trust_env, session.verify = False, CA
        for size in SIZES:
            body = bytes((seed + index) % 251 for index in range(1_000)) * (size // 1_000 + 1)
            body = body[:size]
            answer = session.post(f"{BASE}/open/{seed}/{size}", data=body, timeout=20)
            good += answer.status_code == 200 and answer.content == body
    return good


def main():
    with requests.Session() as session:
        session.trust_env, session.verify = False, CA
        session.headers["Authorization"] = f"Bearer {TOKEN}"
        offer = session.post(
            f"{BASE}/v1/openid/offers/pre-authorized", json={"credentials": ["x"]}, timeout=10
        )
        forbidden = requests.get(f"{BASE}/guarded/x", verify=CA, timeout=10)
        report = {
            "offer": offer.status_code,
            "noStore": offer.headers.get("Cache-Control", ""),
            "code": forbidden.json()["code"],
            "redirect": session.get(
                f"{BASE}/v1/oauth/authorize?response_type=code", allow_redirects=False, timeout=10
            ).status_code,
        }
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        report["whole"] = sum(pool.map(conversation, range(8)))
    report["wanted"] = 8 * len(SIZES)
    print(json.dumps(report))


main()

"""Talks to the gateway with http.client and reports what it saw.

usage: http_client.py PORT CA TOKEN
"""

import http.client
import json
import ssl
import sys

import names  # noqa: F401

PORT, CA, TOKEN = int(sys.argv[1]), sys.argv[2], sys.argv[3]


def connect():
    context = ssl.create_default_context(cafile=CA)
    return http.client.HTTPSConnection("acme.test", PORT, context=context, timeout=10)


def exchange(connection, method, target, **options):
    connection.request(method, target, **options)
    response = connection.getresponse()
    body = response.read()
    return {"status": response.status, "length": len(body), "body": body[:200].decode("latin-1")}


def chunks():
    for index in range(10):
        yield f"piece {index} ".encode()


def main():
    connection = connect()
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    report = {
        "get": exchange(connection, "GET", "/open/x"),
        "head": exchange(connection, "HEAD", "/open/x"),
        "post": exchange(connection, "POST", "/open/x", body=b"a" * 100_000),
        "chunked": exchange(
            connection, "POST", "/open/x", body=chunks(), encode_chunked=True,
            headers={"Transfer-Encoding": "chunked"},
        ),
        "guarded": exchange(connection, "GET", "/guarded/x", headers=bearer),
        "refused": exchange(connection, "GET", "/guarded/x"),
        "missing": exchange(connection, "GET", "/unnamed"),
        "again": exchange(connection, "GET", "/open/x"),
    }
    many = [exchange(connection, "GET", f"/open/{index}")["status"] for index in range(200)]
    report["many"] = {"statuses": sorted(set(many)), "count": len(many)}
    print(json.dumps(report))


main()

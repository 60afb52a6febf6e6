"""Lets every `.test` name be this machine, in this process alone."""

import socket

_ask = socket.getaddrinfo


def _answer(host, *rest, **options):
    if isinstance(host, str) and host.endswith(".test"):
        host = "127.0.0.1"
    return _ask(host, *rest, **options)


socket.getaddrinfo = _answer

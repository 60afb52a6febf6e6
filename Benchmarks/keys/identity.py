"""An identity provider on loopback that can be made to fail."""

import base64
import http.server
import json
import os
import threading
import time

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

ISSUER = "https://idp.test/"
AUDIENCE = "https://acme.test"


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value, size=None):
    return base64url(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


class Key:
    """A key of the identity provider; `ES256` or `RS256`."""

    def __init__(self, name, algorithm):
        self.name = name
        self.algorithm = algorithm
        if algorithm == "ES256":
            self.private = ec.generate_private_key(ec.SECP256R1())
        else:
            self.private = rsa.generate_private_key(65537, 2048)

    def jwk(self):
        public = self.private.public_key().public_numbers()
        common = {"kid": self.name, "alg": self.algorithm, "use": "sig"}
        if self.algorithm == "ES256":
            return common | {
                "kty": "EC", "crv": "P-256", "x": number(public.x, 32), "y": number(public.y, 32),
            }
        return common | {"kty": "RSA", "n": number(public.n), "e": number(public.e)}

    def sign(self, text):
        if self.algorithm == "RS256":
            return self.private.sign(text, padding.PKCS1v15(), hashes.SHA256())
        r, s = utils.decode_dss_signature(self.private.sign(text, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def token(self, subject):
        header = {"alg": self.algorithm, "kid": self.name, "typ": "at+jwt"}
        claims = {
            "iss": ISSUER, "aud": AUDIENCE, "sub": subject, "client_id": subject,
            "roles": ["admin"], "iat": int(time.time()), "exp": int(time.time()) + 7_200,
        }
        parts = [base64url(json.dumps(part).encode()) for part in (header, claims)]
        text = ".".join(parts)
        return f"{text}.{base64url(self.sign(text.encode()))}"

    def tokens(self, count, label):
        return [self.token(f"{label}-{i}") for i in range(count)]


class IdentityProvider:
    """Serves a key set, or fails as it is told, and remembers when it was asked."""

    def __init__(self, keys, max_age=None):
        self.keys = keys
        self.max_age = max_age
        self.mode = "serve"
        self.asked = []
        self.released = threading.Event()
        self.server = None
        self.port = 0
        self.revive()

    def revive(self):
        """Listens, after `die` where it did before."""
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                provider.answer(self)

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def answer(self, request):
        self.asked.append(time.monotonic())
        if self.mode == "hang":
            self.released.wait(60)
            return
        body = json.dumps({"keys": [key.jwk() for key in self.keys]}).encode()
        if self.mode == "garbage":
            body = b'{"keys": [{"kty": "EC", "x": \xff' + os.urandom(64)
        request.send_response(200)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(body)))
        if self.max_age:
            request.send_header("Cache-Control", f"max-age={self.max_age}")
        request.end_headers()
        request.wfile.write(body)

    def die(self):
        """Refuses connections from now on."""
        self.server.shutdown()
        self.server.server_close()

    def become(self, mode):
        """Serves as `mode` says: `serve`, `hang` or `garbage`."""
        self.released.set()
        self.released = threading.Event()
        self.mode = mode

    def stop(self):
        self.become("serve")
        self.die()

    def fetches(self, since):
        return [at for at in self.asked if at >= since]

"""Signs tokens with `cryptography`, sends them with `requests` and reports the statuses.

usage: foreign_tokens.py FOLDER PORT CA
"""

import base64
import json
import pathlib
import sys
import time

import names  # noqa: F401
import requests
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

FOLDER, PORT, CA = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
KEYS = {"RS": "py-rsa", "PS": "py-rsa", "ES256": "py-256", "ES384": "py-384", "ES512": "py-521"}


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def key_name(algorithm):
    return KEYS.get(algorithm) or KEYS.get(algorithm[:2]) or "py-ed"


def private_key(name):
    return serialization.load_pem_private_key((FOLDER / f"{name}.pem").read_bytes(), None)


def signature(algorithm, key, message):
    if algorithm == "EdDSA":
        return key.sign(message)
    digest = HASHES[algorithm[2:]]
    if algorithm.startswith("RS"):
        return key.sign(message, padding.PKCS1v15(), digest)
    if algorithm.startswith("PS"):
        pss = padding.PSS(padding.MGF1(digest), padding.PSS.DIGEST_LENGTH)
        return key.sign(message, pss, digest)
    size = (key.curve.key_size + 7) // 8
    return b"".join(n.to_bytes(size, "big") for n in decode_dss_signature(key.sign(message, ec.ECDSA(digest))))


def token(algorithm, header=None, claims=None, sign=signature):
    now = int(time.time())
    name = key_name(algorithm)
    head = {"alg": algorithm, "typ": "JWT", "kid": name, **(header or {})}
    body = {
        "iss": "https://idp.test/",
        "aud": ["https://acme.test"],
        "sub": "client@clients",
        "azp": "client",
        "iat": now,
        "exp": now + 300,
        "roles": ["issuer"],
        **(claims or {}),
    }
    body = {name: value for name, value in body.items() if value is not None}
    message = f"{encoded(json.dumps(head).encode())}.{encoded(json.dumps(body).encode())}"
    return f"{message}.{encoded(sign(algorithm, private_key(name), message.encode()))}"


def with_secret(_algorithm, key, message):
    """RS256 taken for HS256: the public key is the secret."""
    pem = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    code = hmac.HMAC(pem, hashes.SHA256())
    code.update(message)
    return code.finalize()


def main():
    session = requests.Session()
    session.trust_env, session.verify = False, CA

    def status(bearer):
        url = f"https://acme.test:{PORT}/guarded/foreign"
        return session.get(url, headers={"Authorization": f"Bearer {bearer}"}, timeout=10).status_code

    algorithms = [kind + size for kind in ("RS", "PS", "ES") for size in HASHES] + ["EdDSA"]
    now = int(time.time())
    wrong = {
        "expired": token("RS256", claims={"exp": now - 100, "iat": now - 400}),
        "no expiry": token("RS256", claims={"exp": None}),
        "not yet": token("ES256", claims={"nbf": now + 200}),
        "other issuer": token("RS256", claims={"iss": "https://idp.test"}),
        "other audience": token("EdDSA", claims={"aud": ["https://beta.test"]}),
        "too long": token("RS256", claims={"exp": now + 90000}),
        "bound": token("ES256", claims={"cnf": {"jkt": "x"}}),
        "other kid": token("ES256", header={"kid": "py-384"}),
        "unknown kid": token("ES256", header={"kid": "py-999"}),
        "none": token("RS256", header={"alg": "none"}, sign=lambda *_: b""),
        "confused": token("RS256", header={"alg": "HS256"}, sign=with_secret),
        "PSS said to be PKCS 1": token("PS256", header={"alg": "RS256"}),
        "PKCS 1 said to be PSS": token("RS256", header={"alg": "PS256"}),
        "zeros": token("ES256", sign=lambda *_: bytes(64)),
        "critical": token("RS256", header={"crit": ["exp"]}),
    }
    report = {
        "accepted": {name: status(token(name)) for name in algorithms},
        "refused": {name: status(bearer) for name, bearer in wrong.items()},
    }
    print(json.dumps(report))


main()

"""Calls the gateway with DPoP proofs made by `cryptography` and sent by `requests`.

usage: dpop_client.py FOLDER PORT CA

FOLDER holds the identity provider's keys of make_keys.py. The tenant `acme` accepts proofs,
`beta` requires them, `gamma` refuses them and `delta` requires a nonce; their hosts are
`NAME.wild.test`.
"""

import base64
import hashlib
import json
import pathlib
import sys
import time
import uuid

import names  # noqa: F401
import requests
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

FOLDER, PORT, CA = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
DIGESTS = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value, size=None):
    return encoded(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


def new_key(algorithm):
    if algorithm[0] in "RP":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    if algorithm == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    curves = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}
    return ec.generate_private_key(curves[algorithm])


def jwk(key):
    public = key.public_key()
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = public.public_numbers()
        return {"kty": "RSA", "n": number(numbers.n), "e": number(numbers.e)}
    if isinstance(key, ed25519.Ed25519PrivateKey):
        raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return {"kty": "OKP", "crv": "Ed25519", "x": encoded(raw)}
    numbers, size = public.public_numbers(), (key.curve.key_size + 7) // 8
    curve = {256: "P-256", 384: "P-384", 521: "P-521"}[key.curve.key_size]
    return {"kty": "EC", "crv": curve, "x": number(numbers.x, size), "y": number(numbers.y, size)}


def thumbprint(key):
    text = json.dumps(jwk(key), separators=(",", ":"), sort_keys=True)
    return encoded(hashlib.sha256(text.encode()).digest())


def signature(algorithm, key, message):
    if algorithm == "EdDSA":
        return key.sign(message)
    digest = DIGESTS[algorithm[2:]]
    if algorithm.startswith("RS"):
        return key.sign(message, padding.PKCS1v15(), digest)
    if algorithm.startswith("PS"):
        return key.sign(message, padding.PSS(padding.MGF1(digest), padding.PSS.DIGEST_LENGTH), digest)
    size = (key.curve.key_size + 7) // 8
    parts = decode_dss_signature(key.sign(message, ec.ECDSA(digest)))
    return b"".join(part.to_bytes(size, "big") for part in parts)


def signed(algorithm, key, header, claims):
    message = ".".join(
        encoded(json.dumps({name: value for name, value in part.items() if value is not None}).encode())
        for part in (header, claims)
    )
    return f"{message}.{encoded(signature(algorithm, key, message.encode()))}"


def token(tenant, bound_to=None, **claims):
    now = int(time.time())
    key = serialization.load_pem_private_key((FOLDER / "ES256.pem").read_bytes(), None)
    body = {
        "iss": "https://idp.test/", "aud": f"https://{tenant}.test", "sub": "wallet", "azp": "wallet",
        "iat": now, "exp": now + 300, "roles": ["issuer"], **claims,
    }
    if bound_to is not None:
        body["cnf"] = {"jkt": thumbprint(bound_to)}
    return signed("ES256", key, {"alg": "ES256", "typ": "at+jwt", "kid": "ES256"}, body)


def proof(key, access, tenant, algorithm="ES256", header=None, **claims):
    head = {"typ": "dpop+jwt", "alg": algorithm, "jwk": jwk(key), **(header or {})}
    body = {
        "jti": str(uuid.uuid4()), "htm": "GET", "htu": f"https://{tenant}.wild.test:{PORT}/guarded/x",
        "iat": int(time.time()), "ath": encoded(hashlib.sha256(access.encode()).digest()), **claims,
    }
    return signed(algorithm, key, head, body)


def call(tenant, access, made=None, scheme="DPoP"):
    """One request on a connection of its own."""
    headers = {"Authorization": f"{scheme} {access}"}
    if made is not None:
        headers["DPoP"] = made
    with requests.Session() as session:
        session.trust_env, session.verify = False, CA
        answer = session.get(f"https://{tenant}.wild.test:{PORT}/guarded/x", headers=headers, timeout=10)
    try:
        body = answer.json()
    except ValueError:
        body = None
    return {
        "status": answer.status_code,
        "code": body.get("code") if isinstance(body, dict) else None,
        "challenge": answer.headers.get("WWW-Authenticate", ""),
        "nonce": answer.headers.get("DPoP-Nonce"),
        "cache": answer.headers.get("Cache-Control"),
    }


def good():
    report = {}
    for algorithm in ("RS256", "RS512", "PS256", "PS384", "ES256", "ES384", "ES512", "EdDSA"):
        key = new_key(algorithm)
        access = token("acme", key)
        report[algorithm] = call("acme", access, proof(key, access, "acme", algorithm))
    return report


def wrong():
    key, other = new_key("ES256"), new_key("ES256")
    access, now = token("acme", key), int(time.time())

    def changed(header=None, **claims):
        return call("acme", access, proof(key, access, "acme", header=header, **claims))

    used = proof(key, access, "acme")
    first = call("acme", access, used)
    private = {**jwk(key), "d": number(key.private_numbers().private_value, 32)}
    report = {
        "used on another connection": call("acme", access, used),
        "another method": changed(htm="POST"),
        "another path": changed(htu=f"https://acme.wild.test:{PORT}/guarded/y"),
        "another host": changed(htu=f"https://beta.wild.test:{PORT}/guarded/x"),
        "another token": call("acme", access, proof(key, token("acme", key, sub="x"), "acme")),
        "no ath": changed(ath=None),
        "another key": call("acme", access, proof(other, access, "acme")),
        "a key it has not": changed(header={"jwk": jwk(other)}),
        "a private key": changed(header={"jwk": private}),
        "an old iat": changed(iat=now - 300),
        "an iat to come": changed(iat=now + 300),
        "no jti": changed(jti=None),
        "another typ": changed(header={"typ": "jwt"}),
        "none": changed(header={"alg": "none"}),
        "no proof": call("acme", access),
        "an empty proof": call("acme", access, ""),
    }
    return {"first": first, "refused": report}


def schemes():
    key = new_key("ES256")
    report = {}
    for tenant in ("acme", "beta", "gamma"):
        plain, bound = token(tenant), token(tenant, key)
        report[tenant] = {
            "plain as Bearer": call(tenant, plain, scheme="Bearer"),
            "plain as DPoP": call(tenant, plain, proof(key, plain, tenant)),
            "bound as Bearer": call(tenant, bound, scheme="Bearer"),
            "bound as Bearer with proof": call(tenant, bound, proof(key, bound, tenant), scheme="Bearer"),
            "bound as DPoP": call(tenant, bound, proof(key, bound, tenant)),
            "nothing": call(tenant, "", scheme="Basic"),
        }
    return report


def nonces():
    key = new_key("ES256")
    access = token("delta", key)
    asked = call("delta", access, proof(key, access, "delta"))
    second = call("delta", access, proof(key, access, "delta", nonce=asked["nonce"]))
    third = call("delta", access, proof(key, access, "delta", nonce=asked["nonce"]))
    theirs = call("delta", access, proof(key, access, "delta", nonce="of-another-server"))
    return {"asked": asked, "given": second, "given again": third, "theirs": theirs}


def main():
    print(json.dumps({"good": good(), "wrong": wrong(), "schemes": schemes(), "nonces": nonces()}))


main()

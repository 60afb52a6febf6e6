"""Makes the keys of an identity provider with `cryptography`: keys.json and private PEM files.

One key for each algorithm, named after it, since a key verifies with one algorithm only; and
`stranger.pem`, which is in no key set.

usage: make_keys.py FOLDER
"""

import base64
import json
import pathlib
import sys

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

CURVES = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}
RSA = [kind + size for kind in ("RS", "PS") for size in ("256", "384", "512")]


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value, size=None):
    return encoded(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


def jwk(name, key):
    public = key.public_key()
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = public.public_numbers()
        members = {"kty": "RSA", "alg": name, "n": number(numbers.n), "e": number(numbers.e)}
    elif isinstance(key, ec.EllipticCurvePrivateKey):
        numbers, size = public.public_numbers(), (key.curve.key_size + 7) // 8
        curve = {256: "P-256", 384: "P-384", 521: "P-521"}[key.curve.key_size]
        members = {"kty": "EC", "crv": curve, "x": number(numbers.x, size), "y": number(numbers.y, size)}
    else:
        raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        members = {"kty": "OKP", "crv": name, "x": encoded(raw)}
    return {"kid": name, **members}


def main():
    folder = pathlib.Path(sys.argv[1])
    keys = {name: rsa.generate_private_key(public_exponent=65537, key_size=2048) for name in RSA}
    keys |= {name: ec.generate_private_key(curve) for name, curve in CURVES.items()}
    keys["Ed25519"] = ed25519.Ed25519PrivateKey.generate()
    keys["Ed448"] = ed448.Ed448PrivateKey.generate()
    (folder / "keys.json").write_text(json.dumps({"keys": [jwk(*item) for item in keys.items()]}))
    keys["stranger"] = ec.generate_private_key(ec.SECP256R1())
    for name, key in keys.items():
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        (folder / f"{name}.pem").write_bytes(pem)
    print(json.dumps(sorted(keys)))


main()

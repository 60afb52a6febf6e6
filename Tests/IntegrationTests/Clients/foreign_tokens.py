"""Signs tokens with `cryptography` (and with `joserfc`, where it is there), good ones and several
dozen bad ones, sends them with `requests` and reports what became of each.

usage: foreign_tokens.py FOLDER PORT CA
"""

import base64
import importlib.util
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
ALGORITHMS = [kind + size for kind in ("RS", "PS", "ES") for size in HASHES] + ["Ed25519", "Ed448"]
NOW = int(time.time())
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def private_key(name):
    return serialization.load_pem_private_key((FOLDER / f"{name}.pem").read_bytes(), None)


def pss(key, message, digest, salt=padding.PSS.DIGEST_LENGTH):
    return key.sign(message, padding.PSS(padding.MGF1(digest), salt), digest)


def halves(key, message, digest):
    return decode_dss_signature(key.sign(message, ec.ECDSA(digest)))


def fixed(key, *numbers):
    size = (key.curve.key_size + 7) // 8
    return b"".join(number.to_bytes(size, "big") for number in numbers)


def signature(name, key, message):
    if name.startswith("Ed"):
        return key.sign(message)
    digest = HASHES[name[2:]]
    if name.startswith("RS"):
        return key.sign(message, padding.PKCS1v15(), digest)
    if name.startswith("PS"):
        return pss(key, message, digest)
    return fixed(key, *halves(key, message, digest))


def members(changes, base):
    merged = {**base, **(changes or {})}
    return {name: value for name, value in merged.items() if value is not ...}


def header_of(name, changes=None):
    algorithm = "EdDSA" if name.startswith("Ed") else name
    return members(changes, {"alg": algorithm, "typ": "JWT", "kid": name})


def claims_of(changes=None):
    return members(
        changes,
        {
            "iss": "https://idp.test/",
            "aud": ["https://acme.test"],
            "sub": "client@clients",
            "azp": "client",
            "iat": NOW,
            "exp": NOW + 300,
            "roles": ["issuer"],
        },
    )


def token(name="ES256", header=None, claims=None, sign=signature, key=None, head=None, body=None):
    """A token; `head` and `body` are texts or bytes in place of what `header` and `claims` give."""
    head = json.dumps(header_of(name, header)) if head is None else head
    body = json.dumps(claims_of(claims)) if body is None else body
    parts = [part.encode() if isinstance(part, str) else part for part in (head, body)]
    message = ".".join(encoded(part) for part in parts)
    return f"{message}.{encoded(sign(name, private_key(key or name), message.encode()))}"


def resigned(message, name="ES256"):
    """Text that stands where header and claims do, with a good signature over it."""
    return f"{message}.{encoded(signature(name, private_key(name), message.encode()))}"


def text_of(claims=None, more=""):
    return json.dumps(claims_of(claims))[:-1] + more + "}"


def with_secret(name, key, message):
    """The public key taken for a shared secret."""
    pem = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    code = hmac.HMAC(pem, hashes.SHA256())
    code.update(message)
    return code.finalize()


def short_pss(name, key, message):
    """A signature that begins with a zero, without it."""
    while True:
        made = pss(key, message, HASHES[name[2:]])
        if made[0] == 0:
            return made[1:]


def own_jwk(key):
    numbers = key.public_key().public_numbers()
    x, y = (encoded(n.to_bytes(32, "big")) for n in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def stray_bits(text):
    """Another spelling of the last byte."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + alphabet[alphabet.index(text[-1]) + 1]


def good():
    found = {name: token(name) for name in ALGORITHMS}
    for kind in ("at+jwt", "AT+JWT", "application/at+jwt", "Application/JWT", ...):
        found[f"typ {kind}"] = token(header={"typ": kind})
    high = lambda _, key, message: fixed(  # noqa: E731
        key, (pair := halves(key, message, HASHES["256"]))[0], ORDER - pair[1]
    )
    found |= {
        "audience as a string": token(claims={"aud": "https://acme.test"}),
        "dates with fractions": token(claims={"iat": NOW - 0.5, "exp": NOW + 300.5}),
        "dates with exponents": token(body=text_of({"exp": ...}, f', "exp": {NOW + 300}0e-1')),
        "a high s": token(sign=high),
        "strange members": token(header={"x": [{}]}, claims={"http://x/y": {"é": [None, 1e300]}}),
        "spaces": token(body=" \n" + text_of() + "\r\t"),
        "escapes": token(head='{"\\u0061lg":"ES256","kid":"\\u0045S256"}'),
        "keys in the header": token(header={"jwk": own_jwk(private_key("stranger")), "jku": "https://x"}),
    }
    return found


def bad_shapes():
    whole = token()
    head, body, sign = whole.split(".")
    return {
        "padding": ("token-malformed", whole + "="),
        "a fourth part": ("token-malformed", whole + ".e30"),
        "two parts": ("token-malformed", f"{head}.{body}"),
        "no claims": ("token-malformed", f"{head}..{sign}"),
        "no signature": ("token-malformed", f"{head}.{body}."),
        "stray bits in the signature": ("token-malformed", stray_bits(whole)),
        "stray bits in the header": ("token-malformed", resigned(stray_bits(encoded(json.dumps(header_of("ES256", {"x": "1"})).encode().ljust(64))) + "." + body)),
        "stray bits in the claims": ("token-malformed", resigned(head + "." + stray_bits(encoded(text_of().encode().ljust(400))))),
        "padding in the claims": ("token-malformed", resigned(head + "." + encoded(text_of().encode().ljust(400)) + "==")),
        "plain base64": ("token-malformed", resigned(head + "." + "e30+")),
        "a length that no text has": ("token-malformed", resigned(head + "." + "e30ab")),
    }


def bad_json():
    texts = {
        "a list": "[]",
        "no JSON": "claims",
        "empty": " ",
        "trailing bytes": text_of() + "x",
        "two objects": text_of() + text_of(),
        "a claim twice": text_of(more=', "roles": ["admin"]'),
        "a claim twice, escaped": text_of(more=', "r\\u006fles": ["admin"]'),
        "a deep claim twice": text_of(more=', "x": {"a": 1, "a": 2}'),
        "a byte order mark": "\ufeff" + text_of(),
        "no UTF-8": text_of(more=', "x": "').encode()[:-1] + b'\xff"}',
        "an overlong zero": text_of(more=', "x": "').encode()[:-1] + b'\xc0\x80"}',
        "UTF-16": text_of().encode("utf-16-le"),
        "half a surrogate pair": text_of(more=', "x": "\\ud800"'),
        "NaN": text_of(more=', "x": NaN'),
        "Infinity": text_of(more=', "x": Infinity'),
        "a leading zero": text_of(more=', "x": 01'),
        "a plus": text_of(more=', "x": +1'),
        "a comma too many": text_of(more=","),
        "a comment": text_of(more="/**/"),
        "single quotes": text_of(more=", 'x': 1"),
        "a control character": text_of(more=', "x": "\n"'),
        "too deep": text_of(more=', "x": ' + "[" * 16 + "]" * 16),
        "too large": text_of(more=', "x": "' + "x" * 6500 + '"'),
    }
    found = {f"claims: {name}": ("token-malformed", token(body=body)) for name, body in texts.items()}
    heads = {
        "alg twice": '{"alg":"ES256","kid":"ES256","alg":"ES256"}',
        "alg twice, escaped": '{"alg":"ES256","kid":"ES256","\\u0061lg":"none"}',
        "a list": '["ES256"]',
        "trailing bytes": '{"alg":"ES256","kid":"ES256"}}',
        "a byte order mark": '\ufeff{"alg":"ES256","kid":"ES256"}',
        "no UTF-8": b'{"alg":"ES256","kid":"ES256","x":"\xff"}',
    }
    found |= {f"header: {name}": ("token-malformed", token(head=head)) for name, head in heads.items()}
    return found


def bad_headers():
    stranger = private_key("stranger")
    wrong = {
        "crit of a claim": ("token-malformed", {"crit": ["exp"], "exp": NOW + 300}),
        "crit that is empty": ("token-malformed", {"crit": []}),
        "crit of b64": ("token-malformed", {"crit": ["b64"], "b64": True}),
        "b64": ("token-malformed", {"b64": False}),
        "zip": ("token-malformed", {"zip": "DEF"}),
        "enc": ("token-malformed", {"enc": "A128GCM"}),
        "a JWT inside": ("token-malformed", {"cty": "JWT"}),
        "typ as a number": ("token-malformed", {"typ": 7}),
        "kid as a number": ("token-malformed", {"kid": 7}),
        "alg as a list": ("token-malformed", {"alg": ["ES256"]}),
        "no alg": ("token-malformed", {"alg": ...}),
        "alg in lower case": ("token-algorithm", {"alg": "es256"}),
        "alg with a space": ("token-algorithm", {"alg": "ES256 "}),
        "alg ES256K": ("token-algorithm", {"alg": "ES256K"}),
        "unknown kid": ("token-key-unknown", {"kid": "nobody"}),
        "kid in lower case": ("token-key-unknown", {"kid": "es256"}),
        "kid with a zero": ("token-key-unknown", {"kid": "ES256\0"}),
        "kid of a path": ("token-key-unknown", {"kid": "../../../../dev/null"}),
        "another key's kid": ("token-algorithm", {"kid": "ES384"}),
    }
    found = {name: (code, token(header=header)) for name, (code, header) in wrong.items()}
    kinds = [
        "dpop+jwt", "openid4vci-proof+jwt", "logout+jwt", "secevent+jwt", "kb+jwt", "vc+sd-jwt", "dc+sd-jwt",
        "entity-statement+jwt", "token-introspection+jwt", "oauth-authz-req+jwt", "JOSE", "", "at+jwt ",
        "x/at+jwt", "application/application/at+jwt",
    ]  # fmt: skip
    found |= {f"typ {kind}": ("token-type", token(header={"typ": kind})) for kind in kinds}
    found |= {
        "none": ("token-algorithm", token(header={"alg": "none"}, sign=lambda *_: b"")),
        "none, in capitals": ("token-algorithm", token(header={"alg": "NONE"}, sign=lambda *_: b"")),
        "none, signed": ("token-algorithm", token(header={"alg": "none"})),
        "HS256 with the public key": ("token-algorithm", token("RS256", {"alg": "HS256"}, sign=with_secret)),
        "the header's own key": (
            "token-signature",
            token(header={"jwk": own_jwk(stranger)}, key="stranger"),
        ),
        "the header's own address": (
            "token-signature",
            token(header={"jku": "https://evil.test/", "x5u": "https://evil.test/"}, key="stranger"),
        ),
        "no kid, an unknown key": ("token-signature", token(header={"kid": ...}, key="stranger")),
    }
    return found


def bad_signatures():
    digest = HASHES["256"]

    def changed(change):
        return lambda _, key, message: fixed(key, *change(*halves(key, message, digest)))

    def der(_, key, message):
        return key.sign(message, ec.ECDSA(digest))

    def salted(size):
        return lambda _, key, message: pss(key, message, digest, size)

    found = {
        "r is 0": token(sign=changed(lambda r, s: (0, s))),
        "s is 0": token(sign=changed(lambda r, s: (r, 0))),
        "both are 0": token(sign=changed(lambda r, s: (0, 0))),
        "r is the order": token(sign=changed(lambda r, s: (ORDER, s))),
        "s is the order": token(sign=changed(lambda r, s: (r, ORDER))),
        "r and s exchanged": token(sign=changed(lambda r, s: (s, r))),
        "DER": token(sign=der),
        "one byte more": token(sign=lambda *all: signature(*all) + b"\0"),
        "one byte less": token(sign=lambda *all: signature(*all)[:-1]),
        "one bit": token(sign=lambda *all: signature(*all)[:-1] + bytes([signature(*all)[-1] ^ 1])),
        "ES256 in the size of ES384": token(sign=lambda _, key, m: b"".join(
            n.to_bytes(48, "big") for n in halves(key, m, digest))),
        "another hash": token(sign=lambda _, key, m: fixed(key, *halves(key, m, HASHES["512"]))),
        "PKCS 1 under PS256": token("PS256", sign=lambda _, key, m: key.sign(m, padding.PKCS1v15(), digest)),
        "PSS under RS256": token("RS256", sign=lambda _, key, m: pss(key, m, digest)),
        "SHA-512 under RS256": token("RS256", sign=lambda _, key, m: key.sign(m, padding.PKCS1v15(), HASHES["512"])),
        "no salt": token("PS256", sign=salted(0)),
        "a salt of 20": token("PS256", sign=salted(20)),
        "the longest salt": token("PS256", sign=salted(padding.PSS.MAX_LENGTH)),
        "PSS without its leading zero": token("PS256", sign=short_pss),
        "RSA, one byte more": token("RS256", sign=lambda *all: b"\0" + signature(*all)),
        "RSA of 1": token("RS256", sign=lambda *_: bytes(255) + b"\1"),
        "Ed25519, one byte less": token("Ed25519", sign=lambda *all: signature(*all)[:-1]),
        "Ed25519, zeros": token("Ed25519", sign=lambda *_: bytes(64)),
        "Ed448, one byte more": token("Ed448", sign=lambda *all: signature(*all) + b"\0"),
    }
    found = {name: ("token-signature", bearer) for name, bearer in found.items()}
    head, _, sign = token().split(".")
    body = encoded(text_of({"roles": ["admin"]}).encode())
    found["claims of another"] = ("token-signature", f"{head}.{body}.{sign}")
    return found


def bad_claims():
    wrong = {
        "expired": ("token-expired", {"exp": NOW - 100, "iat": NOW - 400}),
        "expired long ago": ("token-expired", {"exp": -1e300}),
        "expired at 0": ("token-expired", {"exp": 0, "iat": ...}),
        "no expiry": ("token-malformed", {"exp": ...}),
        "expiry null": ("token-malformed", {"exp": None}),
        "expiry as a string": ("token-malformed", {"exp": str(NOW + 300)}),
        "expiry as a boolean": ("token-malformed", {"exp": True}),
        "expiry in a list": ("token-malformed", {"exp": [NOW + 300]}),
        "the year 9999": ("token-lifetime", {"exp": 253402300799.5}),
        "an endless expiry": ("token-lifetime", {"exp": 1e308}),
        "too long": ("token-lifetime", {"exp": NOW + 90000}),
        "too long since 1970": ("token-lifetime", {"iat": 1}),
        "not yet": ("token-not-yet-valid", {"nbf": NOW + 200}),
        "never": ("token-not-yet-valid", {"nbf": 1e308}),
        "issued tomorrow": ("token-not-yet-valid", {"iat": NOW + 200}),
        "nbf as a string": ("token-malformed", {"nbf": "0"}),
        "iat null": ("token-malformed", {"iat": None}),
        "no issuer": ("token-issuer", {"iss": ...}),
        "issuer without a slash": ("token-issuer", {"iss": "https://idp.test"}),
        "issuer with two": ("token-issuer", {"iss": "https://idp.test//"}),
        "issuer in capitals": ("token-issuer", {"iss": "HTTPS://IDP.TEST/"}),
        "issuer in a list": ("token-issuer", {"iss": ["https://idp.test/"]}),
        "issuer with a zero": ("token-issuer", {"iss": "https://idp.test/\0"}),
        "no audience": ("token-audience", {"aud": ...}),
        "other audience": ("token-audience", {"aud": ["https://beta.test"]}),
        "empty audience": ("token-audience", {"aud": []}),
        "audiences in one string": ("token-audience", {"aud": "https://acme.test https://x"}),
        "audience as a number": ("token-malformed", {"aud": 7}),
        "audience as an object": ("token-malformed", {"aud": {"https://acme.test": 1}}),
        "audience in two lists": ("token-malformed", {"aud": [["https://acme.test"]]}),
        "audience beside null": ("token-malformed", {"aud": ["https://acme.test", None]}),
        "bound to a short digest": ("token-binding", {"cnf": {"jkt": "x"}}),
        "bound to a key": ("token-binding", {"cnf": {"jwk": {"kty": "EC"}}}),
        "bound to nothing": ("token-binding", {"cnf": {}}),
        "bound to null": ("token-binding", {"cnf": None}),
        "an ID token's nonce": ("token-type", {"nonce": "n"}),
        "an ID token's at_hash": ("token-type", {"at_hash": "h"}),
        "an ID token's c_hash": ("token-type", {"c_hash": "h"}),
        "a proof": ("token-type", {"htm": "GET", "htu": "https://acme.test/"}),
        "an event": ("token-type", {"events": {}}),
        "a credential": ("token-type", {"vct": "https://x"}),
        "a presentation": ("token-type", {"vp": {}}),
        "an entity statement": ("token-type", {"jwks": {"keys": []}}),
        "subject as a number": ("token-malformed", {"sub": 7}),
        "subject with a line": ("token-malformed", {"sub": "a\r\nX-Postern-Roles: admin"}),
        "client as a list": ("token-malformed", {"azp": ["client"]}),
        "jti as a number": ("token-malformed", {"jti": 7}),
        "roles as an object": ("role-missing", {"roles": {"issuer": True}}),
        "roles in two lists": ("role-missing", {"roles": [["issuer"]]}),
        "roles as a boolean": ("role-missing", {"roles": True}),
        "a role in capitals": ("role-missing", {"roles": ["ISSUER"]}),
        "a role with a space": ("role-missing", {"roles": ["issuer "]}),
        "no roles": ("role-missing", {"roles": ...}),
    }
    return {name: (code, token(claims=claims)) for name, (code, claims) in wrong.items()}


def good_of_joserfc():
    """Tokens of a third implementation, where it is installed."""
    if importlib.util.find_spec("joserfc") is None:
        return {}
    from joserfc import jwk, jwt

    found = {}
    for name in ALGORITHMS:
        kind = jwk.RSAKey if name[:2] in ("RS", "PS") else jwk.OKPKey if name.startswith("Ed") else jwk.ECKey
        key = kind.import_key((FOLDER / f"{name}.pem").read_bytes())
        head = header_of(name)
        found[f"joserfc {name}"] = jwt.encode(head, claims_of(), key, algorithms=[head["alg"]])
    return found


def main():
    session = requests.Session()
    session.trust_env, session.verify = False, CA

    def answer(bearer):
        url = f"https://acme.test:{PORT}/guarded/foreign"
        response = session.get(url, headers={"Authorization": f"Bearer {bearer}"}, timeout=10)
        return response.json().get("code") if response.status_code in (401, 403) else response.status_code

    bad = bad_shapes() | bad_json() | bad_headers() | bad_signatures() | bad_claims()
    report = {
        "accepted": {name: answer(bearer) for name, bearer in (good() | good_of_joserfc()).items()},
        "refused": {name: {"wanted": code, "got": answer(bearer)} for name, (code, bearer) in bad.items()},
    }
    print(json.dumps(report))


main()

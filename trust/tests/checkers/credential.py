"""Checks a credential (VC as a JWT) by the document of who issued it, with a library that nobody here wrote.

credential.py CREDENTIAL DID-DOCUMENT

Prints `VALID` with type and name of the credential, or `REFUSED`.
"""

import base64
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def number(text):
    return int.from_bytes(decoded(text), "big")


def main(credential, document):
    with open(credential) as file:
        header, payload, signature = file.read().split(".")
    with open(document) as file:
        document = json.load(file)
    said, asserted = json.loads(decoded(header)), json.loads(decoded(payload))
    by = {method["id"]: method for method in document["verificationMethod"]}[said["kid"]]
    is_meant = said["kid"] in document["assertionMethod"] and asserted["issuer"]["id"] == document["id"]
    jwk = by["publicKeyJwk"]
    key = EllipticCurvePublicNumbers(number(jwk["x"]), number(jwk["y"]), SECP256R1()).public_key()
    raw = decoded(signature)
    parts = [int.from_bytes(half, "big") for half in (raw[:32], raw[32:])]
    try:
        key.verify(encode_dss_signature(*parts), f"{header}.{payload}".encode(), ECDSA(SHA256()))
    except InvalidSignature:
        is_meant = False
    if is_meant and (said["alg"], said["typ"]) == ("ES256", "vc+jwt"):
        print("VALID", "+".join(asserted["type"]), asserted["name"])
    else:
        print("REFUSED")


main(*sys.argv[1:])

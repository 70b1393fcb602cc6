"""Checks seals with two libraries that nobody here wrote.

In: {"x": hex, "y": hex, "kid": hex, "seals": [hex, ...]}. Out: for each seal [said by cwt, said by pycose], where what
is said is the payload in hexadecimal digits, or null where the library refuses.
"""

import json
import sys

from cwt import COSE, COSEKey
from pycose.keys import EC2Key
from pycose.keys.curves import P256
from pycose.messages import CoseMessage, Sign1Message


def by_cwt(seal, task):
    key = COSEKey.new(
        {
            1: 2,
            2: bytes.fromhex(task["kid"]),
            3: -7,
            -1: 1,
            -2: bytes.fromhex(task["x"]),
            -3: bytes.fromhex(task["y"]),
        }
    )
    return COSE.new().decode(seal, key)


def by_pycose(seal, task):
    message = CoseMessage.decode(seal)
    if not isinstance(message, Sign1Message):
        raise ValueError("another message")
    message.key = EC2Key(crv=P256, x=bytes.fromhex(task["x"]), y=bytes.fromhex(task["y"]))
    if not message.verify_signature():
        raise ValueError("the signature does not fit")
    return message.payload


def said(check, seal, task):
    try:
        payload = check(seal, task)
        return payload.hex() if isinstance(payload, bytes) else repr(payload)
    except Exception:  # whatever a library does not take, it refuses
        return None


task = json.load(sys.stdin)
json.dump(
    [[said(check, bytes.fromhex(seal), task) for check in (by_cwt, by_pycose)] for seal in task["seals"]], sys.stdout
)

"""What pyHanko says of each signature of a file, a line each.

verdict.py plain|long-term FILE ROOT.pem [MOMENT]

`plain` looks at signature, chain and changes since, as of MOMENT (such as 2026-11-29T14:05:00+00:00) where it is given. `long-term` validates by ETSI EN 319 102-1, 5.5 (signatures with time
and with long-term validation material): revocation lists are asked for, and only those are there that the file itself holds
in its document security store. Nothing is fetched.
"""

import asyncio
import logging
import sys
import warnings
from datetime import datetime
from functools import partial

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation import PdfSignatureStatus, validate_pdf_signature
from pyhanko.sign.validation.ades import _dss_to_local_knowledge, ades_with_time_validation
from pyhanko.sign.validation.policy_decl import (
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy, FreshnessReqType
from pyhanko_certvalidator.registry import SimpleTrustManager

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)


def in_words(signature, status):
    words = [
        "GOOD" if status.bottom_line else "BAD",
        "VALID" if status.valid else "INVALID",
        "INTACT" if status.intact else "CHANGED",
        "TRUSTED" if status.trusted else "REVOKED" if status.revoked else "UNTRUSTED",
        "CERTIFIED" if signature.sig_object.get("/Reference") else "APPROVAL",
        status.coverage.name,
        status.modification_level.name if status.modification_level is not None else "-",
    ]
    if status.timestamp_validity is not None:
        stamp = status.timestamp_validity
        words.append("STAMPED" if stamp.valid and stamp.intact and stamp.trusted else "BADLY_STAMPED")
    if not status.docmdp_ok:
        words.append("CHANGED_SINCE")
    return " ".join(words)


def plain(signature, root, moment=None):
    # There are no revocation lists at hand.
    context = ValidationContext(trust_roots=[root], allow_fetching=False, revocation_mode="soft-fail", moment=moment)
    status = validate_pdf_signature(signature, signer_validation_context=context, ts_validation_context=context)
    return in_words(signature, status)


def long_term(signature, root):
    revocation = CertRevTrustPolicy(
        REQUIRE_REVINFO, freshness=None, freshness_req_type=FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION
    )
    certificates = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=[root]), revinfo_policy=revocation
    )
    spec = SignatureValidationSpec(
        cert_validation_policy=certificates,
        local_knowledge=_dss_to_local_knowledge(signature.reader),
        revinfo_gathering_policy=RevocationInfoGatheringSpec(
            online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY
        ),
    )
    signature.compute_integrity_info()
    result = asyncio.run(
        ades_with_time_validation(
            signature.signed_data,
            spec,
            raw_digest=signature.compute_digest(),
            extra_status_kwargs=signature.summarise_integrity_info(),
            status_cls=PdfSignatureStatus,
        )
    )
    if result.ades_subindic != AdESPassed.OK:
        return f"{result.ades_subindic.name}: {result.failure_msg}".replace("\n", " ")
    return f"PASSED {in_words(signature, result.api_status)}"


def main(mode, file, root, moment=None):
    root = load_cert_from_pemder(root)
    verdict = {"plain": partial(plain, moment=moment and datetime.fromisoformat(moment)), "long-term": long_term}[mode]
    with open(file, "rb") as opened:
        try:
            signatures = PdfFileReader(opened).embedded_signatures
        except Exception as error:  # noqa: BLE001: what cannot be read is refused, however
            print(f"unreadable: {error!r}")
            return
        for signature in signatures:
            try:
                print(f"{signature.field_name}: {verdict(signature, root)}")
            except Exception as error:  # noqa: BLE001
                print(f"{signature.field_name}: refused: {error!r}".replace("\n", " "))


main(*sys.argv[1:])

"""The SM2 signature that lies beside a sealed paper in suite GM-1 (`.sm2.sig`): readers of PDF know no SM2.

Canonical JSON {"at","certificate","format","paper","signature"}: `paper` is the SM3 digest of the sealed file,
`signature` (base64, DER) is over `mingzheng-sm2-signature-1 LF paper LF at LF` under the certificate (base64, DER).
"""

from __future__ import annotations

import base64
import json
from datetime import datetime

from asn1crypto import x509

from mingzheng.kernel import canonical, clock, digest, sm2

FORMAT = "mingzheng-sm2-signature-1"


def detached(content: bytes, key: bytes, certificate: bytes, at: datetime) -> str:
    """The text of the `.sm2.sig` file for a sealed paper; `key` is PKCS#8 DER."""
    paper, when = digest.named("sm3", digest.raw(content, "sm3")), clock.text(at)
    told = {
        "at": when,
        "certificate": base64.b64encode(certificate).decode(),
        "format": FORMAT,
        "paper": paper,
        "signature": base64.b64encode(sm2.sign(key, _covered(paper, when))).decode(),
    }
    return canonical.dumps(told)


def check_detached(text: str, content: bytes, certificate: bytes) -> bool:
    """Whether `text` is a signature of exactly this file under this certificate (DER)."""
    try:
        told = json.loads(text)
        same = base64.b64decode(told["certificate"], validate=True) == certificate and told["format"] == FORMAT
        public = x509.Certificate.load(certificate).public_key.dump()
        signature, paper = base64.b64decode(told["signature"], validate=True), str(told["paper"])
        return (
            same
            and paper == digest.named("sm3", digest.raw(content, "sm3"))
            and sm2.verify(public, signature, _covered(paper, str(told["at"])))
        )
    except (ValueError, KeyError, TypeError):
        return False


def _covered(paper: str, at: str) -> bytes:
    return f"{FORMAT}\n{paper}\n{at}\n".encode()

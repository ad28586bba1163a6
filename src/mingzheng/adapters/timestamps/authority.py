"""A time-stamp authority of our own (RFC 3161, RFC 5816) on the deployment's clock.

It stamps SHA-256, SHA-384, SHA-512 and SM3 digests of the right length and refuses everything else. Serial numbers are
127 random bits: unique without a counter two processes would have to share. The time is told in whole seconds with an
accuracy of one second. Policy, accuracy and what the authority promises: docs/formats/papers.md, "Time-stamps".
"""

import copy
import hashlib
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from asn1crypto import cms, tsp, x509

from mingzheng.adapters.timestamps.asking import DIGESTS, Response
from mingzheng.kernel import clock

#: The policy the tokens name (an OID of the arc 2.25, which needs no registration).
POLICY = "2.25.271828182845904523536028747135266249"
ACCURACY_SECONDS = 1
LARGEST_QUERY = 4096
_ALGORITHM = {"algorithm": "sha256_ecdsa"}


class _Refusal(Exception):
    def __init__(self, failure: str, words: str) -> None:
        self.failure, self.words = failure, words


class LocalAuthority:
    """`sign` makes an ECDSA signature (DER, SHA-256) with the key of `certificate` (DER); `issuers` go along (DER)."""

    def __init__(
        self,
        sign: Callable[[bytes], bytes],
        certificate: bytes,
        issuers: tuple[bytes, ...] = (),
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._sign, self._now = sign, now
        self._own = x509.Certificate.load(certificate)
        self._issuers = [x509.Certificate.load(one) for one in issuers]

    def standing_at(self, moment: datetime) -> "LocalAuthority":
        """The same authority for stamps of this moment: where a stamp is made nobody may ask a database for the time."""
        same = copy.copy(self)
        same._now = lambda: moment
        return same

    def respond(self, query: bytes) -> bytes:
        """See `Timestamps`. What may not be stamped is answered by a refusal, never by an exception."""
        try:
            asked = _understood(query)
            token = self._token(asked)
        except _Refusal as no:
            status = {"status": "rejection", "status_string": [no.words], "fail_info": {no.failure}}
            return bytes(Response({"status": status}).dump())
        return bytes(Response({"status": {"status": "granted"}, "time_stamp_token": token}).dump())

    def _token(self, asked: tsp.TimeStampReq) -> cms.ContentInfo:
        at = self._now().astimezone(UTC).replace(microsecond=0)
        first, last = self._own.not_valid_before, self._own.not_valid_after
        if not first <= at <= last:
            raise _Refusal("time_not_available", "the certificate of this authority is not in force")
        told = self._told(asked, at).dump()
        covered = self._signed_attributes(told, at)
        signed: dict[str, Any] = {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "tst_info", "content": cms.ParsableOctetString(told)},
            "signer_infos": [
                {
                    "version": "v1",
                    "sid": cms.SignerIdentifier("issuer_and_serial_number", _named(self._own)),
                    "digest_algorithm": {"algorithm": "sha256"},
                    "signed_attrs": covered,
                    "signature_algorithm": _ALGORITHM,
                    "signature": self._sign(covered.dump()),
                }
            ],
        }
        if asked["cert_req"].native:
            signed["certificates"] = [self._own, *self._issuers]
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})

    def _told(self, asked: tsp.TimeStampReq, at: datetime) -> tsp.TSTInfo:
        facts: dict[str, Any] = {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": asked["message_imprint"],
            "serial_number": secrets.randbits(127) | 1,
            "gen_time": at,
            "accuracy": {"seconds": ACCURACY_SECONDS},
            "tsa": x509.GeneralName("directory_name", self._own.subject),
        }
        if asked["nonce"].native is not None:
            facts["nonce"] = asked["nonce"]
        return tsp.TSTInfo(facts)

    def _signed_attributes(self, told: bytes, at: datetime) -> cms.CMSAttributes:
        mark = {
            "cert_hash": hashlib.sha256(self._own.dump()).digest(),
            "issuer_serial": {
                "issuer": [x509.GeneralName("directory_name", self._own.issuer)],
                "serial_number": self._own.serial_number,
            },
        }
        return cms.CMSAttributes(
            [
                cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
                cms.CMSAttribute({"type": "signing_time", "values": [cms.Time({"utc_time": at})]}),
                cms.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(told).digest()]}),
                cms.CMSAttribute({"type": "signing_certificate_v2", "values": [{"certs": [mark]}]}),
            ]
        )


def _named(certificate: x509.Certificate) -> dict[str, Any]:
    return {"issuer": certificate.issuer, "serial_number": certificate.serial_number}


def _understood(query: bytes) -> tsp.TimeStampReq:
    """The request, if this authority stamps such things."""
    if len(query) > LARGEST_QUERY:
        raise _Refusal("bad_data_format", "the request is too large")
    try:
        asked = tsp.TimeStampReq.load(query, strict=True)
        imprint = asked["message_imprint"]
        name, length = imprint["hash_algorithm"]["algorithm"].native, len(imprint["hashed_message"].native)
        version, policy, extensions = asked["version"].native, asked["req_policy"].native, asked["extensions"].native
        asked["nonce"].native, asked["cert_req"].native  # parsed lazily; wrong ones must fail here
    except (ValueError, TypeError, KeyError) as fault:
        raise _Refusal("bad_data_format", "not a request of RFC 3161") from fault
    if version != "v1":
        raise _Refusal("bad_request", "only version 1 is known")
    if name not in DIGESTS:
        raise _Refusal("bad_alg", "this digest is not stamped here")
    if length != DIGESTS[name]:
        raise _Refusal("bad_data_format", "the digest has the wrong length")
    if policy not in (None, POLICY):
        raise _Refusal("unaccepted_policy", "another policy was asked for")
    if extensions:
        raise _Refusal("unaccepted_extensions", "no extension is known here")
    return asked

"""Making a request and reading the answer (RFC 3161, 2.4): the token must answer exactly this request."""

from __future__ import annotations

import secrets

from asn1crypto import algos, cms, core, tsp

from mingzheng.adapters.timestamps.port import StampNotTrusted, StampRefused, StampsUnavailable, Timestamps

#: Digests that may be stamped, by their name in asn1crypto, with their length in bytes.
DIGESTS = {"sha256": 32, "sha384": 48, "sha512": 64, "sm3": 32}
SM3 = "1.2.156.10197.1.401"
algos.DigestAlgorithmId._map.setdefault(SM3, "sm3")
algos.DigestAlgorithmId._reverse_map = None


class Response(core.Sequence):  # type: ignore[misc]
    """TimeStampResp as RFC 3161 has it: a refusal carries no token (asn1crypto's own class wants one)."""

    _fields = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]


def request(digest: bytes, algorithm: str = "sha256", nonce: int | None = None) -> bytes:
    """A TimeStampReq (DER) that asks for the authority's certificate too."""
    return bytes(
        tsp.TimeStampReq(
            {
                "version": "v1",
                "message_imprint": {"hash_algorithm": {"algorithm": algorithm}, "hashed_message": digest},
                "nonce": secrets.randbits(63) if nonce is None else nonce,
                "cert_req": True,
            }
        ).dump()
    )


def token_of(answer: bytes, query: bytes) -> bytes:
    """The token (ContentInfo, DER) in an answer. Raises `StampRefused`, `StampsUnavailable` for what is no answer,
    `StampNotTrusted` for an answer to another request."""
    asked = tsp.TimeStampReq.load(query)
    try:
        found = Response.load(answer, strict=True)
        status = found["status"]["status"].native
        if status not in ("granted", "granted_with_mods"):
            failures = sorted(found["status"]["fail_info"].native or {"rejection"})
            raise StampRefused(",".join(failures), "; ".join(found["status"]["status_string"].native or ()))
        token = found["time_stamp_token"]
        told = token["content"]["encap_content_info"]["content"].parsed
        imprint, nonce = told["message_imprint"].dump(), told["nonce"].native
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise StampsUnavailable(f"no answer of RFC 3161: {type(fault).__name__}") from fault
    if imprint != asked["message_imprint"].dump():
        raise StampNotTrusted("another-digest", "the token stamps something else")
    if nonce != asked["nonce"].native:
        raise StampNotTrusted("another-nonce", "the token answers another request")
    return bytes(token.dump())


def stamp(authority: Timestamps, digest: bytes, algorithm: str = "sha256") -> bytes:
    """A token (DER) over this digest."""
    query = request(digest, algorithm)
    return token_of(authority.respond(query), query)

"""A document seal whose key never leaves a PKCS#11 token: an HSM, a smart card, SoftHSM.

The token is opened at the first seal and again after it failed, so that one pulled out and put back needs no restart.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from mingzheng.adapters.documents.signer import SealUnavailable, holder_of
from mingzheng.kernel.refusal import Refused

if TYPE_CHECKING:
    from mingzheng.adapters.agent.pkcs11_signer import TokenSigner


class TokenSeal:
    """A `PaperSigner` over a P-256 key in a token. `pin` is a file for the owner's eyes only; its line is read at each opening.

    `certificates` holds the certificate (PEM) followed by its issuers'; `key` names the key where a token has several.
    """

    def __init__(self, module: str, label: str, pin: Path, certificates: Path, *, key: str = "") -> None:
        own, *more = x509.load_pem_x509_certificates(certificates.read_bytes())
        self._own = own
        self.certificate = own.public_bytes(Encoding.DER)
        self.issuers: Sequence[bytes] = tuple(one.public_bytes(Encoding.DER) for one in more)
        self._module, self._label, self._pin, self._key = module, label, pin, key
        self._token: TokenSigner | None = None
        self._guard = threading.Lock()

    def __repr__(self) -> str:
        return f"TokenSeal({self._module!r}, {self._label!r})"

    @property
    def holder(self) -> str:
        """See `PaperSigner`."""
        return holder_of(self._own)

    def sign(self, message: bytes) -> bytes:
        """See `PaperSigner`."""
        with self._guard:
            try:
                if self._token is None:
                    self._token = self._opened()
                raw = self._token.sign(message)
            except Refused as refused:
                self._forget()
                raise SealUnavailable(f"{refused.code} {refused.facts.get('problem', '')}".strip()) from None
        half = len(raw) // 2
        return encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))

    def close(self) -> None:
        """Log out of the token; the next seal logs in again."""
        with self._guard:
            self._forget()

    def _forget(self) -> None:
        if self._token is not None:
            self._token.close()  # a login left open would refuse the next one
            self._token = None

    def _opened(self) -> TokenSigner:
        try:
            from mingzheng.adapters.agent.pkcs11_signer import open_token
        except ModuleNotFoundError:
            raise SealUnavailable("python-pkcs11 is not here: pip install 'mingzheng[hardware]'") from None
        try:
            pin = self._pin.read_text("utf-8").strip("\r\n")
        except OSError as fault:
            raise SealUnavailable(f"the PIN cannot be read: {self._pin}: {type(fault).__name__}") from None
        pem = self._own.public_bytes(Encoding.PEM).decode()
        return open_token(self._module, self._label, pin, certificate=pem, key=self._key)

"""Suite GM-1: SM2 signatures and key wrapping, SM3, HKDF-Expand with HMAC-SM3, SM4-GCM.

A signature is DER {r, s} in its one encoding under the standard identity. A wrap is SM2 encryption (DER, C1C3C2) of
SM3(context) || secret: SM2 encryption has no additional data, and C3 protects the digest with the secret. SM4 keys are
16 bytes: of a derived key of 32 the first half is used, so derivations are alike in both suites.
"""

import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from mingzheng.adapters.crypto import known_answers_gm1
from mingzheng.adapters.crypto.refusals import WRONG_KEY
from mingzheng.adapters.crypto.suite import Hasher
from mingzheng.kernel import digest, sm2

TAG = 16  # bytes
SM4_KEY = 16  # bytes


class Gm1:
    """The national suite. Stateless; keys go in and out as DER. Raises `sm2.Missing` where the machine has no SM2."""

    id = "GM-1"
    digest_name = "sm3"
    signature_name = "sm2-sm3"

    def digest(self, content: bytes) -> bytes:
        return digest.raw(content, "sm3")

    def hasher(self) -> Hasher:
        return digest.hasher("sm3")

    def new_private_key(self) -> bytes:
        return sm2.generate()

    def public_key(self, private: bytes) -> bytes:
        return sm2.public_key(private)

    def sign(self, private: bytes, message: bytes) -> bytes:
        return sm2.sign(private, message)

    def verify(self, public: bytes, signature: bytes, message: bytes) -> bool:
        return sm2.verify(public, signature, message)

    def wrap(self, public: bytes, secret: bytes, context: bytes) -> bytes:
        return sm2.encrypt(public, self.digest(context) + secret)

    def unwrap(self, private: bytes, wrapped: bytes, context: bytes) -> bytes:
        try:
            plain = sm2.decrypt(private, wrapped)
        except sm2.Failed:
            raise WRONG_KEY() from None
        bound, secret = plain[: digest.SIZE], plain[digest.SIZE :]
        if not hmac.compare_digest(bound, self.digest(context)):
            raise WRONG_KEY()
        return secret

    def derive(self, key: bytes, label: bytes) -> bytes:
        return HKDFExpand(algorithm=hashes.SM3(), length=32, info=label).derive(key)

    def seal(self, key: bytes, nonce: bytes, plain: bytes, aad: bytes) -> bytes:
        running = Cipher(algorithms.SM4(key[:SM4_KEY]), modes.GCM(nonce)).encryptor()
        running.authenticate_additional_data(aad)
        return b"".join((running.update(plain), running.finalize(), running.tag))

    def seal_into(self, key: bytes, nonce: bytes, plain: memoryview, aad: bytes, out: memoryview) -> int:
        running = Cipher(algorithms.SM4(key[:SM4_KEY]), modes.GCM(nonce)).encryptor()
        running.authenticate_additional_data(aad)
        length = running.update_into(plain, out)
        running.finalize()
        out[length : length + TAG] = running.tag
        return length + TAG

    def open(self, key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes | None:
        if len(sealed) < TAG:
            return None
        running = Cipher(algorithms.SM4(key[:SM4_KEY]), modes.GCM(nonce)).decryptor()
        running.authenticate_additional_data(aad)
        plain = running.update(memoryview(sealed)[:-TAG])
        try:
            running.finalize_with_tag(sealed[-TAG:])
        except InvalidTag:
            return None
        return plain

    def self_test(self) -> None:
        known_answers_gm1.check(self)

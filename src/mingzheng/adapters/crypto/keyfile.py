"""The key file of a person (.mzkey, docs/formats/key-file.md): an encrypted private key and its certificate, as PEM.

The first block is a PKCS#8 EncryptedPrivateKeyInfo (PBES2: PBKDF2 with HMAC-SHA256, AES-256-CBC), which OpenSSL,
this program and a browser's WebCrypto all open. The password never leaves the device of its owner.
"""

import base64
import os
import re
from dataclasses import dataclass, field
from hashlib import pbkdf2_hmac

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import padding, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from mingzheng.adapters.crypto.certificates import fingerprint, public_key_of, suite_of_key
from mingzheng.adapters.crypto.intl1 import private_der, public_der
from mingzheng.adapters.crypto.refusals import KEY_MISMATCH, KEY_PASSWORD, KEY_PASSWORD_SHORT, KEY_UNREADABLE
from mingzheng.adapters.crypto.secret import Secret

LEAST_PASSWORD = 8
ROUNDS = 600_000
LARGEST = 65_536
_PBES2 = bytes.fromhex("06092a864886f70d01050d")
_PBKDF2 = bytes.fromhex("06092a864886f70d01050c")
_HMAC_SHA256 = bytes.fromhex("300c06082a864886f70d02090500")
_AES256_CBC = bytes.fromhex("060960864801650304012a")


@dataclass(frozen=True, slots=True)
class PersonKey:
    """An opened key file: it signs and unwraps. The private half is never shown."""

    private: Secret = field(repr=False)
    certificate: str = field(repr=False)

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.certificate)

    @property
    def public_key(self) -> bytes:
        return public_key_of(self.certificate)

    def sign(self, message: bytes) -> bytes:
        """The raw signature over `message` in the key's own suite."""
        key = self.private.reveal()
        return suite_of_key(key).sign(key, message)

    def unwrap(self, wrapped: bytes, context: bytes) -> Secret:
        """A secret wrapped for this key. Refused `seal.wrong-key`."""
        key = self.private.reveal()
        return Secret(suite_of_key(key).unwrap(key, wrapped, context))


def write_key_file(private: Secret, certificate: str | None, password: str, *, rounds: int = ROUNDS) -> str:
    """The text of a key file. Refused `key.password-too-short` below 8 characters."""
    if len(password) < LEAST_PASSWORD:
        raise KEY_PASSWORD_SHORT(least=LEAST_PASSWORD)
    salt, nonce = os.urandom(16), os.urandom(16)
    padder = padding.PKCS7(128).padder()
    plain = padder.update(private.reveal()) + padder.finalize()
    key = pbkdf2_hmac("sha256", password.encode(), salt, rounds, 32)
    encryptor = Cipher(algorithms.AES(key), modes.CBC(nonce)).encryptor()
    sealed = encryptor.update(plain) + encryptor.finalize()
    kdf = _der(0x30, _PBKDF2, _der(0x30, _der(0x04, salt), _integer(rounds), _HMAC_SHA256))
    scheme = _der(0x30, _PBES2, _der(0x30, kdf, _der(0x30, _AES256_CBC, _der(0x04, nonce))))
    text = base64.encodebytes(_der(0x30, scheme, _der(0x04, sealed))).decode().replace("\n", "")
    lines = "\n".join(text[start : start + 64] for start in range(0, len(text), 64))
    block = f"-----BEGIN ENCRYPTED PRIVATE KEY-----\n{lines}\n-----END ENCRYPTED PRIVATE KEY-----\n"
    return block + (certificate or "")


def open_key_file(text: str, password: str) -> PersonKey:
    """The key and certificate in a key file. Refused `key.unreadable`, `key.wrong-password`, `key.certificate-mismatch`."""
    key_block, certificate = blocks(text)
    if certificate is None:
        raise KEY_UNREADABLE(problem="缺少证书")
    private = decrypt_key(key_block, password)
    key = serialization.load_der_private_key(private.reveal(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise KEY_UNREADABLE(problem="私钥种类不受支持")
    if public_der(key.public_key()) != public_key_of(certificate):
        raise KEY_MISMATCH()
    return PersonKey(private, certificate)


def decrypt_key(block: str, password: str) -> Secret:
    """The private key (PKCS#8 DER) of an encrypted PEM block. Refused `key.wrong-password`, `key.unreadable`."""
    try:
        content = base64.b64decode("".join(block.splitlines()[1:-1]), validate=True)
    except ValueError:
        raise KEY_UNREADABLE(problem="私钥部分损坏") from None
    if content[:1] != b"\x30" or _outer_length(content) != len(content):
        raise KEY_UNREADABLE(problem="私钥部分不完整")
    try:
        key = serialization.load_der_private_key(content, password=password.encode() or b"\0")
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KEY_PASSWORD() from None  # a wrong password can look like any damage inside
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise KEY_UNREADABLE(problem="私钥种类不受支持")
    return Secret(private_der(key))


def blocks(text: str) -> tuple[str, str | None]:
    """(encrypted key PEM, certificate PEM or None) of a key file. Refused `key.unreadable`."""
    if len(text) > LARGEST:
        raise KEY_UNREADABLE(problem="文件太大")
    found = {
        label: f"-----BEGIN {label}-----{content}-----END {label}-----\n"
        for label, content in re.findall(r"-----BEGIN ([A-Z ]+)-----([^-]*)-----END \1-----", text)
    }
    if "ENCRYPTED PRIVATE KEY" not in found:
        raise KEY_UNREADABLE(problem="缺少加密的私钥")
    return found["ENCRYPTED PRIVATE KEY"], found.get("CERTIFICATE")


def _outer_length(content: bytes) -> int:
    """How long the outermost DER element says it is, header included."""
    if len(content) < 2 or content[1] < 0x80:
        return 2 + content[1] if len(content) > 1 else 0
    width = content[1] & 0x7F
    return 2 + width + int.from_bytes(content[2 : 2 + width], "big")


def _der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


def _integer(number: int) -> bytes:
    return _der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))

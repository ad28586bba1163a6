"""The key file of a person (.mzkey, docs/formats/key-file.md): an encrypted private key and its certificate, as PEM.

The first block is a PKCS#8 EncryptedPrivateKeyInfo (PBES2: PBKDF2 with HMAC-SHA256, AES-256-CBC), which OpenSSL,
this program and a browser's WebCrypto all open; inside is a P-256 or an SM2 key. The password never leaves the device of its owner.
"""

import base64
import os
import re
from dataclasses import dataclass, field
from hashlib import pbkdf2_hmac

from asn1crypto import keys
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import padding, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from mingzheng.adapters.crypto.certificates import fingerprint, public_key_of
from mingzheng.adapters.crypto.intl1 import private_der
from mingzheng.adapters.crypto.refusals import KEY_MISMATCH, KEY_PASSWORD, KEY_PASSWORD_SHORT, KEY_UNREADABLE
from mingzheng.adapters.crypto.secret import Secret
from mingzheng.adapters.crypto.suite import suite_of_key
from mingzheng.kernel import sm2

LEAST_PASSWORD = 8
ROUNDS = 600_000
MOST_ROUNDS = 10_000_000
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

    @property
    def suite(self) -> str:
        """The suite the key belongs to."""
        return suite_of_key(self.private.reveal()).id

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
    check_pair(private, certificate)
    return PersonKey(private, certificate)


def check_pair(private: Secret, certificate: str) -> None:
    """Refused `key.certificate-mismatch` unless the private key is that of the certificate."""
    key = private.reveal()
    if suite_of_key(key).public_key(key) != public_key_of(certificate):
        raise KEY_MISMATCH()


def decrypt_key(block: str, password: str) -> Secret:
    """The private key (PKCS#8 DER) of an encrypted PEM block. Refused `key.wrong-password`, `key.unreadable`."""
    try:
        content = base64.b64decode("".join(block.splitlines()[1:-1]), validate=True)
    except ValueError:
        raise KEY_UNREADABLE(problem="私钥部分损坏") from None
    if content[:1] != b"\x30" or _outer_length(content) != len(content):
        raise KEY_UNREADABLE(problem="私钥部分不完整")
    plain = _decrypted(content, password)
    if plain is not None and sm2.CURVE in plain[:64]:
        return _sm2_key(plain)
    return _p256_key(content, password) if plain is None else _p256_key(plain, None)


def _p256_key(content: bytes, password: str | None) -> Secret:
    secret = None if password is None else password.encode() or b"\0"
    try:
        key = serialization.load_der_private_key(content, password=secret)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KEY_PASSWORD() from None  # a wrong password can look like any damage inside
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise KEY_UNREADABLE(problem="私钥种类不受支持")
    return Secret(private_der(key))


def _sm2_key(plain: bytes) -> Secret:
    suite_of_key(plain)  # refused here where the machine has no SM2
    try:
        return Secret(sm2.normal(plain))
    except sm2.Failed:
        raise KEY_PASSWORD() from None


def _decrypted(content: bytes, password: str) -> bytes | None:
    """What is inside an EncryptedPrivateKeyInfo of this format, or None when it is encrypted in another way.

    `cryptography` decrypts and parses in one step, and cannot parse SM2. Refused `key.wrong-password`.
    """
    try:
        info = keys.EncryptedPrivateKeyInfo.load(content, strict=True)
        scheme = info["encryption_algorithm"]["parameters"]
        kdf, cipher = scheme["key_derivation_func"], scheme["encryption_scheme"]
        found = kdf["parameters"]
        salt, rounds, prf = found["salt"].native, found["iteration_count"].native, found["prf"]["algorithm"].native
        nonce, sealed = cipher["parameters"].native, info["encrypted_data"].native
        if (kdf["algorithm"].native, prf, cipher["algorithm"].native) != ("pbkdf2", "sha256", "aes256_cbc"):
            return None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    if not (1 <= rounds <= MOST_ROUNDS and len(nonce) == 16 and sealed and not len(sealed) % 16):
        raise KEY_UNREADABLE(problem="私钥部分不完整")
    key = pbkdf2_hmac("sha256", password.encode(), salt, rounds, 32)
    opener = Cipher(algorithms.AES(key), modes.CBC(nonce)).decryptor()
    unpadder = padding.PKCS7(128).unpadder()
    try:
        return unpadder.update(opener.update(sealed) + opener.finalize()) + unpadder.finalize()
    except ValueError:
        raise KEY_PASSWORD() from None


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

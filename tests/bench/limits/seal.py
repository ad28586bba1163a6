"""The limits of sealing: a plain write with fsync, the library's own encryption of the same bytes, and bare hashes."""

import os
import time
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CHUNK = 4 * 1024 * 1024


def write_and_fsync(folder: Path, size: int) -> float:
    """Bytes a second of writing `size` bytes and having them on the disk."""
    block, place = os.urandom(CHUNK), folder / "limit.bin"
    began = time.perf_counter()
    with place.open("wb") as out:
        for start in range(0, size, CHUNK):
            out.write(block[: size - start])
        out.flush()
        os.fsync(out.fileno())
    seconds = time.perf_counter() - began
    place.unlink()
    return size / seconds


def aes_gcm(size: int) -> float:
    """Bytes a second of AES-256-GCM in chunks of 4 MiB, nothing read or written."""
    block, key = os.urandom(CHUNK), os.urandom(32)
    began = time.perf_counter()
    for number in range(max(1, size // CHUNK)):
        AESGCM(key).encrypt(number.to_bytes(12, "big"), block, b"")
    return max(1, size // CHUNK) * CHUNK / (time.perf_counter() - began)


def sm4_gcm(size: int) -> float:
    """Bytes a second of SM4-GCM in chunks of 4 MiB, nothing read or written."""
    block, key = os.urandom(CHUNK), os.urandom(16)
    began = time.perf_counter()
    for number in range(max(1, size // CHUNK)):
        sealing = Cipher(algorithms.SM4(key), modes.GCM(number.to_bytes(12, "big"))).encryptor()
        sealing.update(block)
        sealing.finalize()
    return max(1, size // CHUNK) * CHUNK / (time.perf_counter() - began)

"""Statutory media: those in `$MINGZHENG_STATE/media.json`, or two local ones where nothing real may be told."""

import json
from pathlib import Path
from typing import cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from django.conf import settings

from mingzheng.adapters.media.direct import DirectMedium
from mingzheng.adapters.media.local import FolderMedium
from mingzheng.adapters.media.port import StatutoryMedium
from mingzheng.adapters.wire import SignedClient
from mingzheng.kernel import ports

LOCAL = ("全国招标公告发布媒介（演示）", "云州省招标公告发布媒介（演示）")


def wire() -> None:
    """The port `media` is a dictionary of media by name.

    `media.json`: [{"name", "url", "identity", "key", "peer"}], key and peer being PEM files (docs/formats/media.md).
    """
    state = Path(settings.MINGZHENG_STATE)
    configured = state / "media.json"
    media: list[StatutoryMedium] = []
    if configured.is_file():
        media = [_direct(entry) for entry in json.loads(configured.read_text("utf-8"))]
    elif settings.SIMULATED:
        media = [FolderMedium.of_state(name, state) for name in LOCAL]
    ports.use("media", {one.name: one for one in media})


def _direct(entry: dict[str, str]) -> DirectMedium:
    key = cast(Ed25519PrivateKey, load_pem_private_key(Path(entry["key"]).read_bytes(), password=None))
    peer = cast(Ed25519PublicKey, load_pem_public_key(Path(entry["peer"]).read_bytes()))
    return DirectMedium(entry["name"], SignedClient(entry["url"], identity=entry["identity"], key=key, peer=peer))

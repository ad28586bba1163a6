"""Where objects and uploads lie: files of the deployment by default."""

from pathlib import Path

from django.conf import settings

from mingzheng.adapters.storage.files import FileStore
from mingzheng.kernel import ports


def wire() -> None:
    ports.use("store", FileStore(Path(settings.MINGZHENG_STATE) / "objects"))

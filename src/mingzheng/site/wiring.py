"""Which adapter stands behind which port. The only place that knows adapters by name."""

from importlib.util import find_spec


def wire() -> None:
    """Wire every port for this deployment's settings."""
    for name in ("certificates", "receipts", "documents", "bank", "messages", "media", "store", "scanner", "sealing"):
        part = f"mingzheng.site.ports.{name}"
        if find_spec(part) is not None:
            __import__(part, fromlist=["wire"]).wire()

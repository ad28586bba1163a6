"""Which adapter stands behind which port. The only place that knows adapters by name."""

from importlib.util import find_spec

from mingzheng.site import suite


def wire() -> None:
    """Take the deployment's suite, then wire every port for its settings."""
    suite.begin()
    for name in (
        "certificates",
        "receipts",
        "documents",
        "bank",
        "messages",
        "media",
        "store",
        "scanner",
        "sealing",
        "live",
    ):
        part = f"mingzheng.site.ports.{name}"
        if find_spec(part) is not None:
            __import__(part, fromlist=["wire"]).wire()

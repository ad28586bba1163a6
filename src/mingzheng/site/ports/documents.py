"""The typesetter of official papers."""

from mingzheng.adapters.documents import Typesetter
from mingzheng.kernel import ports


def wire() -> None:
    ports.use("documents", Typesetter())

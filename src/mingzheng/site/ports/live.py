"""The port `live`: how many live pages are open in this process, for the pages of administrators."""

from mingzheng.kernel import ports
from mingzheng.site.live.connections import connections


def wire() -> None:
    ports.use("live", connections)

"""Named places at which a test of faults may end or hold the process. Nothing happens there unless one armed them.

`site.launch.faults` arms them in the modes test and rehearsal, never in production and never in a demo.
"""

from collections.abc import Callable

#: Where a command may be struck, in the order it passes them.
OF_A_COMMAND = ("before-slot", "after-function", "before-append", "before-commit", "after-commit")

Strike = Callable[[str, str], None]
_strike: Strike | None = None


def use(strike: Strike | None) -> None:
    """Ask `strike(point, what)` at every point; None takes it away again."""
    global _strike
    _strike = strike


def reach(point: str, what: str = "") -> None:
    """The program passes `point` while it does `what` (an act's name, a stream, a reader)."""
    if _strike is not None:
        _strike(point, what)

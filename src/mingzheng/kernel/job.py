"""Timers. A job looks for what is due by the deployment's clock and calls a command as SYSTEM.

Being late may delay, never falsify: the commands' rules compare `at` with the due time themselves.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    """A function the worker calls about every `seconds` of real time; a slow one keeps no timer waiting."""

    name: str
    run: Callable[[], int]
    seconds: float
    slow: bool = False


JOBS: dict[str, Job] = {}


def job(*, seconds: float = 1.0, slow: bool = False) -> Callable[[Callable[[], int]], Callable[[], int]]:
    """Register a timer function; it returns how many things it did (0: nothing was due)."""

    def decorate(function: Callable[[], int]) -> Callable[[], int]:
        name = f"{function.__module__.removeprefix('mingzheng.')}.{function.__name__}"
        JOBS[name] = Job(name, function, seconds, slow)
        return function

    return decorate

"""Where every process is born again quickly: a process that has loaded everything and forks on order.

`python -m tests.faults.nursery` reads lines "LOGFILE ARGUMENT..." and answers each with the process number of a fresh
child that runs `mingzheng ARGUMENT...`. The nursery itself never opens the database, a thread or a typesetter.
"""

import gc
import os
import signal
import sys

from mingzheng.site.launch.processes import PARENT, hold_on_to_parent


def bear(words: list[str]) -> int:
    """A child in a session of its own with a log of its own."""
    child = os.fork()
    if child:
        return child
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    log = os.open(words[0], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    from mingzheng.__main__ import main

    try:
        status = main(words[1:])
    finally:
        sys.stderr.flush()
    os._exit(status)


def load() -> None:
    """What web, worker and cosigners load when they start, and what the first pages need."""
    import uvicorn  # noqa: F401 - so that children have it
    from django.template import engines
    from django.urls import get_resolver
    from django.utils import translation

    import mingzheng.ledger.cosigner
    import mingzheng.site.asgi
    import mingzheng.site.launch.worker
    import mingzheng.site.work  # noqa: F401

    get_resolver()._populate()
    for language in ("zh-hans", "en"):
        with translation.override(language):
            translation.gettext("")
    engines.all()
    gc.collect()
    gc.freeze()  # children share these pages; none looks through them for garbage


if __name__ == "__main__":
    hold_on_to_parent()
    os.environ[PARENT] = str(os.getpid())
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    load()
    print("ready", flush=True)
    for line in sys.stdin:
        print(bear(line.split()), flush=True)

"""The web process: pages, acts and live updates, by uvicorn."""

from __future__ import annotations

import argparse
import asyncio
import os
import socket

from mingzheng.site.launch.deployment import HOST, listen
from mingzheng.site.launch.django_start import set_up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `mingzheng serve`."""
    port = os.environ.get("PORT", "")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--port", type=int, default=int(port) if port.isdigit() else None, help=f"port of {HOST}")
    where.add_argument("--fd", type=int, help="a listening socket inherited from the process that starts this one")


def run(args: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT."""
    set_up()
    import uvicorn

    listener = socket.socket(fileno=args.fd) if args.fd is not None else listen(args.port)
    config = uvicorn.Config(
        "mingzheng.site.asgi:application",
        lifespan="off",
        ws="none",
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=2,
        timeout_keep_alive=30,
    )
    if args.fd is None:
        print(f"http://{HOST}:{listener.getsockname()[1]}/", flush=True)
    asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))
    return 0

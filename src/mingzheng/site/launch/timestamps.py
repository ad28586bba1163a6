"""The deployment's own time-stamp authority over HTTP (RFC 3161), for programs on other machines."""

from __future__ import annotations

import argparse

from mingzheng.site.launch.django_start import set_up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `mingzheng timestamps`."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=3161, help="port to listen on")


def run(args: argparse.Namespace) -> int:
    """Serve until the process ends."""
    set_up()
    from mingzheng.adapters.timestamps.serving import server
    from mingzheng.kernel import ports

    door = server(ports.get("paper_seals").timestamps(), args.host, args.port)
    print(f"time-stamps at http://{args.host}:{door.server_address[1]}/", flush=True)
    try:
        door.serve_forever()
    finally:
        door.server_close()
    return 0

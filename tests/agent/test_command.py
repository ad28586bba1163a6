"""`mingzheng agent` in a process of its own: the PIN comes from a file or descriptor, the answer from a terminal."""

from __future__ import annotations

import importlib.util
import os
import pty
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from agent_page import ORIGIN, Clerk, Page
from soft_token import PIN, SoftTokens

from mingzheng.adapters.agent.words import _WORDS
from mingzheng.adapters.crypto.acts import login_text, verify_text

LOGIN = login_text("c1f0", ORIGIN)


def _listens_to_ctrl_c() -> None:
    """Whoever runs tests in the background of a shell has children that ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def started(
    tokens: SoftTokens, token: str, *more: str, **given: Any
) -> Iterator[tuple[subprocess.Popen[str], Page, list[str]]]:
    """A running agent on a free port, a page of its origin with the code in hand, and what it printed so far."""
    order = [
        sys.executable,
        "-m",
        "mingzheng",
        "agent",
        "--module",
        tokens.module,
        "--token",
        token,
        "--origin",
        ORIGIN,
    ]
    process = subprocess.Popen(
        [*order, "--port", "0", *more], stdout=subprocess.PIPE, text=True, preexec_fn=_listens_to_ctrl_c,
        **{"stdin": subprocess.DEVNULL, **given},
    )  # fmt: skip
    said: list[str] = []
    port, clerk = 0, Clerk()
    try:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line.rstrip("\n"))
            if found := re.search(r"pairing code: ([0-9A-Z]{4}-[0-9A-Z]{4})", line):
                clerk.codes.append(found[1])
            if found := re.match(r"http://127\.0\.0\.1:(\d+)", line):
                port = int(found[1])
                break
        assert port, (said, process.poll())
        yield process, Page(port, clerk), said
    finally:
        process.kill()
        process.wait(20)
        if process.stdout:
            process.stdout.close()


@pytest.fixture
def pin_file(tmp_path: Path) -> str:
    file = tmp_path / "pin"
    file.write_text(f"{PIN}\n", "utf-8")
    return str(file)


def test_it_says_whose_key_it_holds_answers_and_ends_with_ctrl_c(tokens: SoftTokens, token: str, pin_file: str) -> None:
    with started(tokens, token, "--pin-file", pin_file, "--yes") as (process, page, said):
        page.pair()
        status, answer = page.sign(LOGIN)
        assert status == 200
        verify_text(LOGIN, answer["signature"], page.ask("GET", "/identity")[1]["certificate"])
        assert f"硬件钥匙 / token: {token}, 张三 甲公司, INTL-1" in said
        assert f"只应答 / answers only: {ORIGIN}" in said
        assert PIN not in "\n".join(said)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


def test_where_nobody_can_answer_nothing_is_signed(tokens: SoftTokens, token: str, pin_file: str) -> None:
    with started(tokens, token, "--pin-file", pin_file) as (_, page, _said):
        page.pair()
        assert page.sign(LOGIN) == (403, {"refused": "agent.declined"})


def test_only_a_yes_typed_after_the_question_counts(tokens: SoftTokens, token: str) -> None:
    given, pin = os.pipe()
    os.write(pin, f"{PIN}\n".encode())
    os.close(pin)
    person, terminal = pty.openpty()
    try:
        with started(tokens, token, "--pin-fd", str(given), stdin=terminal, pass_fds=(given,)) as (
            process,
            page,
            _said,
        ):
            page.pair()
            assert process.stdout is not None
            answers = []
            for typed in (b"n\n", b"y\n"):
                answers.append(_answered(process, page, person, typed))
            assert answers == [403, 200]
    finally:
        for one in (given, person, terminal):
            os.close(one)


def _answered(process: subprocess.Popen[str], page: Page, person: int, typed: bytes) -> int:
    """Ask for a signature, wait for the question, answer it."""
    os.write(person, b"y\n")  # typed before: forgotten
    answer: list[int] = []
    asking = threading.Thread(target=lambda: answer.append(page.sign(LOGIN)[0]))
    asking.start()
    assert process.stdout is not None
    heard = ""
    while "[y/N]" not in heard:
        heard += process.stdout.read(1)
    os.write(person, typed)
    asking.join(20)
    return answer[0]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (["--origin", "http://centre.example"], "agent.unsuitable-origin"),
        (["--token", "别人的"], "agent.token-absent"),
        (["--key", "没有"], "agent.no-key"),
    ],
)
def test_a_start_that_cannot_work_says_why(
    tokens: SoftTokens, token: str, pin_file: str, more: list[str], code: str
) -> None:
    order = ["--module", tokens.module, "--token", token, "--origin", ORIGIN, "--pin-file", pin_file, *more]
    done = subprocess.run(
        [sys.executable, "-m", "mingzheng", "agent", *order], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"{code}: ")


def test_no_binding_act_of_bidders_or_experts_lacks_plain_words() -> None:
    from mingzheng.ledger.writing import COMMANDS

    theirs = {name for name, one in COMMANDS.items() if one.binds and one.by & {"bidder", "expert"}}
    assert theirs
    assert theirs <= set(_WORDS)
    assert set(_WORDS) <= set(COMMANDS)


def test_without_the_package_for_pkcs11_it_says_what_brings_it() -> None:
    code = "import sys; sys.modules['pkcs11'] = None; from mingzheng.__main__ import main; sys.exit(main(['agent']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "pip install 'mingzheng[hardware]'" in done.stderr


def test_the_key_to_hardware_is_an_extra_nobody_else_needs() -> None:
    """Platform, verifier and key files run without the package for PKCS#11: only the agent imports it."""
    assert importlib.util.find_spec("pkcs11")
    code = "import sys, mingzheng.adapters.crypto.key_command, mingzheng.__main__; sys.exit('pkcs11' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0

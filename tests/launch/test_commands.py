"""`mingzheng COMMAND`: found lazily, answered clearly."""

import subprocess
import sys

import pytest

from mingzheng import __main__ as program


def test_an_unknown_command_names_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["brew"]) == 2
    told = capsys.readouterr().err
    assert "no command 'brew'" in told
    assert "verify" in told


def test_a_command_of_a_later_version_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(program.COMMANDS, "auction", program.Entry("mingzheng.site.auction.command", "later"))
    assert program.main(["auction"]) == 2
    assert "not part of this version" in capsys.readouterr().err


def test_a_missing_package_is_named_with_what_brings_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    def absent(name: str) -> object:
        raise ModuleNotFoundError("No module named 'uvicorn'", name="uvicorn")

    monkeypatch.setattr(program.importlib, "import_module", absent)
    assert program.main(["serve"]) == 2
    assert "'uvicorn'" in capsys.readouterr().err


def test_listing_the_commands_loads_neither_django_nor_a_database_driver() -> None:
    listing = "import sys; from mingzheng.__main__ import main; main(['help']); print({'django', 'psycopg'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("set()\n")

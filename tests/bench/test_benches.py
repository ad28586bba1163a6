"""The benches work at reduced size: every measure has a figure, none fails; how fast is for `mingzheng bench` to say."""

import json
from argparse import Namespace
from pathlib import Path

import pytest

from mingzheng.ledger import reading, sequencing, verify
from mingzheng.site.bench import command, measuring, proofs, seal
from mingzheng.site.bench.ledger_grown import STREAMS, Ledger
from mingzheng.site.bench.measuring import Measure, MeasureFailed, by_turns


def test_a_ratio_is_the_median_of_rounds_and_a_failed_round_is_counted() -> None:
    ours, limit = iter([9, 9, 4.0, 6.0, 5.0]), iter([1, 2.0, 2.0, 2.0, 1])
    found = by_turns("b", "m", lambda: next(ours), lambda: next(limit), target=2.0, unit="u", rounds=3)
    assert (found.ratio, found.runs, found.failures, found.met) == (3.0, 3, 0, True)

    def fails() -> float:
        raise MeasureFailed("no")

    broken = by_turns("b", "m", fails, lambda: 1.0, target=0.0, unit="u", rounds=3)
    assert broken.failures > 0
    assert not broken.met


def test_what_must_be_small_meets_its_target_from_below() -> None:
    assert Measure("b", "m", 60, 64, 0.94, 1.0, "MiB", 1, least=False).met
    assert not Measure("b", "m", 70, 64, 1.09, 1.0, "MiB", 1, least=False).met


def test_proofs_are_made_and_checked_at_three_sizes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text(f"# Figures\n{command.BEGIN}\nold\n{command.END}\nafter\n")
    args = Namespace(names=["proofs"], rounds=1, small=True, entries=0, record=tmp_path / "lines", table=page)
    assert command.run(args) in (0, 1)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["failures"] for line in lines] == [0] * (len(proofs.SMALL) + 1)
    assert all(line["ours"] > 0 for line in lines[:-1])
    assert "old" not in page.read_text()
    assert page.read_text().count("| proofs: ") == len(lines)
    assert page.read_text().endswith("after\n")


def test_an_unknown_bench_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    args = Namespace(names=["speed"], rounds=1, small=True, entries=0, record=None, table=None)
    assert command.run(args) == 2
    assert "speed" in capsys.readouterr().err


def test_what_the_seal_bench_s_client_sealed_its_client_and_its_server_open(tmp_path: Path) -> None:
    (tmp_path / "bid.pdf").write_bytes(bytes(range(256)) * 4_000)
    for what, program in (("seal", seal.CLIENT), ("open", seal.CLIENT), ("server", seal.SERVER)):
        seconds, peak = seal._child(what, "INTL-1", tmp_path, 256 * 4_000, program)
        assert seconds > 0
        assert peak > 10 * seal.MEBIBYTE


@pytest.mark.parametrize("name", ["ledger", "proofs", "seal", "pages"])
def test_every_limit_is_a_file_of_its_own(name: str) -> None:
    assert measuring.limit_module(name).__doc__


@pytest.mark.django_db
def test_a_generated_ledger_is_a_true_one(tmp_path: Path) -> None:
    ledger = Ledger()
    ledger.fill(STREAMS + 20)
    assert all(rate > 0 for rate in ledger.work(20).values())
    sequencing.step(tick=True)
    reading.export_ledger(tmp_path / "whole")
    said = verify.verify(str(tmp_path / "whole"))
    assert (said.findings, said.entries, said.size) == ([], STREAMS + 40, STREAMS + 41)

"""The experts' draw: the seed is committed to with the notice, used in order, and computed again from the archive."""

import json
import re
import subprocess
import sys
from pathlib import Path

from tests import journey
from tests.played import played

from mingzheng.kernel import drawing
from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.reading import stream_entries
from mingzheng.stages.archiving import changes as archiving
from mingzheng.stages.procedures import models

kept_contracted, contracted = played("contracted")
kept_opened, opened = played("opened")
DOCUMENT = Path(__file__).parents[5] / "docs/formats/draw.md"


def _lot(world, kind):
    return [one for one in stream_entries(f"lot:{world.lot}") if one.kind == kind]


def _committee(world, kind):
    return [one.event for one in stream_entries(stored_stream(f"committee:{world.lot}")) if one.kind == kind]


def test_the_seeds_digest_is_public_with_the_notice_before_any_bidder_is_known(lot_at):
    world = lot_at("announced")
    (told,) = _lot(world, "procedures.draw-seed-committed")
    (notice,) = _lot(world, "tendering.notice-published")
    assert told.at == notice.at
    assert (told.event.purpose, told.event.number) == ("experts", 1)
    row = models.DrawSeed.objects.get(lot=world.lot)
    assert drawing.commitment(bytes.fromhex(row.seed)) == told.event.commitment
    assert row.seed not in "".join(one.text for one in stream_entries(f"lot:{world.lot}"))


def test_each_draw_uses_the_seed_committed_to_before_it_and_commits_to_the_next(opened):
    world = opened
    (first,) = _lot(world, "procedures.draw-seed-committed")
    world.cast.agency.do("evaluation.form_committee", lot=world.lot)
    journey.members(world)[2].do("evaluation.declare", lot=world.lot, recuse=True, reason="曾在投标人处任职")
    world.clock.forward(minutes=1)
    world.cast.agency.do("evaluation.replace_member", lot=world.lot, seat=3, cause="recusal", reason="回避")
    told = _lot(world, "procedures.draw-seed-committed")
    assert [one.event.number for one in told] == [1, 2, 3]
    (formed,) = _committee(world, "evaluation.committee-formed")
    (seat,) = _committee(world, "evaluation.seat-drawn")
    for draw, committed in ((formed.draw, first), (seat.draw, told[1])):
        assert all(drawing.verify(one, committed=committed.event.commitment) for one in draw["draws"])
        assert not any(drawing.verify(one, committed=told[2].event.commitment) for one in draw["draws"])
    assert seat.draw["draws"][0]["choice"] == str(journey.members(world)[2].person)
    assert formed.draw["draws"][0]["seed"] != seat.draw["draws"][0]["seed"]


def test_the_seed_and_who_was_drawn_stay_out_of_every_public_entry_until_the_committees_stream_is_opened(opened):
    world = opened
    world.cast.agency.do("evaluation.form_committee", lot=world.lot)
    (formed,) = _committee(world, "evaluation.committee-formed")
    public = "".join(one.text for one in stream_entries(f"lot:{world.lot}"))
    assert formed.draw["draws"][0]["seed"] not in public
    assert not [one for one in formed.members if one["person"] in public]


def test_a_lot_announced_before_seeds_were_committed_to_is_drawn_and_says_that_the_commitment_came_late(opened):
    world = opened
    models.DrawSeed.objects.filter(lot=world.lot).delete()
    world.cast.agency.do("evaluation.form_committee", lot=world.lot)
    late = _lot(world, "procedures.draw-seed-committed")[1]
    (formed,) = _committee(world, "evaluation.committee-formed")
    assert drawing.verify(formed.draw["draws"][0], committed=late.event.commitment)
    assert formed.draw["draws"][0]["contributions"][0]["text"] != late.digest


def _program(folder, tmp_path):
    program = re.search(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.S)
    (tmp_path / "draws.py").write_text(program[1], encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-I", tmp_path / "draws.py", folder], capture_output=True, text=True, check=False
    )


def test_whoever_has_the_archive_draws_the_experts_again_with_the_program_printed_in_the_format(contracted, tmp_path):
    world = contracted
    journey.archive(world)
    folder = archiving.folder_of(world.lot)
    told = _program(folder, tmp_path)
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.count("drawn again committed before") == 5

    stream = next((folder / "ledger/streams").glob("lot-*.jsonl"))
    forged = stream.read_text(encoding="utf-8")
    (committed,) = (
        json.loads(line["text"])["body"]["commitment"]
        for line in map(json.loads, forged.splitlines())
        if json.loads(line["text"])["kind"] == "procedures.draw-seed-committed" and json.loads(line["text"])["body"]["number"] == 1
    )  # fmt: skip
    stream.write_text(forged.replace(committed, committed.partition(":")[0] + ":" + "0" * 64), encoding="utf-8")
    told = _program(folder, tmp_path)
    assert (told.returncode, told.stdout.count("WRONG")) == (1, 5)

"""A rescue needs the bidder's consent, the escrow key, and enough holders; nobody alone can do it."""

import itertools

from sealing_cast import SUMMARY, Cast

from mingzheng.adapters.crypto.kept_keys import kept_key
from mingzheng.adapters.crypto.release import open_release, wrap_release
from mingzheng.adapters.crypto.rescue import lift_escrow, open_share, rescue
from mingzheng.adapters.crypto.secret import Secret
from mingzheng.adapters.crypto.unsealing import read_summary, release_key


def test_any_two_of_three_holders_restore_the_key_after_the_escrow_is_lifted(cast: Cast, sealed) -> None:
    bid = sealed()
    seal = bid.signed.seal
    wrapped = lift_escrow(cast.escrow, seal)
    for pair in itertools.combinations(cast.holders, 2):
        shares = {office: open_share(cast.holders[office], seal, office, wrapped[office]) for office in pair}
        key = rescue(seal, shares)
        assert key == release_key(cast.bidder, seal)
        assert read_summary(key, seal, bid.file) == SUMMARY


def test_one_holder_alone_is_not_enough(cast: Cast, sealed, code) -> None:
    seal = sealed().signed.seal
    wrapped = lift_escrow(cast.escrow, seal)
    share = open_share(cast.holders["centre"], seal, "centre", wrapped["centre"])
    assert code(lambda: rescue(seal, {"centre": share})) == "seal.too-few-shares"


def test_no_share_can_be_reached_without_the_escrow_key(cast: Cast, sealed, tmp_path, code) -> None:
    seal = sealed().signed.seal
    other = kept_key(tmp_path, "escrow", cast.suite)
    assert code(lambda: lift_escrow(other, seal)) == "seal.wrong-key"
    for holder in cast.holders.values():
        assert code(lambda holder=holder: lift_escrow(holder, seal)) == "seal.wrong-key"


def test_a_holder_opens_only_its_own_share(cast: Cast, sealed, code) -> None:
    seal = sealed().signed.seal
    wrapped = lift_escrow(cast.escrow, seal)
    wrong = lambda: open_share(cast.holders["supervisor"], seal, "centre", wrapped["centre"])  # noqa: E731
    assert code(wrong) == "seal.share-wrong"
    crossed = lambda: open_share(cast.holders["centre"], seal, "centre", wrapped["supervisor"])  # noqa: E731
    assert code(crossed) == "seal.wrong-key"


def test_a_false_share_is_named_with_its_holder(cast: Cast, sealed, code) -> None:
    seal = sealed().signed.seal
    wrapped = lift_escrow(cast.escrow, seal)
    good = open_share(cast.holders["centre"], seal, "centre", wrapped["centre"])
    assert code(lambda: rescue(seal, {"centre": good, "supervisor": Secret(b"x" * 33)})) == "seal.share-wrong"
    assert code(lambda: rescue(seal, {"centre": good, "stranger": good})) == "seal.share-wrong"


def test_without_consent_there_is_nothing_to_rescue(cast: Cast, sealed, code) -> None:
    seal = sealed(consent=False).signed.seal
    assert seal.rescue is None
    assert seal.as_json()["consent"] is False
    assert code(lambda: lift_escrow(cast.escrow, seal)) == "seal.no-rescue"
    assert code(lambda: rescue(seal, {})) == "seal.no-rescue"


def test_a_kept_key_is_made_once_and_read_by_its_owner_only(tmp_path, suite_name: str) -> None:
    one, two = (kept_key(tmp_path, "opening", suite_name) for _ in range(2))
    assert two.unwrap(one.wrap(Secret(b"k" * 32), b"c"), b"c") == Secret(b"k" * 32)
    assert (tmp_path / f"opening.{suite_name.lower()}.p8").stat().st_mode & 0o077 == 0


def test_a_released_key_is_readable_for_the_opening_s_key_alone(cast: Cast, sealed, tmp_path, code) -> None:
    one, two = sealed().signed.seal, sealed().signed.seal
    opening, other = (kept_key(tmp_path, name, cast.suite) for name in ("opening", "other"))
    key = release_key(cast.bidder, one)
    released = wrap_release(key, one, opening.public_key)
    assert open_release(opening, one, released) == key
    for holder, seal, text in ((other, one, released), (opening, two, released), (opening, one, "x")):
        assert code(lambda h=holder, s=seal, t=text: open_release(h, s, t)) == "seal.wrong-key"
    wrong = wrap_release(Secret(b"w" * 32), one, opening.public_key)
    assert code(lambda: open_release(opening, one, wrong)) == "seal.wrong-key"

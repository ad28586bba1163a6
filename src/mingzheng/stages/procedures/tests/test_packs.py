"""Rule packs: loading, pinning, checking, combining."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from mingzheng.kernel import digest
from mingzheng.kernel.clock import UTC8
from mingzheng.stages.procedures import pack_checks, packs
from mingzheng.stages.procedures.packs import BadPack, PackChanged

WORKS = packs.load("cn-works")
HEAD = {
    "id": "test", "version": "1", "zh": "试", "en": "test", "jurisdiction": "CN", "business": ["works"],
    "valid_from": date(2020, 1, 1),
}  # fmt: skip


def rule(**changes: Any) -> dict[str, Any]:
    return {
        "id": "XX-01", "zh": "试", "en": "test", "check": {"type": "count_min"}, "value": 3, "unit": "count",
        "severity": "block", "source": ["招标投标法 28"], "certainty": "V", **changes,
    }  # fmt: skip


@pytest.mark.parametrize("name", packs.names())
def test_every_delivered_pack_loads_and_every_rule_has_a_source_and_a_meaning_in_two_languages(name: str) -> None:
    pack = packs.load(name)
    assert pack.rules and pack.digest.startswith(f"{digest.current()}:")
    for one in pack.rules.values():
        assert one.source and one.zh and one.en.isascii() and one.sources[0].text_version


def test_the_rules_a_works_tender_needs_are_all_there() -> None:
    groups = {
        prefix: [key for key in WORKS.rules if key.startswith(prefix)]
        for prefix in ("ZB", "DZ", "PW", "GS", "BZ", "YY")
    }
    assert {prefix: len(keys) for prefix, keys in groups.items()} == {
        "ZB": 27, "DZ": 19, "PW": 22, "GS": 10, "BZ": 8, "YY": 8,
    }  # fmt: skip
    values = {key: WORKS.value(key) for key in ("ZB-08", "ZB-12", "ZB-13", "ZB-24", "GS-02", "GS-09", "BZ-06", "YY-03")}
    assert values == {"ZB-08": 5, "ZB-12": 20, "ZB-13": 15, "ZB-24": 3, "GS-02": 3, "GS-09": 30, "BZ-06": 5, "YY-03": 3}
    assert WORKS.value("BZ-01") == Decimal("0.02") and WORKS.value("BZ-02", "works") == 800000


def test_checks_at_publishing_never_take_the_decision_from_an_authorised_person() -> None:
    for key in ("ZB-07", "ZB-08", "ZB-12"):
        assert WORKS.rule(key).severity == "block_with_reason"
    for key in ("ZB-21", "ZB-24", "DZ-02", "DZ-03", "DZ-05"):
        assert WORKS.rule(key).severity == "block"


def test_two_lots_pinned_to_one_pack_follow_the_same_values_and_an_edited_pack_no_longer_answers() -> None:
    assert packs.pinned(WORKS.pin) is WORKS
    with pytest.raises(PackChanged):
        packs.pinned(WORKS.pin[:-1] + ("0" if WORKS.pin[-1] != "0" else "1"))
    with pytest.raises(PackChanged):
        packs.pinned("cn-elsewhere@1#sha256:00")
    with pytest.raises(PackChanged):
        packs.pinned(WORKS.pin.partition("#")[0] + "#md5:00")
    one, other = packs.build(HEAD, [rule()]), packs.build(HEAD, [rule(value=4)])
    assert one.digest != other.digest and packs.build(HEAD, [rule()]).digest == one.digest


def test_a_pin_made_under_one_suite_is_good_under_the_other() -> None:
    names = [name for name in packs.names() if name != "cn-works"][:1]
    other = next(name for name in digest.ALGORITHMS if name != digest.current())
    with digest.under(other):
        alone, both = packs.load("cn-works"), packs.combine(packs.load("cn-works"), packs.load(names[0]))
    assert f"#{other}:" in alone.pin and f"#{other}:" in both.pin and alone.pin != WORKS.pin
    assert packs.pinned(alone.pin).rules == WORKS.rules
    assert packs.pinned(both.pin).pin == both.pin


def test_a_rule_says_what_it_asks_what_was_given_and_where_it_stands() -> None:
    finding = WORKS.check("BZ-01", amount=Decimal("80000"), of=Decimal("3000000"))
    assert finding.refuses and "60,000.00" in finding.explanation and finding.source == "招标投标法实施条例 26"
    assert finding.record()["rule"] == "BZ-01"


@pytest.mark.parametrize(
    ("name", "facts", "ok"),
    [
        ("BZ-01", {"amount": "60000", "of": "3000000"}, True),
        ("BZ-02", {"amount": "800000", "category": "works"}, True),
        ("BZ-02", {"amount": "100000.01", "category": "services"}, False),
        ("PW-01", {"count": 5}, True),
        ("PW-01", {"count": 6}, False),
        ("PW-01", {"count": 3}, False),
        ("PW-02", {"count": 4, "of": 5}, True),
        ("PW-02", {"count": 3, "of": 5}, False),
        ("PW-02", {"count": 5, "of": 7}, True),
        ("PW-02", {"count": 6, "of": 9}, True),
        ("PW-02", {"count": 5, "of": 9}, False),
        ("PW-08", {"count": 2, "of": 6}, True),
        ("PW-08", {"count": 3, "of": 6}, False),
        ("PW-12", {"given": "collusion_or_fraud"}, True),
        ("PW-12", {"given": "bad_mood"}, False),
        ("PW-15", {"count": 3}, True),
        ("PW-15", {"count": 4}, False),
        ("PW-22", {"amount": 14}, True),
        ("PW-22", {"amount": 15}, False),
        ("ZB-24", {"count": 2}, False),
        ("ZB-24", {"count": 3}, True),
        ("ZB-01", {"amount": "4000000", "category": "works"}, False),
        ("ZB-01", {"amount": "3999999.99", "category": "works"}, True),
        ("HT-01", {"amount": "10", "of": "99.99"}, True),
        ("HT-01", {"amount": "10.01", "of": "99.99"}, False),
        ("DZ-14", {"holds": True}, True),
        ("DZ-14", {"holds": False, "told": "关联企业"}, False),
    ],
)
def test_limits_include_their_number(name: str, facts: dict[str, Any], ok: bool) -> None:
    assert WORKS.check(name, **facts).ok is ok


def test_a_checklist_names_everything_that_is_missing_at_once() -> None:
    finding = WORKS.check("GS-03", present={"ranking", "names", "prices", "quality", "duration", "objection"})
    assert finding.refuses and finding.missing == ("evaluation", "managers", "capability")
    assert "评标情况" in finding.explanation


def test_a_rule_for_mandatory_tenders_only_softens_for_others() -> None:
    assert WORKS.check("PW-01", count=4).refuses
    assert WORKS.check("PW-01", mandatory=False, count=4).warns
    assert WORKS.check("ZB-24", mandatory=False, count=2).refuses


def test_retention_gives_the_day_until_which_a_file_is_kept() -> None:
    finding = WORKS.check("GD-03", start=datetime(2026, 5, 6, 12, tzinfo=UTC8))
    assert finding.due == datetime(2041, 5, 7, tzinfo=UTC8)


def test_procurement_counts_working_days_where_the_law_says_so() -> None:
    pack = packs.load("cn-procurement")
    start = datetime(2025, 1, 24, 9, tzinfo=UTC8)
    early = pack.check("ZC-04", start=start, end=datetime(2025, 2, 7, 17, tzinfo=UTC8))
    assert early.needs_reason and early.earliest == datetime(2025, 2, 8, tzinfo=UTC8)
    assert pack.check("ZC-14", amount="30", of="100").ok
    assert pack.check("PW-18", start=start, at=datetime(2025, 1, 27, 9, tzinfo=UTC8)).ok
    assert not pack.check("PW-18", start=start, at=datetime(2025, 2, 5, 9, tzinfo=UTC8)).ok


def test_combined_packs_keep_the_stricter_rule_and_list_the_conflict() -> None:
    both = packs.combine(WORKS, packs.load("cn-11-works"), packs.load("cn-50-works"))
    assert both.rule("BZ-06").unit == "calendar_day" and both.rule("PW-20").value == 69
    assert {conflict.rule for conflict in both.conflicts} == {"BZ-06", "PW-20"}
    assert "GS-10" in both.rules and both.digest != WORKS.digest
    assert "从严" in both.conflicts[0].explanation


@pytest.mark.parametrize(
    ("kind", "first", "second", "kept"),
    [
        ("min_period", 20, 25, 25), ("max_period", 30, 20, 20), ("backward_period", 15, 10, 15),
        ("publicity", 3, 5, 5), ("retention", 15, 10, 15),
    ],
)  # fmt: skip
def test_stricter_means_longer_for_minimums_and_shorter_for_limits(
    kind: str, first: int, second: int, kept: int
) -> None:
    unit = "year" if kind == "retention" else "calendar_day"
    made = [
        packs.build({**HEAD, "id": f"p{n}"}, [rule(check={"type": kind}, value=n, unit=unit)]) for n in (first, second)
    ]
    assert packs.combine(*made).value("XX-01") == packs.combine(*reversed(made)).value("XX-01") == kept


def test_equal_values_differ_by_severity_only() -> None:
    made = [packs.build({**HEAD, "id": name}, [rule(severity=name)]) for name in ("warn", "block")]
    assert packs.combine(*made).rule("XX-01").severity == "block"


def test_only_rules_in_force_on_the_day_remain() -> None:
    pack = packs.build(HEAD, [rule(valid_from=date(2026, 1, 1)), rule(id="XX-02", valid_to=date(2025, 12, 31))])
    assert set(pack.on(date(2026, 3, 2)).rules) == {"XX-01"} and set(pack.on(date(2025, 3, 2)).rules) == {"XX-02"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"source": []}, "source"),
        ({"source": ["无此法 1"]}, "laws.toml"),
        ({"severity": "forbid"}, "forbid"),
        ({"unit": "moon"}, "moon"),
        ({"certainty": "sure"}, "sure"),
        ({"check": {"type": "magic"}}, "magic"),
        ({"check": {"type": "min_period", "mode": "soft"}, "unit": "calendar_day"}, "soft"),
        ({"check": {"type": "min_period"}}, "days"),
        ({"check": {"type": "checklist"}}, "list"),
        ({"check": {"type": "count_min"}, "value": None}, "value"),
        ({"check": {"type": "count_min", "of": "x"}}, "of"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_malformed_rule_is_refused_with_its_place(change: dict[str, Any], told: str) -> None:
    with pytest.raises(BadPack, match=told):
        packs.build(HEAD, [rule(**change)])


def test_a_pack_without_head_or_with_a_rule_twice_is_refused() -> None:
    with pytest.raises(BadPack, match="lacks"):
        packs.build({"id": "x"}, [])
    with pytest.raises(BadPack, match="twice"):
        packs.build(HEAD, [rule(), rule()])
    with pytest.raises(BadPack, match="no pack"):
        packs.load("cn-nowhere")
    with pytest.raises(KeyError, match="XX-99"):
        WORKS.value("XX-99")
    with pytest.raises(TypeError):
        WORKS.check("ZB-24", number=3)


def test_a_proposal_falls_on_a_working_day_at_the_usual_hour() -> None:
    proposed = pack_checks.propose(datetime(2026, 4, 3, 12, tzinfo=UTC8))
    assert proposed == datetime(2026, 4, 7, 9, 30, tzinfo=UTC8)

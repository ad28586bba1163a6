"""Kinds of procedure and profiles of the standards, as data."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from mingzheng.stages.procedures import kinds, packs, profiles
from mingzheng.stages.procedures.kinds import BadKind
from mingzheng.stages.procedures.profiles import BadProfile


@pytest.mark.parametrize("name", kinds.names())
def test_every_kind_loads_with_stages_in_order_labels_and_rules_that_exist(name: str) -> None:
    kind = kinds.kind(name)
    assert kind.stages[-1].id == "archive" and kind.zh and kind.en
    assert kinds.pack_for(name).rules


def test_a_works_tender_runs_from_preparation_to_archive() -> None:
    kind = kinds.kind("works_tender")
    assert [stage.id for stage in kind.stages] == [
        "plan", "registration", "notice", "bidding", "opening", "evaluation", "publicity", "award", "contract", "archive",
    ]  # fmt: skip
    assert kind.methods == ("weighted", "lowest_price") and kind.packs == ("cn-works",)
    assert "ZB-13" in kind.stage("notice").rules
    with pytest.raises(KeyError):
        kind.stage("auction")


def test_the_supplier_of_an_award_is_called_what_its_kind_calls_it() -> None:
    called = {name: kinds.kind(name).label("supplier") for name in ("works_tender", "negotiation", "property_transfer")}
    assert called == {"works_tender": "中标人", "negotiation": "成交供应商", "property_transfer": "受让人"}
    assert kinds.kind("works_tender").label("supplier", "en") == "winner"


def test_a_category_without_a_working_template_cannot_be_enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MINGZHENG_KINDS", raising=False)
    assert kinds.enabled() == ("goods_services_tender", "works_tender")
    monkeypatch.setenv("MINGZHENG_KINDS", "works_tender")
    assert kinds.enabled() == ("works_tender",)
    monkeypatch.setenv("MINGZHENG_KINDS", "works_tender,auction")
    with pytest.raises(BadKind, match="auction"):
        kinds.enabled()
    monkeypatch.setenv("MINGZHENG_KINDS", "lottery")
    with pytest.raises(BadKind, match="lottery"):
        kinds.enabled()


def test_a_deployment_adds_the_rules_of_its_region_and_a_lot_finds_them_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINGZHENG_RULE_PACKS", "cn-50-works,cn-procurement")
    pack = kinds.pack_for("works_tender")
    assert pack.id == "cn-works+cn-50-works" and pack.value("PW-20") == 69 and pack.value("ZB-12") == 20
    assert packs.pinned(pack.pin) == pack
    monkeypatch.delenv("MINGZHENG_RULE_PACKS")
    assert kinds.pack_for("works_tender") is packs.load("cn-works")


def test_the_deployment_says_operator_profiles_and_suite(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPERATOR_CODE", "PROFILES", "SUITE"):
        monkeypatch.delenv(f"MINGZHENG_{name}", raising=False)
    assert kinds.operator_code() == kinds.DEMO_OPERATOR and kinds.suite_in_force() == "INTL-1"
    assert kinds.profiles_in_force() == ["RG", "GF", "ZB"]
    monkeypatch.setenv("MINGZHENG_PROFILES", "LN,XX")
    with pytest.raises(BadProfile):
        kinds.profiles_in_force()


def _content(**changes: Any) -> dict[str, Any]:
    text = (kinds.FOLDER / "works_tender.toml").read_text(encoding="utf-8")
    return {**tomllib.loads(text), **changes}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"packs": ["cn-nowhere"]}, "cn-nowhere"),
        ({"methods": ["guessing"]}, "guessing"),
        ({"labels": {}}, "procuring_entity"),
        ({"colour": "red"}, "colour"),
        ({"stage": [{"id": "a", "zh": "一", "en": "a", "phase": "moon"}]}, "order"),
        ({"stage": [{"id": "a", "zh": "一", "en": "a", "phase": "awarded"}, {"id": "b", "zh": "二", "en": "b", "phase": "opening"}]}, "order"),
        ({"stage": [{"id": "a", "zh": "一", "en": "a", "phase": "opening"}] * 2}, "twice"),
        ({"stage": [{"id": "a", "zh": "一", "en": "a", "phase": "opening", "rules": ["XX-1"]}]}, "XX-1"),
        ({"stage": [{"id": "a"}]}, "zh"),
    ],
)  # fmt: skip
def test_a_malformed_kind_is_refused_with_its_fault(change: dict[str, Any], told: str) -> None:
    with pytest.raises(BadKind, match=told):
        kinds.build("test", _content(**change))


@pytest.mark.parametrize("name", profiles.names())
def test_every_switch_of_a_profile_cites_its_clause(name: str) -> None:
    profile = profiles.profile(name)
    assert profile.switches and all(source.startswith(name) for source in profile.sources.values())


def test_a_deployment_that_keeps_two_standards_follows_the_stricter_and_sees_where_they_differ() -> None:
    both = profiles.combined(["RG", "LN"])
    assert both["draw_presence"] == ("witness", "supervisor")
    assert both["direct_appointment"] is False and both["experts_released_at"] == "evaluation_start"
    assert both["retention_years"] == 15 and both["publicity_days"] == 3
    assert any("RG 是、LN 否" in told for told in both.conflicts)
    assert profiles.combined(["RG"])["draw_presence"] == ("witness",)
    assert profiles.combined(["RG"])["late_minutes"] == 15


def test_a_switch_nobody_knows_or_without_source_is_refused() -> None:
    head = {"zh": "试", "en": "test", "document": "试"}
    with pytest.raises(BadProfile, match="unknown"):
        profiles.build("X", {**head, "switch": {"colour": {"value": 1, "source": "X"}}})
    with pytest.raises(BadProfile, match="int"):
        profiles.build("X", {**head, "switch": {"late_minutes": {"value": True, "source": "X"}}})
    with pytest.raises(BadProfile, match="source"):
        profiles.build("X", {**head, "switch": {"late_minutes": {"value": 10}}})
    with pytest.raises(BadProfile, match="lacks"):
        profiles.build("X", {})
    with pytest.raises(KeyError):
        profiles.profile("RG")["colour"]

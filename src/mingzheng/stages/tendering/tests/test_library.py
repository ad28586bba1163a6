"""Standard templates and forms: every field asked for by a rule is there, every template makes a lawful document."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from mingzheng.stages.procedures import formulas, packs
from mingzheng.stages.tendering import fields, library, standard_texts
from mingzheng.stages.tendering.library import BadForm

PACK = packs.load("cn-works")
TEMPLATES = [one.id for kind in ("works_tender", "goods_services_tender") for one in standard_texts.templates(kind)]


@pytest.mark.parametrize("name", library.names())
def test_every_form_cites_rules_that_exist_and_speaks_both_languages(name: str) -> None:
    form = library.form(name)
    assert form.zh and form.en.isascii() and form.fields
    for field in form.fields:
        assert field.zh and field.en.isascii() and (not field.rule or field.rule in PACK.rules)


@pytest.mark.parametrize(("rule", "form"), [("ZB-07", "tender_notice"), ("GS-03", "candidate_publicity")])
def test_a_form_has_every_item_its_checklist_rule_asks_for_as_a_required_field(rule: str, form: str) -> None:
    fields_there = {field.id for field in library.form(form).fields if field.required}
    assert {item["id"] for item in PACK.rule(rule).check.items} <= fields_there


def test_missing_fields_are_named_all_at_once_and_a_no_is_an_answer() -> None:
    form = library.form("clarification")
    assert [field.id for field in form.missing({"number": 1})] == ["affects_bids"]
    assert form.missing({"number": 0, "affects_bids": False}) == ()
    assert {field.id for field in form.missing({"number": "  "})} == {"number", "affects_bids"}


def test_what_a_form_holds_satisfies_the_rule_that_asked_for_it() -> None:
    content: dict[str, Any] = {field.id: "有" for field in library.form("candidate_publicity").fields}
    assert PACK.check("GS-03", present=library.form("candidate_publicity").present(content)).ok
    content["managers"] = ""
    finding = PACK.check("GS-03", present=library.form("candidate_publicity").present(content))
    assert finding.refuses and finding.missing == ("managers",)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_makes_a_complete_document_whose_formula_is_one_of_the_library(name: str) -> None:
    template = standard_texts.template(name)
    document = fields.read(template.fields)
    assert document.method == template.method and document.chapters and document.review and document.qualifications
    assert len(document.instructions) >= 8 and {"price"} <= set(document.summary_fields)
    if template.method == "weighted":
        rule = formulas.read(document.benchmark)
        assert rule.digest == formulas.load(rule.id).digest
        assert sum((one.full for one in document.criteria), Decimal(0)) == 100


def test_each_method_of_each_ready_kind_has_its_template() -> None:
    for kind in ("works_tender", "goods_services_tender"):
        for method in ("weighted", "lowest_price"):
            assert standard_texts.template_for(kind, method).kind == kind


def test_the_rules_know_their_fields() -> None:
    found = library.required_by(["ZB-13", "BZ-01"])
    assert "clarification.affects_bids" in found["ZB-13"] and "tender_notice.deposit" in found["BZ-01"]
    assert library.form("tender_notice").field("bid_deadline").rule == "ZB-12"


@pytest.mark.parametrize(
    "entry",
    [
        {"id": "a", "zh": "一", "en": "a", "type": "magic"},
        {"id": "a", "zh": "一", "en": "a", "type": "choice"},
        {"id": "a", "zh": "一", "en": "a", "type": "table"},
        {"id": "a", "zh": "一", "en": "a", "type": "text", "columns": ["x"]},
        {"id": "a", "zh": "一", "en": "a"},
        {"id": "a", "zh": "一", "en": "a", "type": "text", "colour": "red"},
    ],
)
def test_a_malformed_form_is_refused(entry: dict[str, Any]) -> None:
    with pytest.raises(BadForm):
        library.build("x", {"version": "1", "zh": "试", "en": "test", "field": [entry]})


def test_a_form_with_a_field_twice_or_that_is_not_there_is_refused() -> None:
    entry = {"id": "a", "zh": "一", "en": "a", "type": "text"}
    with pytest.raises(BadForm, match="twice"):
        library.build("x", {"version": "1", "zh": "试", "en": "test", "field": [entry, entry]})
    with pytest.raises(BadForm, match="no form"):
        library.form("poem")
    with pytest.raises(KeyError):
        library.form("tender_plan").field("poem")

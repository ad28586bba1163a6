"""Official papers: complete, readable, the same bytes twice, and hostile text stays text."""

import io
import subprocess
import sys
from datetime import datetime

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_samples import SAMPLES, award_notice, opening_record, result_notice
from pdf_text import fonts_of, text_of

from mingzheng.adapters import documents
from mingzheng.adapters.documents import fonts, legible
from mingzheng.adapters.documents.port import FactsMissing, FontsMissing, UnknownPaper, WrongFact
from mingzheng.kernel import money

EVERY_KIND = sorted(documents.KINDS)


def test_every_kind_of_paper_has_a_sample():
    assert set(SAMPLES) == set(documents.KINDS)


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_the_same_facts_give_the_same_bytes(kind):
    assert documents.render(kind, SAMPLES[kind]()) == documents.render(kind, SAMPLES[kind]())


def test_another_process_gives_the_same_bytes_too():
    program = (
        "import hashlib, sys; sys.path.insert(0, 'tests/contracts')\n"
        "from paper_samples import award_notice\n"
        "from mingzheng.adapters.documents import render\n"
        "print(hashlib.sha256(render('award_notice', award_notice())).hexdigest())"
    )
    import hashlib

    there = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert there.stdout.strip() == hashlib.sha256(documents.render("award_notice", award_notice())).hexdigest()


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_every_text_of_the_facts_can_be_read_back_from_the_paper(kind):
    facts = SAMPLES[kind]()
    text = text_of(documents.render(kind, facts))
    left_out = {"verification_url"} if kind == "receipt" else set()
    for name, value in facts.items():
        if isinstance(value, str) and name not in left_out and not _is_value(value):
            assert "".join(value.split()) in text, name
    assert documents.KINDS[kind].title in text
    assert "\ufffd" not in text


def _is_value(text: str) -> bool:
    """Times and amounts stand on paper in another form."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return text.replace(".", "").isdigit()
    return True


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_a_paper_is_pdf_a_with_all_fonts_embedded_and_the_date_of_its_facts(kind):
    facts = SAMPLES[kind]()
    made = documents.render(kind, facts)
    assert all(fonts_of(made).values()) and fonts_of(made)
    assert len(made) < 400_000, "only the used glyphs may be inside"
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert pdf.Root.MarkInfo.Marked is True and str(pdf.Root.Lang) == "zh-CN"
        with pdf.open_metadata() as xmp:
            assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("2", "B")
            assert datetime.fromisoformat(xmp["xmp:CreateDate"]) == datetime.fromisoformat(facts["issued_at"])


def test_every_page_carries_its_number_and_the_verification_code():
    facts = SAMPLES["archive_catalogue"]()
    made = documents.render("archive_catalogue", facts)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        pages = len(pdf.pages)
    assert pages > 1
    text = text_of(made)
    assert [f"第{n}页，共{pages}页" in text for n in range(1, pages + 1)] == [True] * pages
    assert text.count(documents.code_of("archive_catalogue", facts)) == pages + 2, (
        "in every foot, at the end, and in the address"
    )
    assert text.count("题名与文号") == pages, "the head of a table is repeated"


def test_amounts_stand_in_figures_and_in_words():
    text = text_of(documents.render("award_notice", award_notice()))
    assert "176,842,300.00元" in text
    assert money.capital(money.yuan("176842300.00")) in text


def test_the_code_changes_with_any_fact_but_not_with_the_address_it_is_asked_at():
    facts = award_notice()
    code = documents.code_of("award_notice", facts)
    assert documents.code_of("award_notice", facts | {"price": "176842300.01"}) != code
    assert documents.code_of("award_notice", facts | {"verification_url": "https://other.example/"}) == code


def test_a_paper_without_its_facts_is_refused_and_all_missing_ones_are_named():
    facts = opening_record()
    del facts["host"], facts["bids"][2]["bidder"]
    facts["place"] = "  "
    with pytest.raises(FactsMissing) as refused:
        documents.render("opening_record", facts)
    assert set(refused.value.missing) == {"host", "place", "bids.2.bidder"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("price", "many"),
        ("price", True),
        ("price", 1.5),
        ("price", "NaN"),
        ("issued_at", "2026-03-02T09:00:00"),
        ("sign_before", "soon"),
        ("signers", "me"),
        ("colour", "red"),
        ("bidder", 7),
    ],
)
def test_a_wrong_fact_is_refused_by_name(name, value):
    with pytest.raises(WrongFact) as refused:
        documents.render("award_notice", award_notice() | {name: value})
    assert refused.value.name == name


def test_an_unknown_kind_is_refused():
    with pytest.raises(UnknownPaper):
        documents.render("birthday_card", {})


@pytest.mark.parametrize(
    "text",
    [
        '#panic("x")',
        "$x^2$",
        "*b* _i_ `raw` <label> @ref \\n // /*",
        "[#sys.inputs.paper]",
        "$ #{ ] ) }",
        "= 标题",
        "- x",
    ],
)
def test_markup_in_a_name_stays_text(text):
    shown = text_of(documents.render("result_notice", result_notice() | {"bidder": text}))
    assert "".join(text.split()) in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("甲\u202e乙", "甲〔U+202E〕乙"),
        ("甲\u200b乙", "甲〔U+200B〕乙"),
        ("甲\u0007乙", "甲〔U+0007〕乙"),
        ("公司😀", "公司〔U+1F600〕"),
        ("עב", "〔U+05E2〕〔U+05D1〕"),
        ("e\u0301", "e〔U+0301〕"),
        ("tab\tand\u3000wide", "tab and\u3000wide"),
    ],
)
def test_what_could_hide_or_cannot_be_shown_is_written_out(text, shown):
    assert legible.legible(text) == shown
    assert "".join(shown.split()) in text_of(documents.render("result_notice", result_notice() | {"bidder": text}))


def test_very_long_words_and_names_stay_on_the_paper():
    facts = opening_record()
    facts["bids"][0]["bidder"] = "X" * 400
    facts["procedure_name"] = "长" * 300
    made = documents.render("opening_record", facts)
    assert "X" * 400 in text_of(made)
    assert "长" * 300 in text_of(made)


@given(st.text(min_size=1).filter(str.strip))
@settings(max_examples=40, deadline=None)
def test_no_text_can_break_a_paper(text):
    made = documents.render("result_notice", result_notice() | {"bidder": text, "winner": text, "centre": text})
    assert made.startswith(b"%PDF-1.7")


def test_a_report_with_many_bidders_and_many_criteria_shows_every_score():
    facts = SAMPLES["evaluation_report"]()
    row = facts["scores"][0]
    facts["score_parts"] = [f"因素{n:02d}" for n in range(18)]
    facts["scores"] = [
        row | {"bidder": f"第{n:02d}号公司", "parts": [f"{n}.{part:02d}" for part in range(18)], "rank": n}
        for n in range(1, 31)
    ]
    facts["member_scores"] = []
    text = text_of(documents.render("evaluation_report", facts))
    assert all(f"{n}.{part:02d}" in text for n in range(1, 31) for part in range(18))


def test_an_opening_of_three_hundred_bidders_is_recorded_whole():
    facts = opening_record()
    facts["bids"] = [facts["bids"][0] | {"order": n, "bidder": f"第{n}号公司"} for n in range(1, 301)]
    text = text_of(documents.render("opening_record", facts))
    assert all(f"第{n}号公司" in text for n in range(1, 301))


def test_the_code_is_part_of_the_address_in_the_square():
    facts = award_notice() | {"verification_url": "https://ggzy.yunzhou.example/verify"}
    code = documents.code_of("award_notice", facts)
    assert f"https://ggzy.yunzhou.example/verify/{code}" in text_of(documents.render("award_notice", facts))


def test_without_a_chinese_font_the_refusal_names_the_command(monkeypatch, tmp_path):
    monkeypatch.setattr(fonts.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(fonts, "SYSTEM", tmp_path)
    fonts.load.cache_clear()
    try:
        with pytest.raises(FontsMissing, match="pip install pylopdf-fonts-zh-cn"):
            documents.render("award_notice", award_notice())
    finally:
        fonts.load.cache_clear()


def test_the_pinned_fonts_are_the_ones_in_use():
    assert fonts.load().pinned

"""The page of rules in docs/law says what the packs say."""

from __future__ import annotations

from mingzheng.stages.procedures import packs, packs_doc


def test_the_page_of_rules_is_the_one_the_packs_write() -> None:
    assert packs_doc.PAGE.read_text(encoding="utf-8") == packs_doc.page()


def test_every_rule_stands_on_the_page_with_its_article() -> None:
    page = packs_doc.page()
    for name in packs.names():
        for rule in packs.load(name).rules.values():
            assert f"| {rule.id} |" in page and rule.source in page

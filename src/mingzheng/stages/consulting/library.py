"""The law library: the articles the rule packs apply, each in the packs' own words, with title, number and date of its law."""

from dataclasses import dataclass
from functools import lru_cache

from mingzheng.stages.procedures import packs


@dataclass(frozen=True, slots=True)
class Article:
    """One article as a rule applies it."""

    law: str
    article: str
    title: str
    number: str
    effective: str
    text: str
    rule: str
    href: str


@lru_cache(maxsize=1)
def articles() -> tuple[Article, ...]:
    """Every article a delivered rule names, once for each rule."""
    found: dict[tuple[str, str, str], Article] = {}
    for name in packs.names():
        for rule in packs.load(name).rules.values():
            for source in rule.sources:
                law = packs.laws()[source.law]
                found[(source.law, source.article, rule.id)] = Article(
                    source.law,
                    source.article,
                    law.title,
                    law.number,
                    law.text,
                    rule.zh,
                    rule.id,
                    f"/laws?law={source.law}#{rule.id}",
                )
    return tuple(found[key] for key in sorted(found))


def search(words: str) -> list[Article]:
    """Articles that hold all the words, those that hold them most often and in the shortest text first."""
    wanted = words.split()

    def rank(one: Article) -> tuple[int, int, str]:
        whole = f"{one.text} {one.title} {one.article}"
        return -sum(whole.count(w) for w in wanted), len(one.text), one.rule

    fitting = [one for one in articles() if all(w in f"{one.text} {one.title} {one.law} {one.article}" for w in wanted)]
    return sorted(fitting, key=rank)[:50]


def of_law(law: str) -> list[Article]:
    return [one for one in articles() if one.law == law]

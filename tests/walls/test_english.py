"""Who asks for English gets no Chinese but what people entered, names, papers and the titles of Chinese law."""

import html
import re

import pytest
from tests import journey
from tests.played import played
from tests.walls import looking

from mingzheng.ledger.reading import stream_entries
from mingzheng.stages.parties import models as parties
from mingzheng.stages.parties import queries as people

pytestmark = pytest.mark.django_db
kept_hall, hall = played("opening", "hall")
kept_contracted, contracted = played("contracted")
CJK = re.compile(r"[\u3400-\u9fff]+[\u3400-\u9fff0-9A-Za-z、，。：；（）〔〕《》“”%.,\- ]*")
#: Chinese that stands on English pages on purpose: citations of law, standard texts of papers, and the name of the product.
MEANT = re.compile(
    r"《[^》]*》(第[一二三四五六七八九十百零]+条(第[一二三四五六七八九十]+款)?[、，和]?)*|(招标投标法|实施条例|电子招标投标办法|电子签名法|国办发〔\d+〕\d+号|发改法规规〔\d+〕\d+号)[^<]{0,20}"
    r"|明证|明(?=\s)|中文|大写|[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整负]{3,}"
)


#: The sheet of notes is standard text of the kind, like a paper.
NOTES = re.compile(r"(?m)^\s*1\. [^\n]*(\n\d+\. [^\n]*)*")


#: How a rule of a pack counts its days: the pack's own words.
EXPLAINED = re.compile(r"[^\n]*前一日起倒算[^\n]*")


def _words(value):
    """Every Chinese string inside a value that somebody entered or that a paper carries."""
    if isinstance(value, str):
        if CJK.search(value):
            yield value
            yield from (line.strip() for line in value.splitlines())
    elif isinstance(value, dict):
        for one in value.values():
            yield from _words(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _words(one)


def _entered(world):
    """What was entered: registration, documents, words said; names of people and houses."""
    from mingzheng.kernel.event import body_of

    found = set()
    for stream in (f"procedure:{world.procedure}", f"lot:{world.lot}", "centre"):
        for entry in stream_entries(stream):
            found |= set(_words(body_of(entry.event)))
    found |= set(parties.Organisation.objects.values_list("name", flat=True))
    found |= {person.name for person in parties.Person.objects.all()}
    found |= {one for person in people.people_with("expert") for one in person.specialties} | {"云州银行"}
    return sorted((one for one in found if one), key=len, reverse=True)


def _left(page, entered):
    """Chinese left on a page when what was entered and what is meant is taken away."""
    text = re.sub(r"(?s)<(script|style|svg|template)\b.*?</\1>|<!--.*?-->", " ", page)
    text = html.unescape(re.sub(r"<[^>]+>", "\n", text))
    text = re.sub(EXPLAINED, " ", re.sub(NOTES, " ", text))
    for one in entered:
        text = text.replace(one, " ")
    return {found.strip() for found in CJK.findall(MEANT.sub(" ", text)) if found.strip()}


LOT = (
    "",
    "/tender",
    "/questions",
    "/bid",
    "/hall",
    "/evaluation",
    "/award",
    "/file",
    "/refunds",
    "/deposit",
    "/cases",
    "/steer",
)
OTHERS = (
    "/",
    "/notices",
    "/openings",
    "/desk",
    "/procedures",
    "/messages",
    "/receipts",
    "/deposits",
    "/login",
    "/verify",
)


def _walk(world):
    entered, found = _entered(world), {}
    for who, (client, _) in looking.visitors(world, world.cast.bidder, world.cast.experts[0]).items():
        for path in [f"/lots/{world.lot}{one}" for one in LOT] + list(OTHERS):
            answer = client.get(path, headers={"accept-language": "en"})
            if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
                for one in _left(answer.content.decode(), entered):
                    found.setdefault(one, f"{who} {path}")
    return found


def test_during_an_opening_every_role_reads_english(hall):
    journey.decrypt(hall, "jia")
    hall.settle("none")
    assert _walk(hall) == {}


def test_after_the_contract_every_role_reads_english(contracted):
    contracted.settle("none")
    assert _walk(contracted) == {}

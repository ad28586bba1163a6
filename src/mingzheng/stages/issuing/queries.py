"""What others may know of papers and their seals. Whoever calls decides who may see a paper (`may_read`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mingzheng.kernel import ports
from mingzheng.kernel.actor import Actor
from mingzheng.ledger import reading
from mingzheng.stages.issuing import models, rules
from mingzheng.stages.procedures import queries as procedures


@dataclass(frozen=True, slots=True)
class Issued:
    """A paper as it is handed out: sealed once it is, until then as it was filed (`paper` is its digest as filed)."""

    document: UUID
    lot: UUID
    kind: str
    title: str
    public: bool
    addressee: UUID | None
    made_at: datetime
    code: str
    state: str
    paper: str
    digest: str
    size: int
    object: str
    sealed_at: datetime | None
    holder: str
    stamp: str
    signature: str
    tries: int

    @property
    def waiting(self) -> bool:
        """Whether the seal is still to come."""
        return self.state == rules.WAITING


@dataclass(frozen=True, slots=True)
class Places:
    """Where the ledger speaks of a paper: positions in the log of the entries that filed and sealed it."""

    filed: int | None
    sealed: int | None


def _issued(facts: procedures.DocumentFacts, row: models.Paper | None) -> Issued:
    sealed = row is not None and row.state == rules.SEALED
    return Issued(
        facts.id, facts.lot, facts.kind, facts.title, facts.public, facts.addressee, facts.made_at,
        row.code if row else "", row.state if row else _before_taking_up(), facts.digest,
        row.digest if row and sealed else facts.digest, row.size if row and sealed else facts.size,
        row.object if row and sealed else facts.object, row.sealed_at if row else None, row.holder if row else "",
        row.stamp if row else "", row.signature if row else "", row.tries if row else 0,
    )  # fmt: skip


def _before_taking_up() -> str:
    """The state of a paper filed a moment ago (or while the worker is down)."""
    return rules.WAITING if ports.get("paper_seals").active else rules.PLAIN


def issued(document: UUID) -> Issued:
    """One paper; `procedures.no-such-lot` if there is none."""
    return _issued(procedures.document(document), models.Paper.objects.filter(pk=document).first())


def of_lot(lot: UUID) -> list[Issued]:
    """Papers of a lot, oldest first."""
    return of_lots([lot])[lot]


def of_lots(lots: Iterable[UUID]) -> dict[UUID, list[Issued]]:
    """Papers of many lots, each lot's oldest first."""
    filed = procedures.documents_by(lots)
    rows = {row.document: row for row in models.Paper.objects.filter(lot__in=list(filed))}
    return {lot: [_issued(facts, rows.get(facts.id)) for facts in found] for lot, found in filed.items()}


def by_code(code: str) -> Issued | None:
    """The paper with this verification code, written with or without its dashes."""
    plain = "".join(code.upper().replace("-", "").split())
    letters = "-".join(plain[i : i + 4] for i in range(0, len(plain), 4))
    row = models.Paper.objects.filter(code=letters).first() if len(plain) == 20 else None
    return _issued(procedures.document(row.document), row) if row else None


def by_digest(*digests: str) -> Issued | None:
    """The paper whose sealed file, or whose file as filed, has one of these digests."""
    found = models.Paper.objects.filter(digest__in=digests) | models.Paper.objects.filter(paper__in=digests)
    row = found.exclude(paper="").first()
    return _issued(procedures.document(row.document), row) if row else None


def may_read(paper: Issued | procedures.DocumentFacts, actor: Actor, at: datetime) -> bool:
    """Public papers are everybody's; others belong to the owner, the addressee, supervision and archive."""
    return paper.public or _inside(paper, actor, at)


def _inside(paper: Issued | procedures.DocumentFacts, actor: Actor, at: datetime) -> bool:
    theirs = paper.addressee is not None and paper.addressee == actor.organisation
    return theirs or actor.has("supervisor", "archivist") or procedures.owns(procedures.lot(paper.lot), actor, at)


def places(paper: Issued) -> Places:
    """The entries that speak of this paper, once they are in the log."""
    filed = sealed = None
    for entry in reading.stream_entries(f"lot:{paper.lot}"):
        if entry.kind == "procedures.document-filed" and entry.event.document == paper.document:
            filed = entry.position
        elif entry.kind == "issuing.paper-sealed" and entry.event.document == paper.document:
            sealed = entry.position
    return Places(filed, sealed)


def due(at: datetime, limit: int) -> list[Issued]:
    """Papers whose sealing should be tried now, the longest waiting first."""
    rows = models.Paper.objects.filter(state=rules.WAITING, next_try__lte=at).order_by("next_try", "document")[:limit]
    return [_issued(procedures.document(row.document), row) for row in rows]


def stuck() -> list[UUID]:
    """Lots with papers whose sealing failed and is tried again."""
    rows = models.Paper.objects.filter(state=rules.WAITING, tries__gt=0).order_by("lot")
    return list(rows.values_list("lot", flat=True).distinct()[:200])


def unsealed(lot: UUID) -> list[str]:
    """Titles of papers of a lot whose seal is still to come."""
    return [one.title for one in of_lot(lot) if one.waiting]

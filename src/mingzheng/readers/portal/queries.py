"""Reading the portal's tables."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum

from mingzheng.readers.portal import models

PAGE = 30
RESULTS = ("publicity", "awarded", "contracted", "archived")


def openings(day: datetime, days: int = 1) -> list[models.PortalLot]:
    """Lots whose opening falls into `days` days from `day` (its midnight), in order."""
    start = day.replace(hour=0, minute=0, second=0, microsecond=0)
    rows = models.PortalLot.objects.filter(opening_at__gte=start, opening_at__lt=start + timedelta(days=days))
    return list(rows.order_by("opening_at", "name", "number")[:200])


def papers(kinds: tuple[str, ...] = (), limit: int = 20, offset: int = 0) -> list[models.PortalPaper]:
    """Public papers, newest first."""
    rows = models.PortalPaper.objects.filter(public=True).exclude(kind__in=("tender_document", "opening_record"))
    if kinds:
        rows = rows.filter(kind__in=kinds)
    return list(rows.order_by("-at", "document")[offset : offset + limit])


def papers_of(lot: UUID) -> list[models.PortalPaper]:
    return list(models.PortalPaper.objects.filter(lot=lot, public=True).order_by("-at"))


def lots(found: set[UUID]) -> dict[UUID, models.PortalLot]:
    return models.PortalLot.objects.in_bulk(list(found))


def lot(lot: UUID) -> models.PortalLot | None:
    return models.PortalLot.objects.filter(pk=lot).first()


def timeline(lot: UUID) -> list[models.PortalLine]:
    """Newest first."""
    return list(models.PortalLine.objects.filter(lot=lot).order_by("-number"))


def search(words: str, state: str = "", page: int = 1) -> tuple[list[models.PortalLot], int]:
    """Announced lots whose name, number or code holds all the words; and how many there are."""
    rows = models.PortalLot.objects.exclude(announced_at=None)
    for word in words.split()[:6]:
        rows = rows.filter(text__icontains=word)
    if state == "results":
        rows = rows.filter(state__in=RESULTS)
    elif state:
        rows = rows.filter(state=state)
    return list(rows.order_by("-announced_at", "lot")[(page - 1) * PAGE : page * PAGE]), rows.count()


def plans(limit: int = 20) -> list[models.PortalPlan]:
    return list(models.PortalPlan.objects.order_by("-at")[:limit])


def month(at: datetime) -> dict[str, Any]:
    """This month's count of announced lots, awarded sum and saving against ceilings."""
    start = at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    announced = models.PortalLot.objects.filter(announced_at__gte=start).aggregate(n=Count("lot"))["n"]
    won = models.PortalLot.objects.filter(awarded_at__gte=start)
    amount = won.aggregate(s=Sum("amount"))["s"]
    capped = won.exclude(ceiling=None).aggregate(a=Sum("amount"), c=Sum("ceiling"))
    saving = round((1 - capped["a"] / capped["c"]) * 100, 2) if capped["c"] else None
    return {"procedures": announced or None, "amount": amount, "saving": saving, "refunds": None, "rating": None}

"""What a later stage's command does to papers in its own transaction."""

from uuid import UUID

from mingzheng.stages.issuing import models, queries, rules


def leave_unsealed(lot: UUID) -> None:
    """The lot's file is closed: nothing can follow, papers still waiting stay as they were filed."""
    for paper in queries.of_lot(lot):
        if paper.waiting:
            models.Paper.objects.update_or_create(
                document=paper.document,
                defaults={"lot": lot, "paper": paper.paper, "state": rules.LEFT, "next_try": None},
            )

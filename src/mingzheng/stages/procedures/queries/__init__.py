"""What others may know of procedures and lots. Frozen facts, never models."""

from mingzheng.stages.procedures.queries.access import (
    INSIDE,
    may_know,
    owns,
    require_known_lot,
    require_known_procedure,
)
from mingzheng.stages.procedures.queries.lot_facts import (
    LotFacts,
    lot,
    lot_by_code,
    lots,
    lots_by_id,
    lots_with_part,
    reached,
    reached_by,
    retenders_of,
)
from mingzheng.stages.procedures.queries.papers import (
    DocumentFacts,
    document,
    document_facts,
    documents,
    documents_by,
)
from mingzheng.stages.procedures.queries.registrations import (
    DeskFacts,
    ProcedureFacts,
    WaitingFacts,
    latest_registration,
    planned_location,
    plans_of,
    prepared_at,
    procedure,
    procedure_by_number,
    procedures_for,
    registration_desk,
    waiting_registrations,
)
from mingzheng.stages.procedures.queries.running import (
    ClockFacts,
    HoldFacts,
    clock,
    clocks,
    clocks_of,
    due,
    held_parts,
    holds,
    parts,
    require_not_held,
    require_part,
)

__all__ = [
    "INSIDE", "ClockFacts", "DeskFacts", "DocumentFacts", "HoldFacts", "LotFacts", "ProcedureFacts", "WaitingFacts",
    "clock", "clocks", "clocks_of", "document", "document_facts", "documents", "documents_by", "due", "held_parts", "holds",
    "latest_registration", "lot", "lot_by_code", "lots", "lots_by_id", "lots_with_part", "may_know", "owns", "parts",
    "planned_location", "plans_of", "prepared_at", "procedure", "procedure_by_number", "procedures_for", "reached", "reached_by",
    "registration_desk", "require_known_lot", "require_known_procedure", "require_not_held", "require_part", "retenders_of", "waiting_registrations",
]  # fmt: skip

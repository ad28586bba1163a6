"""What happened to procedures and lots."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from mingzheng.kernel.event import event


@event("procedures.tender-plan-published", stream="centre")
class TenderPlanPublished:
    """招标计划发布 (ZB-5.1.1): what is planned, by whom, when the notice is expected (until V2)."""

    plan: UUID
    name: str
    procuring_entity: UUID
    procuring_entity_name: str
    content: str
    estimate: Decimal
    expected_notice: datetime


@event("procedures.tender-plan-published-v2", stream="centre")
class TenderPlanPublishedV2:
    """招标计划发布 with the place of the works (建设地点), which the first version did not tell."""

    plan: UUID
    name: str
    procuring_entity: UUID
    procuring_entity_name: str
    location: str
    content: str
    estimate: Decimal
    expected_notice: datetime


@event("procedures.registration-submitted", stream="procedure")
class RegistrationSubmitted:
    """项目登记提交: the whole registration as given, with what the checks pointed out."""

    procedure: UUID
    number: str
    name: str
    kind: str
    procuring_entity: UUID
    agency: UUID | None
    content: dict[str, Any]
    prompts: tuple[str, ...]
    channel: str


@event("procedures.registration-returned", stream="procedure")
class RegistrationReturned:
    """一次性告知: everything that is missing, told at once; `late_items` were not in an earlier list and carry a reason."""

    procedure: UUID
    round: int
    items: tuple[str, ...]
    late_items: tuple[str, ...]
    reason: str


@event("procedures.registration-supplemented", stream="procedure")
class RegistrationSupplemented:
    """The papers asked for were supplied."""

    procedure: UUID
    supplied: dict[str, str]


@event("procedures.registration-completed", stream="procedure")
class RegistrationCompleted:
    """登记完成 by the centre, with the person responsible for service (GF-6.2.4) and the numbers given."""

    procedure: UUID
    service_responsible: UUID
    service_name: str
    service_phone: str
    project_code: str
    tender_project_code: str


@event("procedures.registration-overdue", stream="procedure")
class RegistrationOverdue:
    """The promised time passed before the centre completed or returned the registration (GF-6.2.3, GF-10.2)."""

    procedure: UUID
    promised: datetime
    alerted: tuple[UUID, ...]


@event("procedures.notes-sent", stream="procedure")
class NotesSent:
    """交易注意事项 of the kind went to the owner and the agency with the completed registration (GF-6.2.3)."""

    procedure: UUID
    kind: str
    cautions: tuple[str, ...]


@event("procedures.lot-registered", stream="lot")
class LotRegistered:
    """A lot begins: the rule pack and the profiles in force are pinned to it (P-05)."""

    lot: UUID
    procedure: UUID
    number: int
    name: str
    section_code: str
    unified_deal_code: str
    pack: str
    profiles: tuple[str, ...]
    suite: str
    mandatory: bool
    estimate: Decimal
    retender_of: UUID | None


@event("procedures.person-appointed", stream="lot")
class PersonAppointed:
    """A named person takes a part in the lot: host, witness, supervisor, rescue holder."""

    lot: UUID
    part: str
    person: UUID
    organisation: UUID
    centre: str


@event("procedures.clock-started", stream="lot")
class ClockStarted:
    """A clock of the lot runs until `due`; `because` explains the arithmetic, `rule` names its source."""

    lot: UUID
    clock: str
    due: datetime
    because: str
    rule: str
    provisional: bool


@event("procedures.clock-moved", stream="lot")
class ClockMoved:
    """A running clock got another due time."""

    lot: UUID
    clock: str
    due: datetime
    earlier: datetime
    because: str


@event("procedures.hold-placed", stream="lot")
class HoldPlaced:
    """An act is blocked until what blocks it is settled."""

    lot: UUID
    hold: UUID
    act: str
    by: str
    subject: UUID | None
    lifted_by: str


@event("procedures.hold-lifted", stream="lot")
class HoldLifted:
    """What blocked the act is settled."""

    lot: UUID
    hold: UUID
    act: str
    because: str


@event("procedures.draw-seed-committed", stream="lot")
class DrawSeedCommitted:
    """The digest of the secret seed of a draw to come, public before anything that shapes the draw is known.

    `number` counts the seeds of one purpose; they are used in that order, so none can be passed over unseen.
    """

    lot: UUID
    purpose: str
    number: int
    commitment: str


@event("procedures.lot-suspended", stream="lot")
class LotSuspended:
    """暂停: all stage acts and clocks stop; cause, basis and who approved it are kept (GF-6.5.6)."""

    lot: UUID
    reason: str
    basis: str
    phase: str


@event("procedures.lot-resumed", stream="lot")
class LotResumed:
    """恢复: same phase as before; each clock has the time left that it had."""

    lot: UUID
    decision: str
    phase: str
    clocks: dict[str, Any]


@event("procedures.lot-terminated", stream="lot")
class LotTerminated:
    """终止: the tender of this lot ends; deposits go back with interest (ZB-19)."""

    lot: UUID
    procedure: UUID
    reason: str
    basis: str


@event("procedures.lot-failed", stream="lot")
class LotFailed:
    """流标: too few bidders or all rejected; the lot may be tendered again."""

    lot: UUID
    procedure: UUID
    cause: str
    rule: str


@event("procedures.document-filed", stream="lot")
class DocumentFiled:
    """A paper of the lot was made: its digest is proven, its bytes lie in the object store."""

    lot: UUID
    document: UUID
    document_kind: str
    title: str
    digest: str
    size: int
    public: bool
    signers: tuple[str, ...]


@event("procedures.document-opened", stream="lot")
class DocumentOpened:
    """A paper that only some could read is public from now on."""

    lot: UUID
    document: UUID

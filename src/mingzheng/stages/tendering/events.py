"""What happened between registration and the deadline. Lot events are public; what one bidder does stays in its dealing."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from mingzheng.kernel.event import event


@event("tendering.template-requested", stream="lot")
class TemplateRequested:
    """The owner asked for a standard template and it opened in the editor (GF-6.2.5-1)."""

    lot: UUID
    template: str
    version: str


@event("tendering.guidance-noted", stream="lot")
class GuidanceNoted:
    """Staff of the centre helped with the notice; help binds nobody (RG-7.2.1-1)."""

    lot: UUID
    staff: UUID
    text: str


@event("tendering.notice-published", stream="lot")
class NoticePublished:
    """招标公告发布: notice and tender documents are public, by the owner's signature alone (GF-6.2.5-2).

    `fields` is the whole structured document, `content_digest` that of its canonical JSON, `criteria_digest` that of
    the method's data. `findings` are the rule checks as they stood, `reasons` what the owner wrote to those that ask
    for a reason (P-01), `confirmation` the reminder confirmed (RG-7.2.2: text version and digest).
    """

    lot: UUID
    procedure: UUID
    version: int
    template: str
    pack: str
    method: str
    fields: dict[str, Any]
    content_digest: str
    criteria_digest: str
    price_ceiling: Decimal | None
    deposit_amount: Decimal
    documents_from: datetime
    documents_until: datetime
    question_deadline: datetime
    bid_deadline: datetime
    opening_place: str
    notice_document: UUID
    tender_document: UUID
    document_digest: str
    findings: tuple[dict[str, Any], ...]
    reasons: dict[str, str]
    confirmation: dict[str, str]


@event("tendering.document-amended", stream="lot")
class DocumentAmended:
    """A clarification changed fields of the tender documents; a new version of the whole was filed."""

    lot: UUID
    version: int
    changed: dict[str, Any]
    content_digest: str
    criteria_digest: str
    tender_document: UUID
    document_digest: str


@event("tendering.clarification-published", stream="lot")
class ClarificationPublished:
    """澄清修改: questions as asked, without who asked, and answers; `new_deadline` when the deadline had to move."""

    lot: UUID
    clarification: UUID
    number: int
    items: tuple[dict[str, str], ...]
    changes: tuple[str, ...]
    affects_bids: bool
    finding: dict[str, Any]
    old_deadline: datetime
    new_deadline: datetime | None
    document: UUID
    digest: str


@event("tendering.deadline-postponed", stream="lot")
class DeadlinePostponed:
    """延期: the deadline, and with it the opening, moves for a stated reason."""

    lot: UUID
    old_deadline: datetime
    new_deadline: datetime
    reason: str
    document: UUID
    because_of: UUID | None


@event("tendering.media-commissioned", stream="lot")
class MediaCommissioned:
    """The owner's act commissioned the statutory media with a paper; sending follows (GF-6.4.1-1)."""

    lot: UUID
    document: UUID
    digest: str
    media: tuple[str, ...]


@event("tendering.media-received", stream="lot")
class MediaReceived:
    """A medium took the paper and confirmed what it stored; `same` compares its digest with ours (GF-6.4.1-2)."""

    lot: UUID
    document: UUID
    medium: str
    reference: str
    url: str
    ours: str
    theirs: str
    same: bool
    received_at: datetime


@event("tendering.media-refused", stream="lot")
class MediaRefused:
    """A medium would not publish the paper, with its own words."""

    lot: UUID
    document: UUID
    medium: str
    reason: str


@event("tendering.media-copy-differs", stream="lot")
class MediaCopyDiffers:
    """A medium shows something else than what was published here (GF-6.4.1-2): an alert."""

    lot: UUID
    document: UUID
    medium: str
    reference: str
    ours: str
    theirs: str


@event("tendering.media-told-late", stream="centre")
class MediaToldLate:
    """What a medium said after the lot's file was closed, whose last entry stays the closing one.

    outcome: received, differs or refused.
    """

    lot: UUID
    document: UUID
    medium: str
    outcome: str
    reference: str
    ours: str
    theirs: str


@event("tendering.preparation-noticed", stream="lot")
class PreparationNoticed:
    """The owner and the host were told to prepare for the opening (GF-6.5.1-2)."""

    lot: UUID
    opening_at: datetime
    persons: int


@event("tendering.unreadiness-reported", stream="lot")
class UnreadinessReported:
    """The centre cannot open at the set time; the owner must set another, supervision knows (RG-7.3.1-3, -4)."""

    lot: UUID
    report: UUID
    cause: str
    proposed: datetime | None
    handler: UUID


@event("tendering.enrolled", stream="dealing")
class Enrolled:
    """A bidder began dealings in a lot: by enrolling, or by the first download. Nobody else may know (招标投标法 22)."""

    dealing: UUID
    lot: UUID
    organisation: UUID
    organisation_name: str
    contact: dict[str, str]
    by: str


@event("tendering.contact-changed", stream="dealing")
class ContactChanged:
    """The bidder gave another contact."""

    dealing: UUID
    contact: dict[str, str]


@event("tendering.document-downloaded", stream="dealing")
class DocumentDownloaded:
    """A bidder took a paper of the lot."""

    dealing: UUID
    document: UUID
    digest: str


@event("tendering.question-asked", stream="dealing")
class QuestionAsked:
    """A bidder asked about the documents; the owner reads the words, never the name."""

    dealing: UUID
    question: UUID
    text: str
    digest: str


@event("tendering.objection-received", stream="lot")
class ObjectionReceived:
    """对招标文件的异议: it reached the owner's queue; who objects stands in the dealing's own stream (招标投标法实施条例 22)."""

    lot: UUID
    case: UUID
    in_time: bool
    answer_due: datetime
    forwarded_to: UUID


@event("tendering.objection-made", stream="dealing")
class ObjectionMade:
    """A bidder objects to notice or documents."""

    dealing: UUID
    case: UUID
    subject: str
    text: str
    digest: str


@event("tendering.objection-answered", stream="lot")
class ObjectionAnswered:
    """The owner answered an objection inside the system."""

    lot: UUID
    case: UUID
    answer: str


@event("tendering.complaint-filed", stream="organisation")
class ComplaintFiled:
    """投诉: a party complains to the supervision department; `in_time` by the day it knew (YY-04)."""

    organisation: UUID
    case: UUID
    lot: UUID
    subject: str
    digest: str
    in_time: bool
    forwarded_at: datetime


@event("tendering.complaint-taken", stream="organisation")
class ComplaintTaken:
    """The supervision department takes the complaint or refuses it with a reason (YY-05)."""

    organisation: UUID
    case: UUID
    accepted: bool
    reason: str
    decision_due: datetime | None


@event("tendering.assistance-asked", stream="organisation")
class AssistanceAsked:
    """Supervision asks the centre for help with a case: a task of the centre's staff."""

    organisation: UUID
    case: UUID
    assistance: int
    text: str
    staff: UUID | None


@event("tendering.assistance-given", stream="organisation")
class AssistanceGiven:
    """Staff looked into a case or supplied material; `attachment` is the digest of what was supplied."""

    organisation: UUID
    case: UUID
    assistance: int
    text: str
    attachment: str
    staff: UUID


@event("tendering.complaint-decided", stream="organisation")
class ComplaintDecided:
    """处理决定, resting on the assistance entries it names."""

    organisation: UUID
    case: UUID
    decision: str
    assistance: tuple[int, ...]

"""The acts of this stage, by whom they concern: drafting and publishing, bidders' dealings, clarifying, media."""

from mingzheng.stages.tendering.commands.cases import (
    answer_document_objection,
    ask_assistance,
    decide_complaint,
    file_complaint,
    give_assistance,
    object_to_documents,
    take_complaint,
)
from mingzheng.stages.tendering.commands.clarifying import answer_question, publish_clarification
from mingzheng.stages.tendering.commands.dealing import ask_question, change_contact, download_document, enrol
from mingzheng.stages.tendering.commands.drafting import note_guidance, request_template, save_draft
from mingzheng.stages.tendering.commands.endings import announce_ending
from mingzheng.stages.tendering.commands.media import (
    compare_copy,
    receive_receipt,
    record_refusal,
    retry_submission,
    send_again,
)
from mingzheng.stages.tendering.commands.pauses import prepare_suspension, publish_suspension
from mingzheng.stages.tendering.commands.publishing import publish_notice
from mingzheng.stages.tendering.commands.timing import postpone_deadline, remind_preparation, report_unready

__all__ = [
    "announce_ending", "answer_document_objection", "answer_question", "ask_assistance", "ask_question", "change_contact", "compare_copy",
    "decide_complaint", "download_document", "enrol", "file_complaint", "give_assistance", "note_guidance",
    "object_to_documents", "postpone_deadline", "prepare_suspension", "publish_clarification", "publish_notice", "publish_suspension", "receive_receipt",
    "record_refusal", "remind_preparation", "report_unready", "request_template", "retry_submission", "save_draft",
    "send_again", "take_complaint",
]  # fmt: skip

"""Closing files, keeping them, answering inquiries."""

from mingzheng.stages.archiving.commands.closing import close_file, record_package
from mingzheng.stages.archiving.commands.inquiring import decide_inquiry, file_inquiry, open_item
from mingzheng.stages.archiving.commands.keeping import (
    approve_disposal,
    note_checked,
    propose_disposal,
    record_damage,
    register_item,
    set_retention,
    shelve_volume,
)

__all__ = [
    "approve_disposal", "close_file", "decide_inquiry", "file_inquiry", "note_checked", "open_item", "propose_disposal", "record_damage",
    "record_package", "register_item", "set_retention", "shelve_volume",
]  # fmt: skip

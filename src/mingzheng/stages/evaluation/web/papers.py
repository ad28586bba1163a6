"""Files of bids on a member's page: what the check found, in words, and how a file may be taken."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as label

from mingzheng.kernel import ports
from mingzheng.stages.opening.queries import FileCheckFacts

FOUND = {
    "file.two-kinds": label("文件同时是压缩包"), "file.empty": label("文件是空的"), "file.too-large": label("文件太大"), "type.not-allowed": label("不是常用的文件类型"),
    "type.not-what-its-name-says": label("内容与扩展名不符"), "pdf.javascript": label("PDF 中含脚本"),
    "pdf.launches-a-program": label("PDF 会启动程序"), "pdf.sends-data": label("PDF 会向外发送数据"),
    "pdf.reads-files": label("PDF 会读取本机文件"), "pdf.plays-media": label("PDF 中含音视频"),
    "pdf.embedded-file": label("PDF 中夹带文件"), "pdf.dynamic-form": label("PDF 含动态表单"), "pdf.encrypted": label("文件加了密码，无法检查"),
    "pdf.damaged": label("文件不完整或不是有效的 PDF"), "pdf.no-page": label("PDF 没有页"), "pdf.too-many-objects": label("PDF 结构过大"),
    "pdf.too-deep": label("PDF 结构过深"), "xml.doctype": label("XML 含外部定义"), "xml.too-deep": label("XML 层次过深"),
    "xml.damaged": label("XML 不完整"), "zip.too-large": label("压缩包展开后过大"), "zip.leaves-its-folder": label("压缩包会写到别的文件夹"),
    "zip.program": label("压缩包中含程序"), "zip.too-many-entries": label("压缩包条目过多"), "zip.encrypted": label("文件加了密码，无法检查"),
    "zip.link": label("压缩包中含链接"), "zip.doubled-name": label("压缩包中有重名条目"), "zip.damaged": label("压缩包不完整"),
    "zip.overlapping": label("压缩包条目互相重叠"), "xlsx.external-link": label("表格引用外部文件"), "xml.stylesheet": label("XML 引用外部样式"),
    "zip.nested": label("压缩包中还有压缩包"), "xlsx.macro": label("表格含宏"), "xlsx.active-content": label("表格含可执行内容"),
    "image.damaged": label("图片不完整"), "image.too-large": label("图片尺寸过大"), "image.trailing-bytes": label("图片后面带有多余内容"),
    "scanner.virus": label("发现病毒"), "scanner.unavailable": label("病毒扫描器没有应答"),
}  # fmt: skip
STATES = {
    "waiting": (label("正在检查"), "info"), "clear": (label("已检查"), "ok"), "warned": (label("仅供下载"), "warn"),
    "held": (label("不予放行"), "bad"),
}  # fmt: skip


def shown(part: dict[str, Any]) -> dict[str, Any]:
    """A file's line: its state as a chip, what was found, whether it may be opened, and in the page."""
    check: FileCheckFacts = part["check"]
    chip, tone = STATES[check.state]
    told = [one["code"] for one in check.findings if one["severity"] != "note" and one["code"] != "scanner.unavailable"]
    said = [_(FOUND[code]) for code in told if code in FOUND]
    if any(one["code"] == "scanner.unavailable" for one in check.findings) and check.state == "waiting":
        chip, tone = label("扫描器没有应答，自动重试"), "warn"
    return {
        **part,
        "open": check.state in ("clear", "warned"),
        "readable": _readable(check, str(part["name"])),
        "chip": _(chip),
        "tone": tone,
        "found": list(dict.fromkeys(said)),
    }


def scanner() -> str:
    """The virus scanner that is connected, '' for none: the page says so either way."""
    return str(ports.get("scanner").engine)


def _readable(check: FileCheckFacts, name: str) -> bool:
    """Whether a file may be shown: only a PDF nothing was found in."""
    return check.state == "clear" and name.lower().endswith(".pdf")


def headers(check: FileCheckFacts, name: str) -> tuple[str, bool]:
    """Content type, and whether the browser must keep it as a download."""
    paper = _readable(check, name)
    return ("application/pdf" if paper else "application/octet-stream"), not paper

"""Writes docs/law/rules.md from the rule packs: rule, value, severity, article. Run: python -m <this module>.

A test compares the page with the packs, so the page can be trusted to say what the program does.
"""

from __future__ import annotations

from pathlib import Path

from mingzheng.stages.procedures import packs
from mingzheng.stages.procedures.pack_rules import Rule

PAGE = Path(__file__).parents[4] / "docs" / "law" / "rules.md"
SEVERITY_ZH = {
    "block": "拒绝", "block_with_reason": "拒绝，除非写明理由", "warn": "提示", "flag": "线索", "auto": "系统办理",
}  # fmt: skip
CERTAINTY = {
    "V": "read in the primary text", "V2": "read second hand", "S": "standard of this project",
    "K1": "from knowledge, sure; confirm", "K2": "from knowledge, less sure; confirm", "U": "unconfirmed",
    "design": "our own default",
}  # fmt: skip
_HEAD = """# Rules and where they stand

Written from the rule packs by `python -m mingzheng.stages.procedures.packs_doc`; do not edit. A rule with
certainty K1, K2 or U has not been compared with the official text: have it confirmed before real use.

Severity: 拒绝 the law tells the platform to refuse; 拒绝，除非写明理由 refused unless an authorised person records a
reason (the centre has no power to approve trading documents); 提示 shown and acknowledged; 线索 a lead for people,
never a decision; 系统办理 done by the system. A second severity holds for projects that need not be tendered by law.
A provisional calendar (a year not yet announced) never refuses anything.
"""


def page() -> str:
    """The whole page as Markdown."""
    parts = [_HEAD]
    for name in packs.names():
        pack = packs.load(name)
        unsure = sum(rule.certainty in ("K1", "K2", "U") for rule in pack.rules.values())
        parts.append(
            f"\n## {pack.zh}\n\n`{pack.id}` version {pack.version}, {len(pack.rules)} rules, {unsure} to be confirmed.\n"
        )
        parts.append("| rule | what | value | severity | source | certainty |\n|---|---|---|---|---|---|")
        parts += [_row(rule) for _, rule in sorted(pack.rules.items())]
    parts.append("\n## Certainty\n\n" + "\n".join(f"- {key}: {meaning}" for key, meaning in CERTAINTY.items()))
    parts.append("\n## Sources\n\n| short name | full title | text followed | read |\n|---|---|---|---|")
    parts += [
        f"| {law.key} | {law.title}{f'（{law.number}）' if law.number else ''} | {law.text} | {'yes' if law.read else 'no'} |"
        for law in packs.laws().values()
    ]
    return "\n".join(parts) + "\n"


def _row(rule: Rule) -> str:
    severity = SEVERITY_ZH[rule.severity]
    if rule.when.get("mandatory") and rule.otherwise != rule.severity:
        severity += f" / {SEVERITY_ZH[rule.otherwise]}"
    value = rule.told_value or "、".join(item["zh"] for item in rule.check.items) or "—"
    note = f"<br>{rule.note}" if rule.note else ""
    return f"| {rule.id} | {rule.zh}{note} | {value} | {severity} | {rule.source} | {rule.certainty} |"


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")

"""Profiles: what each standard (RG, GF, ZB, LN, SD) adds, as switches. A deployment may keep several at once.

Combined, the strictest value of each switch wins and every difference is listed, so that a centre sees which
standard it follows where they disagree.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


class BadProfile(ValueError):
    """A profile's file is not well formed; the message names profile and switch."""


def _together(values: list[Any]) -> Any:
    """Lists: everybody any profile names; order of first appearance."""
    return tuple(dict.fromkeys(item for value in values for item in value))


def _everyone(values: list[Any]) -> Any:
    """As `_together`, for demands that contradict each other when read alone (then the difference is told)."""
    return _together(values)


def _common(values: list[Any]) -> Any:
    """Lists of permitted choices: what all profiles permit."""
    return tuple(item for item in values[0] if all(item in value for value in values[1:]))


@dataclass(frozen=True, slots=True)
class Switch:
    """One thing a profile can say: its type, what holds when no profile says it, and which of two values is stricter."""

    type: type
    default: Any
    strictest: Callable[[list[Any]], Any]
    zh: str


SWITCHES: Mapping[str, Switch] = {
    "draw_presence": Switch(list, (), _everyone, "抽取专家时须在场的人员"),
    "draw_after_opening": Switch(bool, False, any, "有开标结果后才能申请抽取专家"),
    "direct_appointment": Switch(bool, True, all, "特殊项目可直接确定专家"),
    "experts_released_at": Switch(str, "draw", lambda v: "evaluation_start" if "evaluation_start" in v else v[0],
                                  "专家名单公开给现场的时点"),
    "representative_may_chair": Switch(bool, True, all, "招标人代表可任组长"),
    "score_deviation_limit": Switch(int, 20, min, "评分偏离提示线（%）"),
    "late_minutes": Switch(int, 15, min, "专家迟到记录线（分钟，含本数）"),
    "sign_methods": Switch(list, ("certificate", "cloud_sign", "tablet"), _common, "评标报告可用的签署方式"),
    "publicity_days": Switch(int, 3, max, "候选人公示最短日数"),
    "plan_ahead_days": Switch(int, 0, max, "招标计划提前发布日数"),
    "retention_years": Switch(int, 15, max, "交易档案保存年限"),
    "witness_required": Switch(bool, False, any, "每标段须指定见证人"),
    "witness_records": Switch(list, (), _together, "须形成的见证记录"),
    "witness_report": Switch(bool, False, any, "合同签订且退还保证金后生成见证报告"),
    "winner_refund_confirmed": Switch(bool, False, any, "退还中标人保证金须招标人确认"),
    "live_opening": Switch(bool, True, any, "开标全过程向交易主体实时展示"),
    "evaluation_recording_access": Switch(list, ("supervision",), _common, "可调阅评标录像的人员"),
    "room_square_metres": Switch(int, 0, max, "评标室最小面积（平方米）"),
    "room_seats_least": Switch(int, 0, max, "评标室最少席位"),
    "camera_lines": Switch(int, 0, max, "摄像头最低线数（P）"),
    "network_megabits": Switch(int, 0, max, "互联网带宽下限（兆）"),
    "guard_warnings": Switch(list, (), _together, "须自动预警的情形"),
}  # fmt: skip


@dataclass(frozen=True)
class Profile:
    """One standard's switches, or several combined. A switch nobody set has its default."""

    id: str
    zh: str
    en: str
    document: str
    switches: Mapping[str, Any]
    sources: Mapping[str, str]
    conflicts: tuple[str, ...] = ()

    def __getitem__(self, switch: str) -> Any:
        """The value of a switch; KeyError for a name that is no switch."""
        return self.switches.get(switch, SWITCHES[switch].default)


@lru_cache(maxsize=16)
def profile(name: str) -> Profile:
    """The profile `name` (RG, GF, ZB, LN, SD). Raises `BadProfile`."""
    path = FOLDER / f"{name}.toml"
    if not name.isalnum() or not path.is_file():
        raise BadProfile(f"no profile {name!r}")
    return build(name, tomllib.loads(path.read_text(encoding="utf-8")))


def build(name: str, content: Mapping[str, Any]) -> Profile:
    """A profile from the content of its file, validated. Raises `BadProfile`."""
    switches, sources = {}, {}
    for switch, entry in content.get("switch", {}).items():
        known = SWITCHES.get(switch)
        if known is None:
            raise BadProfile(f"{name}: unknown switch {switch}")
        if type(entry.get("value")) is not known.type or not entry.get("source"):
            raise BadProfile(f"{name}: {switch} needs a {known.type.__name__} and its source")
        switches[switch] = tuple(entry["value"]) if known.type is list else entry["value"]
        sources[switch] = entry["source"]
    try:
        return Profile(name, content["zh"], content["en"], content["document"], switches, sources)
    except KeyError as wrong:
        raise BadProfile(f"{name}: lacks {wrong}") from wrong


def names() -> tuple[str, ...]:
    """All profiles delivered with the program."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def combined(chosen: list[str] | tuple[str, ...]) -> Profile:
    """Several profiles as one: the strictest value of each switch, with the differences told."""
    loaded = [profile(name) for name in chosen]
    switches, sources, conflicts = {}, {}, []
    for switch, known in SWITCHES.items():
        said = [(one.id, one.switches[switch], one.sources[switch]) for one in loaded if switch in one.switches]
        if not said:
            continue
        switches[switch] = known.strictest([value for _, value, _ in said])
        sources[switch] = "；".join(f"{source}" for _, _, source in said)
        if known.strictest is not _together and len({value for _, value, _ in said}) > 1:
            each = "、".join(f"{name} {_told(value)}" for name, value, _ in said)
            conflicts.append(f"{known.zh}：{each}，按从严取 {_told(switches[switch])}")
    return Profile(
        id="+".join(chosen), zh="、".join(one.zh for one in loaded), en=", ".join(one.en for one in loaded),
        document="", switches=switches, sources=sources, conflicts=tuple(conflicts),
    )  # fmt: skip


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(value) if isinstance(value, tuple) else str(value)

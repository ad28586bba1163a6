"""How moments, spans of time and sizes are said. The browser says them the same way (frontend/ts/wording.ts)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from mingzheng.kernel.clock import UTC8

MINUTE, HOUR, DAY = 60, 3600, 86400
WARN_BELOW, BAD_BELOW = 30 * MINUTE, 5 * MINUTE


def moment(value: datetime | date | None, style: str = "") -> str:
    """`2026-11-21 09:30`. Styles: full (seconds), short (no year), time, clock (time with seconds), date, day (no year),
    until (midnight is written 24:00 of the day before, as deadlines are announced)."""
    if value is None:
        return "—"
    if not isinstance(value, datetime):
        return value.strftime("%m-%d" if style in ("short", "day") else "%Y-%m-%d")
    here = value.astimezone(UTC8)
    if style.startswith("until") and (here.hour, here.minute, here.second) == (0, 0, 0):
        before = here - timedelta(days=1)
        return before.strftime("%m-%d 24:00" if style == "until-short" else "%Y-%m-%d 24:00")
    patterns = {
        "": "%Y-%m-%d %H:%M",
        "full": "%Y-%m-%d %H:%M:%S",
        "short": "%m-%d %H:%M",
        "time": "%H:%M",
        "clock": "%H:%M:%S",
        "date": "%Y-%m-%d",
        "day": "%m-%d",
        "until": "%Y-%m-%d %H:%M",
        "until-short": "%m-%d %H:%M",
    }
    return here.strftime(patterns[style])


def weekday(value: datetime) -> str:
    """周一 to 周日, in UTC+8."""
    names = [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")]
    return names[value.astimezone(UTC8).weekday()]


def span(seconds: float) -> str:
    """Time left in the two largest units: `1 天 15 小时`, `18 小时 17 分`, `37 分 42 秒`. Zero or less: `已到`."""
    whole = int(seconds)
    if whole <= 0:
        return _("已到")
    if whole >= DAY:
        return _("{d} 天 {h} 小时").format(d=whole // DAY, h=whole % DAY // HOUR)
    if whole >= HOUR:
        return _("{h} 小时 {m} 分").format(h=whole // HOUR, m=whole % HOUR // MINUTE)
    return _("{m} 分 {s} 秒").format(m=whole // MINUTE, s=whole % MINUTE)


def urgency(seconds: float) -> str:
    """The tone of a countdown: warn under 30 minutes, bad under 5, nothing for what is past."""
    if 0 < seconds < BAD_BELOW:
        return "bad"
    return "warn" if 0 < seconds < WARN_BELOW else ""


def size(octets: int) -> str:
    """A file's size in the unit people know it by: `12.4 MB`, `86 kB`, `512 字节`."""
    if octets >= 1_000_000:
        return f"{octets / 1_000_000:,.1f} MB"
    if octets >= 1_000:
        return f"{octets / 1_000:,.0f} kB"
    return _("{n} 字节").format(n=octets)

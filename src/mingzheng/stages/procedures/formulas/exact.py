"""Exact decimal arithmetic of the formulas: 50 digits, half up, rounded only where a formula says so."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

EXACT = Context(prec=50, rounding=ROUND_HALF_UP)


def rounded(value: Decimal, places: int) -> Decimal:
    """Rounded half up to `places` decimals; never minus zero."""
    result = EXACT.quantize(value, Decimal(1).scaleb(-places))
    return abs(result) if result.is_zero() else result


def shown(value: Decimal) -> str:
    """A decimal without exponent and without superfluous zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain(value: Any) -> Any:
    """Decimals as strings, tuples as lists, for canonical JSON."""
    if isinstance(value, Decimal):
        return shown(value)
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value

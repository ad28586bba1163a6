"""Arithmetic as data: `["mul", ["add", "A", "T"], ["sub", 1, "r"]]`. No code is ever evaluated.

Operators: add, mul (two or more), sub, div (exactly two), min, max (one or more), round (value, places).
A string that is a name stands for a quantity, a string that is a number for that number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import reduce
from typing import Any

from mingzheng.stages.procedures.formulas.exact import EXACT, rounded

_ARITY = {"add": (2, 99), "mul": (2, 99), "sub": (2, 2), "div": (2, 2), "min": (1, 99), "max": (1, 99), "round": (2, 2)}
_SIGNS = {"add": " + ", "sub": " − ", "mul": " × ", "div": " ÷ "}


class BadExpression(ValueError):
    """An expression uses an unknown operator or name, or the wrong number of operands, or divides by zero."""


def names_in(expression: Any) -> frozenset[str]:
    """The quantities an expression uses; checks its form on the way. Raises `BadExpression`."""
    if isinstance(expression, str) and _number(expression) is None:
        return frozenset({expression})
    if not isinstance(expression, list | tuple):
        _leaf(expression, {})
        return frozenset()
    operator, operands = _parts(expression)
    if operator == "round" and not (isinstance(operands[1], int) and 0 <= operands[1] <= 10):
        raise BadExpression("round takes 0 to 10 places")
    return frozenset().union(*(names_in(operand) for operand in operands))


def compute(expression: Any, quantities: Mapping[str, Decimal]) -> Decimal:
    """The value of an expression for the given quantities, exact to 50 digits. Raises `BadExpression`."""
    if not isinstance(expression, list | tuple):
        return _leaf(expression, quantities)
    operator, operands = _parts(expression)
    values = [compute(operand, quantities) for operand in operands]
    if operator == "round":
        return rounded(values[0], int(values[1]))
    if operator in ("min", "max"):
        return min(values) if operator == "min" else max(values)
    if operator == "div" and values[1].is_zero():
        raise BadExpression("division by zero")
    step = {"add": EXACT.add, "sub": EXACT.subtract, "mul": EXACT.multiply, "div": EXACT.divide}[operator]
    return reduce(step, values)


def written(expression: Any, quantities: Mapping[str, str] | None = None) -> str:
    """The expression as people write it, with names or (where given) the texts of the quantities."""
    if not isinstance(expression, list | tuple):
        return (quantities or {}).get(str(expression), str(expression))
    operator, operands = _parts(expression)
    texts = [written(operand, quantities) for operand in operands]
    if operator == "round":
        return f"四舍五入({texts[0]}, {texts[1]}位)"
    if operator in ("min", "max"):
        return f"{'最小' if operator == 'min' else '最大'}({', '.join(texts)})"
    return f"({_SIGNS[operator].join(texts)})"


def _parts(expression: Sequence[Any]) -> tuple[str, Sequence[Any]]:
    if not expression or expression[0] not in _ARITY:
        raise BadExpression(f"unknown operator {expression[:1]!r}")
    operator, operands = str(expression[0]), expression[1:]
    least, most = _ARITY[operator]
    if not least <= len(operands) <= most:
        raise BadExpression(f"{operator} takes {least} to {most} operands, not {len(operands)}")
    return operator, operands


def _leaf(value: Any, quantities: Mapping[str, Decimal]) -> Decimal:
    if isinstance(value, str) and value in quantities:
        return quantities[value]
    number = _number(value)
    if number is None:
        raise BadExpression(f"unknown quantity {value!r}")
    return number


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None

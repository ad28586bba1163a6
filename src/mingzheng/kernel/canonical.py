"""Canonical JSON (RFC 8785): the one way a fact becomes text, so that anybody can render it again and compare bytes."""

from typing import Any

import rfc8785


def dumps(value: Any) -> str:
    """Render `value` canonically. Numbers beyond 2^53 and decimals are refused (ValueError): they travel as strings."""
    try:
        return rfc8785.dumps(value).decode("utf-8")
    except rfc8785.CanonicalizationError as error:
        raise ValueError(str(error)) from error

"""Log lines without secrets: never local variables, never request bodies; one line an event."""

import logging

import structlog


class DatabaseAway(logging.Filter):
    """A database that does not answer is one line a request, not pages of places: a minute of it must not fill the disk."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record passes; one about a lost database keeps the name and first line of what happened."""
        from django.db import InterfaceError, OperationalError

        fault = record.exc_info[1] if record.exc_info else None
        if isinstance(fault, OperationalError | InterfaceError):
            first = str(fault).partition("\n")[0][:300]
            record.msg, record.args = f"{record.getMessage()}: {type(fault).__name__}: {first}", ()
            record.exc_info = record.exc_text = None
        return True


def configure() -> None:
    """Time, level, event and named facts; an exception with its places only, never with values of variables."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=False),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(
                key_order=["timestamp", "level", "event"], drop_missing=True, bool_as_flag=False
            ),
        ],
        cache_logger_on_first_use=True,
    )

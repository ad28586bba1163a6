"""Log lines without secrets: never local variables, never request bodies; one line an event."""

import structlog


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

"""The log: one JSON object a line on stderr, without names, addresses, paths or typed words.

Library messages are written as their templates ("%s: %s"), never filled in, and a traceback as
the places it passed, never with the message: either may quote what somebody typed.
"""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

Fault = tuple[type[BaseException], BaseException, TracebackType | None]


def places(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Turn an exception into its type and the lines it passed."""
    fault = event.pop("exc_info", None)
    if isinstance(fault, BaseException):
        fault = (type(fault), fault, fault.__traceback__)
    elif fault is True:
        fault = sys.exc_info()
    if fault and fault[0]:
        event["error"] = fault[0].__name__
        event["at"] = [
            f"{frame.filename.rpartition('/src/')[2].rpartition('site-packages/')[2]}"
            f":{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(fault[2])
        ][-12:]
    return event


class Templates(logging.Filter):
    """Keep the words of a library's message, drop what would be filled in."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = str(record.msg)[:200], ()
        if not record.name.startswith("django"):
            record.msg = record.name  # others fill in before they log
        return True


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    places,
]


def configure(level: str = "INFO") -> dict[str, Any]:
    """Set structlog up and return Django's LOGGING."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_logger_name,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"templates": {"()": "comity.site.logs.Templates"}},
        "formatters": {
            "json": {
                "()": "structlog.stdlib.ProcessorFormatter",
                "foreign_pre_chain": [structlog.stdlib.add_logger_name, *SHARED],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            }
        },
        "handlers": {
            "house": {"class": "logging.StreamHandler", "formatter": "json"},
            "others": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "filters": ["templates"],
            },
        },
        "root": {"handlers": ["others"], "level": "WARNING"},
        "loggers": {
            "comity": {"handlers": ["house"], "level": level, "propagate": False},
            "django_tasks": {"level": "ERROR"},
            "django_tasks_db": {"level": "ERROR"},
            # Django's own handlers (mail to admins, plain text to stderr) are not wanted.
            "django": {"handlers": ["others"], "level": "ERROR", "propagate": False},
        },
    }

"""Logs as lines that machines read: request id, actor key and path, and no personal data."""

import re
from typing import Any

import structlog

EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
# tokens that stand in a path: the customer's page, links that set a password
SECRET_PATH = re.compile(r"(/(?:track|password/set)/)[^\s/?\"']+(?:/[^\s/?\"']+)?")
# secrets of API keys, wherever somebody put them
API_SECRET = re.compile(r"\bqs_[A-Za-z0-9]{8}_[A-Za-z0-9_-]+")
QUERY = re.compile(r"(/[\w./-]*)\?[^\s\"']+")
# PostgreSQL repeats the offending values after these words
ROW_VALUES = re.compile(r"^(\s*(?:DETAIL|CONTEXT|Detail|PARAMETERS):).*$", re.MULTILINE)
SECRET_KEYS = frozenset(
    {"password", "token", "secret", "authorization", "cookie", "email", "name", "phone"}
)

EventDict = dict[str, Any]


def redact(text: str) -> str:
    """The text without e-mail addresses, tokens, keys, query strings and the values of refused rows."""
    text = SECRET_PATH.sub(r"\1[token]", text)
    text = API_SECRET.sub("[API key]", text)
    text = EMAIL.sub("[e-mail]", text)
    text = QUERY.sub(r"\1?[query]", text)
    return ROW_VALUES.sub(r"\1 [values]", text)


def redact_event(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Processor: no line leaves with personal data in it."""
    for key, value in event.items():
        if key.startswith("_"):
            continue
        if key in SECRET_KEYS:
            event[key] = "[left out]"
        elif isinstance(value, str):
            event[key] = redact(value)
    return event


def redact_rendered(_logger: Any, _method: str, line: str) -> str:
    """The same for lines that are already text."""
    return redact(line)


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(allow=("status_code",)),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


def logging_config(*, as_json: bool, level: str = "INFO") -> dict[str, Any]:
    """The LOGGING setting: JSON lines in production, readable lines locally, redacted in both."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    shape = (
        [structlog.processors.format_exc_info, redact_event, structlog.processors.JSONRenderer()]
        if as_json
        else [
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            ),
            redact_rendered,
        ]
    )
    quiet = {"level": "WARNING"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *shape,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own handlers would write lines that nobody redacted
            "django": {"handlers": [], "level": level, "propagate": True},
            # the request line of core.middleware says it all; 5xx come with their traceback
            "django.request": {"level": "ERROR"},
            "django.security": quiet,
            # axes writes the e-mail addresses of those who fail to sign in
            "axes": {"level": "CRITICAL"},
            "fontTools": quiet,
            "weasyprint": quiet,
            "celery.app.trace": quiet,
            "celery.worker.strategy": quiet,
        },
    }

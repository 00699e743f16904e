"""Files in answers: under a name of our own making, never sniffed, never run in our origin."""

import re

from django.http import HttpResponse
from django.utils.http import content_disposition_header

_unsafe = re.compile(r"[^\w.() -]+", re.ASCII)
INLINE = frozenset({"application/pdf"})


def safe_name(name: str) -> str:
    """A file name without paths, controls or signs that turn it round."""
    cleaned = _unsafe.sub("-", name.replace("\\", "/").rpartition("/")[2]).strip(". -")
    return cleaned[:120] or "file"


def attachment(
    content: bytes, content_type: str, name: str, *, is_inline: bool = False
) -> HttpResponse:
    """The bytes as a download; `is_inline` opens a PDF in the browser instead."""
    shown = is_inline and content_type in INLINE
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = str(content_disposition_header(not shown, safe_name(name)))
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    if not shown:
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response

"""The timeline of a thing, for every page that shows one: `{% timeline "order" order.pk %}`."""

from typing import Any

from django import template

from core.timeline import page_of

register = template.Library()


@register.inclusion_tag("core/timeline.html")
def timeline(subject_type: str, subject_id: int, *more: Any) -> dict[str, Any]:
    """The newest entries of a thing; further pairs of type and id join in: `"parcel" parcel.pk`."""
    pairs = [(subject_type, subject_id), *zip(more[::2], more[1::2], strict=True)]
    return {"timeline": page_of(pairs)}

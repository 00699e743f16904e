"""How custom fields show: in a list's cells, and on a thing's page."""

from typing import Any

from django import template

from core.custom_fields import shown_on
from core.models import HasCustomFields

register = template.Library()


@register.filter
def custom_value(row: Any, column: Any) -> str:
    """The words of a list's custom column: `{% cell "custom" %}{{ row|custom_value:column }}`."""
    return str(column.read(row))


@register.inclusion_tag("components/custom_fields.html")
def custom_facts(thing: HasCustomFields, edit_url: str = "") -> dict[str, Any]:
    """The thing's custom fields as facts, inside a `dl`; `edit_url` where they have a form alone."""
    return {"pairs": shown_on(thing._meta.label_lower, thing.custom), "edit_url": edit_url}

"""Tags of list pages: the rows with the reader's choice of columns, and links that swap the list."""

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def swap(url: str) -> SafeString:
    """The attributes of a link that shows the list in another state, with and without JavaScript."""
    return format_html(
        'href="{0}" hx-get="{0}" hx-target="#results" hx-select="#results" hx-swap="outerHTML"'
        ' hx-push-url="true"',
        url,
    )


class CellNode(template.Node):
    """The content of one column's cell."""

    def __init__(self, code: FilterExpression, body: NodeList) -> None:
        self.code = code
        self.body = body

    def render(self, context: template.Context) -> SafeString:
        return self.body.render(context)


class RowsNode(template.Node):
    """All rows of the page: for each the columns in force, in their order, without any include."""

    def __init__(self, body: NodeList) -> None:
        self.cells: list[CellNode] = [node for node in body if isinstance(node, CellNode)]

    def render(self, context: template.Context) -> SafeString:
        page: Any = context["list"]
        by_code = {str(cell.code.resolve(context)): cell.body for cell in self.cells}
        edges = page.cell_edges
        cells = [
            (column, *edges[column.code], _body(by_code, column.code)) for column in page.columns
        ]
        listing, is_picked = page.listing, bool(page.actions)
        parts: list[str] = []
        with context.push():
            for row in page.rows:
                context["row"] = row
                tone = listing.row_class(row)
                parts.append(f'<tr data-row id="r-{row.pk}"')
                parts.append(f' class="{conditional_escape(tone)}">' if tone else ">")
                if is_picked:
                    label = conditional_escape(listing.row_label(row))
                    parts.append(
                        '<td class="pick"><input type="checkbox" name="selected"'
                        f' value="{row.pk}" aria-label="Select {label}"></td>'
                    )
                for column, opening, closing, body in cells:
                    context["column"] = column
                    parts.append(opening)
                    parts.append(body.render(context))
                    parts.append(closing)
                parts.append("</tr>")
        return mark_safe("".join(parts))  # noqa: S308 - every part is escaped where it is made


def _body(by_code: dict[str, NodeList], code: str) -> NodeList:
    """What a column's cells show: a cell “place” serves every column “place-…”, which it finds in
    `column`.
    """
    return by_code.get(code) or by_code.get(code.partition("-")[0]) or NodeList()


@register.tag
def rows(parser: Parser, token: Token) -> RowsNode:  # noqa: ARG001 - takes no argument
    """`{% rows %}{% cell "number" %}…{% endcell %}…{% endrows %}`; the row stands in `row`."""
    body = parser.parse(("endrows",))
    parser.delete_first_token()
    return RowsNode(body)


@register.tag
def cell(parser: Parser, token: Token) -> CellNode:
    _, code = token.split_contents()
    body = parser.parse(("endcell",))
    parser.delete_first_token()
    return CellNode(parser.compile_filter(code), body)

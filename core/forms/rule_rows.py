"""The rows of the builder of rules: read off what was sent, added, dropped and moved."""

import re
from typing import Any

ROW = re.compile(r"^(group|if|do)-(\d{1,3})-\w+$")
MOST_ROWS = 80

Rows = dict[int, dict[str, Any]]


def row_number(value: Any) -> int:
    """The number of a row as it was sent; 0 for what is none."""
    text = str(value if value is not None else "0")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0


def sent_rows(sent: Any) -> dict[str, Rows]:
    """The rows of a page as it was sent, by kind and number."""
    rows: dict[str, Rows] = {"group": {}, "if": {}, "do": {}}
    for key in sent:
        found = ROW.match(key)
        if found is None:
            continue
        kind, number = found[1], int(found[2])
        name = key.split("-", 2)[2]
        if number not in rows[kind] and len(rows[kind]) >= MOST_ROWS:
            continue
        values: list[str] = sent.getlist(key)
        is_many = kind == "if" and name == "value"
        rows[kind].setdefault(number, {})[name] = values if is_many else values[-1]
    return rows


def change_rows(rows: dict[str, Rows], do: str) -> None:
    """Add, drop or move a row, as a button says; whatever else it says changes nothing."""
    verb, _, rest = do.partition("-")
    kind, _, number = rest.partition("-")
    if kind not in rows:
        return
    if verb == "add":
        told = {"group": row_number(number)} if kind == "if" else {}
        rows[kind][_free(rows[kind])] = told
        if kind == "group":
            rows["if"][_free(rows["if"])] = {"group": max(rows["group"])}
    elif verb == "drop":
        rows[kind].pop(row_number(number), None)
        if kind == "group":
            rows["if"] = {
                pk: told
                for pk, told in rows["if"].items()
                if row_number(told.get("group")) != row_number(number)
            }
    elif verb == "up":
        _swap(rows[kind], row_number(number))


def _free(rows: Rows) -> int:
    return max(rows, default=-1) + 1


def _swap(rows: Rows, number: int) -> None:
    earlier = max((pk for pk in rows if pk < number), default=None)
    if number in rows and earlier is not None:
        rows[number], rows[earlier] = rows[earlier], rows[number]

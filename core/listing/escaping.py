"""Text in CSV cells that no spreadsheet takes for a formula, and the way back.

A cell that a spreadsheet might calculate gets an apostrophe in front; so does a cell that already
has apostrophes before such text, which makes the way back exact: `unescape(escape(text)) == text`
for every text. Telephone numbers are such cells as well (`'+49 30 1234`): with the apostrophe they
stay readable, while a bare +49301234 would become a number. Our imports take the apostrophe off.
Numbers are written as numbers and never pass through here. XLSX cells carry their type and need none.
"""

import re

# spreadsheets look behind blanks and control characters, and fold full-width signs
RISKY = re.compile("^'*[\\s\\x00-\\x20\ufeff\u200b]*[=+\\-@\\t\\r\\n\\x00\uff1d\uff0b\uff0d\uff20]")
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def escape(text: str) -> str:
    """The text as it may stand in a CSV cell."""
    return f"'{text}" if is_risky(text) else text


def unescape(cell: str) -> str:
    """The text that `escape` was given."""
    return cell[1:] if cell.startswith("'") and is_risky(cell) else cell


def is_risky(text: str) -> bool:
    return bool(RISKY.match(text))


def printable(text: str) -> str:
    """The text without the characters that XML, and so XLSX, cannot hold."""
    return UNPRINTABLE.sub("", text)

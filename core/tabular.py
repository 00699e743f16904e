"""Tables in text files: whatever encoding and delimiter they come with, read row by row.

Rows are numbered as a spreadsheet numbers them: the header is row 1, blank lines count, and a line
break within a cell does not.
"""

import csv
import io
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.errors import DomainError

MOST_BYTES = 200 * 1024 * 1024
MOST_ROWS = 2_000_000
MOST_COLUMNS = 500
LONGEST_CELL = 100_000
DELIMITERS = ",;\t|"
ISSUE_COLUMNS = ("_row", "_column", "_code", "_message")
BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
csv.field_size_limit(min(LONGEST_CELL, sys.maxsize))


class BadFile(DomainError):
    """The file as a whole cannot be read; the sentence says why and what to do."""

    code = "bad_file"


@dataclass(frozen=True)
class Decoded:
    text: str
    encoding: str


@dataclass(frozen=True)
class Row:
    """One row: its number, its cells untouched and the same by column, trimmed.

    `fault` is a sentence when the row has more cells than the header; missing ones are empty.
    """

    number: int
    cells: tuple[str, ...]
    values: dict[str, str]
    fault: str = ""


@dataclass(frozen=True)
class Table:
    """A file's header and the way to its rows; `rows()` may be called again."""

    text: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    header_row: int
    kept: tuple[int, ...]
    width: int

    def rows(self, *, after: int = 0) -> Iterator[Row]:
        """Rows that hold anything, in order; `after` leaves out those up to that number."""
        for number, cells in _records(self.text, self.delimiter):
            if number > self.header_row and number > after and any(cells):
                yield self._row(number, cells)

    def _row(self, number: int, cells: Sequence[str]) -> Row:
        known = [cells[i] if i < len(cells) else "" for i in self.kept]
        over = [cell for cell in cells[self.width :] if cell.strip()]
        fault = f"Left over behind the last column: {', '.join(over)}"[:300] if over else ""
        values = {name: cell.strip() for name, cell in zip(self.header, known, strict=True) if name}
        return Row(number, tuple(known), values, fault)


def decode(content: bytes) -> Decoded:
    """The text of a file: by its byte order mark, else UTF-16 by its zeros, UTF-8, Windows-1252."""
    if len(content) > MOST_BYTES:
        raise BadFile(f"The file is larger than {MOST_BYTES // 2**20} MB; split it.")
    if not content.strip():
        raise BadFile("The file is empty.")
    for bom, encoding in BOMS:
        if content.startswith(bom):
            return _checked(_decoded(content[len(bom) :], encoding), encoding)
    for encoding in (_by_zeros(content), "utf-8", "cp1252"):
        if encoding:
            try:
                return _checked(content.decode(encoding), encoding)
            except UnicodeDecodeError:
                continue
    raise BadFile("The file is no text; save it as CSV in UTF-8.")


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadFile(f"The file says it is {encoding}, and is not; save it as UTF-8.") from error


def _by_zeros(content: bytes) -> str:
    """UTF-16 without a mark shows in its zeros: every second byte of Latin text."""
    sample = content[:4000]
    if len(content) % 2 or not sample.count(0):
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > 0.4 * len(sample) / 2 and even == 0:
        return "utf-16-le"
    if even > 0.4 * len(sample) / 2 and odd == 0:
        return "utf-16-be"
    return ""


def _checked(text: str, encoding: str) -> Decoded:
    text = text.removeprefix("\ufeff")
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise BadFile(f"Line {line} holds a zero byte: this is no text file; save it as CSV.")
    if not text.strip():
        raise BadFile("The file is empty.")
    return Decoded(text, encoding)


def sniff_delimiter(text: str) -> str:
    """The most frequent delimiter of the first filled line, outside its quotes; a comma in doubt."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"?', "", first)
    counts = Counter(sign for sign in bare if sign in DELIMITERS)
    return max(DELIMITERS, key=lambda sign: counts[sign])


def read_table(content: bytes | str, *, delimiter: str = "") -> Table:
    """Read a file's header. Raises BadFile with a sentence for people."""
    decoded = decode(content) if isinstance(content, bytes) else _checked(content, "utf-8")
    text, sign = _without_hint(decoded.text)
    sign = delimiter or sign or sniff_delimiter(text)
    for number, cells in _records(text, sign):
        if any(cell.strip() for cell in cells):
            return _table(decoded.encoding, text, sign, number, cells)
    raise BadFile("The file has no header.")


def _without_hint(text: str) -> tuple[str, str]:
    """Excel may write “sep=;” first: the line stays as a blank one, so that rows keep their number."""
    hint = re.match(r"sep=(.)\r?\n", text)
    return (text[hint.end() - 1 :], hint[1]) if hint else (text, "")


def _table(encoding: str, text: str, sign: str, number: int, cells: list[str]) -> Table:
    names = [cell.strip() for cell in cells]
    if len(names) > MOST_COLUMNS:
        raise BadFile(f"The file has {len(names):,} columns; {MOST_COLUMNS} are read at most.")
    kept = [i for i, name in enumerate(names) if name not in ISSUE_COLUMNS]
    while kept and not names[kept[-1]]:
        kept.pop()
    header = tuple(names[i] for i in kept)
    twice = [name for name, count in Counter(header).items() if name and count > 1]
    if twice:
        raise BadFile(f"The column “{twice[0]}” stands in the header more than once; rename one.")
    return Table(text, encoding, sign, header, number, tuple(kept), len(names))


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number, line = 0, 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadFile(
                f"Row {number} (line {line + 1}) cannot be read: {_why(error)}. Is a quote never"
                " closed?"
            ) from error
        if number > MOST_ROWS:
            raise BadFile(f"The file has more than {MOST_ROWS:,} rows; split it.")
        if _is_unclosed(text, line, reader.line_num, cells):
            raise BadFile(f"A quote opened in row {number} (line {line + 1}) is never closed.")
        line = reader.line_num
        yield number, cells


def _why(error: csv.Error) -> str:
    if "field limit" in str(error):
        return f"one of its cells holds more than {LONGEST_CELL:,} characters"
    return str(error)


def _is_unclosed(text: str, before: int, after: int, cells: list[str]) -> bool:
    """The last record swallowed the rest of the file, and the quotes do not pair."""
    if after - before < 2 or not cells:
        return False
    last = cells[-1].rstrip("\r\n")
    return bool(last) and text.rstrip("\r\n").endswith(last) and text.count('"') % 2 == 1


def write_table(
    header: Sequence[str], rows: Iterable[Sequence[object]], *, delimiter: str = ","
) -> bytes:
    """A table as UTF-8 with a mark (so that spreadsheets open it rightly), cells untouched.

    It is meant to be read back; tables for people go through the export of the list kit.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()

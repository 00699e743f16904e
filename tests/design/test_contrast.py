"""The colours of both themes keep the contrast that WCAG 2.2 AA asks for, by computation."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
TEXT, PARTS = 4.5, 3.0
ROLES = ("neutral", "info", "success", "warning", "danger", "accent")
SURFACES = ("surface-0", "surface-1", "surface-2", "surface-3", "selected")

TEXT_PAIRS = [
    *((fg, bg) for fg in ("text", "text-muted", "accent") for bg in SURFACES),
    *((f"{role}-fg", f"{role}-bg") for role in ROLES),
    *((f"{role}-fg", bg) for role in ROLES for bg in ("surface-0", "surface-1", "surface-2")),
    *((fg, f"{role}-bg") for role in ROLES for fg in ("text", "text-muted")),
    ("on-accent", "accent-solid"),
    ("on-accent", "accent-solid-hover"),
    ("on-danger", "danger-solid"),
    ("on-danger", "danger-solid-hover"),
    ("nav-text", "nav-bg"),
    ("nav-text", "nav-hover"),
    ("nav-muted", "nav-bg"),
    ("nav-strong", "nav-active"),
]
PART_PAIRS = [
    *(("ring", bg) for bg in SURFACES),
    *(("border-strong", bg) for bg in ("surface-0", "surface-1", "surface-2")),
    *((f"{role}-solid", "surface-1") for role in ("accent", "danger", "success", "warning")),
]


def tokens(theme: str) -> dict[str, str]:
    """Colour tokens of a theme, name to six hex digits."""
    found: dict[str, str] = {}
    for name, value in re.findall(r"--([\w-]+):\s*([^;]+);", (CSS / "base.css").read_text()):
        colours = re.findall(r"#([0-9a-f]{6})\b", value)
        if re.fullmatch(r"light-dark\(#[0-9a-f]{6}, #[0-9a-f]{6}\)", value):
            found.setdefault(name, colours[theme == "dark"])
        elif re.fullmatch(r"#[0-9a-f]{6}", value):
            found.setdefault(name, colours[0])
    return found


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert round(contrast("000000", "ffffff"), 2) == 21


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("pairs", "least"), [(TEXT_PAIRS, TEXT), (PART_PAIRS, PARTS)], ids=["text", "parts"]
)
def test_every_pair_has_its_contrast(
    theme: str, pairs: list[tuple[str, str]], least: float
) -> None:
    colours = tokens(theme)
    short = {
        f"{fg} on {bg}": round(ratio, 2)
        for fg, bg in pairs
        if (ratio := contrast(colours[fg], colours[bg])) < least
    }
    assert short == {}


def test_fixed_colours_of_scan_pages_can_be_read() -> None:
    short = {}
    for css in sorted(CSS.glob("*.css")):
        for rule in re.findall(r"\{([^{}]*)\}", css.read_text()):
            fg = re.search(r"(?<![\w-])color:\s*(#[0-9a-f]{3,6})\b", rule)
            bg = re.search(r"(?<![\w-])background:\s*(#[0-9a-f]{6})\b", rule)
            if fg and bg:
                digits = fg[1][1:] if len(fg[1]) == 7 else "".join(c * 2 for c in fg[1][1:])
                if (ratio := contrast(digits, bg[1][1:])) < TEXT:
                    short[rule.strip()] = round(ratio, 2)
    assert short == {}

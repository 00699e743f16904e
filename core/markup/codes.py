"""Bar codes and QR codes as inline SVG, drawn with attributes alone."""

import segno
from barcode import Code128
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

QUIET_MODULES = 10


def barcode(
    text: str, height: float = 12, module: float = 0.33, *, label: bool = True
) -> SafeString:
    """Code 128 of a text: `height` and the width of one `module` in mm; `label` writes it below."""
    modules = Code128(str(text)).build()[0]
    bars: list[tuple[int, int]] = []
    for at, bit in enumerate(modules):
        if bit == "1":
            if bars and sum(bars[-1]) == at:
                bars[-1] = (bars[-1][0], bars[-1][1] + 1)
            else:
                bars.append((at, 1))
    width = len(modules) + 2 * QUIET_MODULES
    tall = round(height / module)
    below = 12 if label else 0
    return format_html(
        '<svg class="barcode" xmlns="http://www.w3.org/2000/svg" role="img" aria-label="Bar code {}"'
        ' width="{}mm" height="{}mm" viewBox="0 0 {} {}">{}{}</svg>',
        text,
        f"{width * module:.2f}",
        f"{(tall + below) * module:.2f}",
        width,
        tall + below,
        format_html_join(
            "",
            '<rect x="{}" y="0" width="{}" height="{}"/>',
            ((at + QUIET_MODULES, wide, tall) for at, wide in bars),
        ),
        _caption(text, width / 2, tall + 10) if label else "",
    )


def _caption(text: str, x: float, y: float) -> SafeString:
    return format_html(
        '<text x="{}" y="{}" text-anchor="middle" font-size="10">{}</text>', x, y, text
    )


def qr(text: str, size: float = 24) -> SafeString:
    """QR code of a text, `size` mm wide."""
    code = segno.make(str(text), error="m", micro=False)
    side = code.symbol_size(border=2)[0]
    dark = [(x + 2, y + 2) for y, row in enumerate(code.matrix) for x, bit in enumerate(row) if bit]
    path = "".join(f"M{x} {y}h1v1h-1z" for x, y in dark)
    return format_html(
        '<svg class="qr" xmlns="http://www.w3.org/2000/svg" role="img" aria-label="QR code"'
        ' width="{0}mm" height="{0}mm" viewBox="0 0 {1} {1}"><path d="{2}"/></svg>',
        size,
        side,
        mark_safe(path),  # noqa: S308  (digits and letters made above)
    )

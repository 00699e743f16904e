"""Pictures of products and variants: checked, kept once, with a thumbnail."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from django.db import transaction
from django.db.models import Max
from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import DomainError
from core.outbox import publish
from inventory.events import ProductChanged
from inventory.models import Picture, PictureFile, Product, Variant

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 40_000_000
MOST_PICTURES = 20
THUMBNAIL = 240
FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


class BadPicture(DomainError):
    """The file is no picture that can be kept."""

    code = "bad_picture"


@dataclass(frozen=True, slots=True)
class _Read:
    content_type: str
    width: int
    height: int
    thumbnail: bytes


def add_picture(
    *,
    product: Product,
    variant: Variant | None = None,
    content: bytes,
    description: str = "",
    now: datetime,
) -> Picture:
    """Keep a picture of a product, or of one variant of it. Raises BadPicture."""
    read = _read(content)
    sha256 = hashlib.sha256(content).hexdigest()
    rows = Picture.objects.filter(product=product, variant=variant)
    if rows.filter(sha256=sha256).exists():
        raise BadPicture("This picture is there already.", field="picture")
    if rows.count() >= MOST_PICTURES:
        raise BadPicture(
            f"There are {MOST_PICTURES} pictures already; take one away first.", field="picture"
        )
    with transaction.atomic():
        for is_thumbnail, content_type, data in (
            (False, read.content_type, content),
            (True, "image/webp", read.thumbnail),
        ):
            PictureFile.objects.get_or_create(
                sha256=sha256,
                is_thumbnail=is_thumbnail,
                defaults={"content_type": content_type, "content": data},
            )
        picture = Picture.objects.create(
            product=product,
            variant=variant,
            position=(rows.aggregate(last=Max("position"))["last"] or 0) + 1,
            description=description[:200],
            sha256=sha256,
            width=read.width,
            height=read.height,
            size=len(content),
            added_at=now,
        )
        _told(picture, "", picture.description or "added")
    return picture


def remove_picture(picture: Picture) -> None:
    """Take a picture away; its bytes go with the last that uses them."""
    with transaction.atomic():
        _told(picture, picture.description or "picture", "")
        picture.delete()
        if not Picture.objects.filter(sha256=picture.sha256).exists():
            PictureFile.objects.filter(sha256=picture.sha256).delete()


def _told(picture: Picture, before: str, after: str) -> None:
    fact = ProductChanged(product_id=picture.product_id, label=str(picture.product), what="changed")
    publish(fact, changes={"picture": (before, after)})


def _read(content: bytes) -> _Read:
    """Check a file and make its thumbnail; formats that could be decompressed endlessly are refused
    by their size in pixels, before any pixel is read.
    """
    if len(content) > MOST_BYTES:
        raise BadPicture(
            f"The file has {len(content) // 1024:,} kB; at most {MOST_BYTES // 1024:,} kB can be kept.",
            field="picture",
        )
    try:
        with Image.open(BytesIO(content), formats=list(FORMATS)) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                raise BadPicture(
                    f"{width} × {height} pixels are too many; make it smaller.", field="picture"
                )
            small = ImageOps.exif_transpose(image)
            small.thumbnail((THUMBNAIL, THUMBNAIL))
            out = BytesIO()
            small.convert("RGBA" if "A" in small.getbands() else "RGB").save(out, "WEBP")
            return _Read(FORMATS[image.format or ""], width, height, out.getvalue())
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise BadPicture(
            "This file is no picture that can be read; use JPEG, PNG or WebP.", field="picture"
        ) from error

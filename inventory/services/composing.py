"""What hangs on a variant or product, set as a whole list: parts, barcodes, substitutes, kin."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from core import outbox
from core.bulk import insert_all
from core.errors import DomainError
from core.facts import Fact
from inventory.errors import SkuTaken
from inventory.events import ProductChanged, VariantChanged
from inventory.models import Barcode, Part, Product, RelatedProduct, Substitute, Variant
from inventory.selectors.kits import wholes_above
from inventory.states import VariantKind

MOST_UNITS = 100_000


class BadParts(DomainError):
    """The parts would go round in a circle, or make no sense."""

    code = "bad_parts"


@dataclass(frozen=True, slots=True)
class PartWish:
    """Units of a variant that go into one of the whole."""

    part: Variant
    units: int


@dataclass(frozen=True, slots=True)
class CodeWish:
    """A further barcode, and how many units a scan of it stands for."""

    code: str
    units: int = 1
    label: str = ""


@dataclass(frozen=True, slots=True)
class StandIn:
    """What may be offered instead, and why it will do."""

    variant: Variant
    reason: str = ""


def set_parts(variant: Variant, wanted: Sequence[PartWish]) -> bool:
    """Make the parts of a variant exactly these; says whether anything changed. Raises BadParts."""
    _check_parts(variant, wanted)
    with transaction.atomic():
        return _replace(
            list(variant.parts.select_related("part")),
            [
                Part(whole=variant, part=one.part, quantity=one.units, position=position)
                for position, one in enumerate(wanted)
            ],
            variant,
            "parts",
            lambda row: f"{row.quantity} × {row.part.sku}",
        )


def _check_parts(variant: Variant, wanted: Sequence[PartWish]) -> None:
    if wanted and variant.kind == VariantKind.SERVICE:
        raise BadParts("A service is not made of parts; leave them out.", field="parts")
    seen: set[int] = set()
    above = wholes_above([variant.pk]) | {variant.pk} if wanted else set()
    for one in wanted:
        sku = one.part.sku
        if not 0 < one.units <= MOST_UNITS:
            raise BadParts(
                f"{one.units} × {sku} is not possible; give a whole number from 1 to"
                f" {MOST_UNITS:,}.",
                field="parts",
            )
        if one.part.pk in seen:
            raise BadParts(
                f"{sku} stands there twice; give it once, with its units.", field="parts"
            )
        if one.part.pk == variant.pk:
            raise BadParts(f"{sku} cannot be part of itself; take it out.", field="parts")
        if one.part.pk in above:
            raise BadParts(
                f"{sku} holds {variant.sku} itself, so they would go round in a circle; take one"
                " out of the other first.",
                field="parts",
            )
        seen.add(one.part.pk)


def set_barcodes(variant: Variant, wanted: Sequence[CodeWish]) -> bool:
    """Make the further barcodes of a variant exactly these. Raises SkuTaken for a code that names
    anything else.
    """
    codes = [one.code for one in wanted]
    for one in wanted:
        if not 0 < one.units <= MOST_UNITS:
            raise SkuTaken(
                f"“{one.code}” cannot stand for {one.units} units; give 1 to {MOST_UNITS:,}.",
                field="barcodes",
            )
        if len(one.code.split()) != 1:
            raise SkuTaken(
                f"“{one.code}” holds a space; write the barcode, a semicolon, then its units.",
                field="barcodes",
            )
        if codes.count(one.code) > 1:
            raise SkuTaken(f"“{one.code}” stands there twice; give it once.", field="barcodes")
    refuse_taken_codes(codes, variant_id=variant.pk, field="barcodes")
    if variant.barcode in codes:
        raise SkuTaken(
            f"“{variant.barcode}” is the variant’s own barcode already; leave it out here.",
            field="barcodes",
        )
    with transaction.atomic():
        return _replace(
            list(variant.barcodes.all()),
            [
                Barcode(variant=variant, code=one.code, units=one.units, label=one.label)
                for one in wanted
            ],
            variant,
            "barcodes",
            lambda row: f"{row.code} ({row.units})" if row.units > 1 else row.code,
        )


def refuse_taken_codes(codes: Sequence[str], *, variant_id: int | None, field: str) -> None:
    """Raise SkuTaken when one of the barcodes names another variant, as its own or as a further one.
    Two queries.
    """
    if not codes:
        return
    own = Variant.objects.filter(barcode__in=codes).exclude(pk=variant_id or 0)
    others = Barcode.objects.filter(code__in=codes).exclude(variant_id=variant_id or 0)
    taken = own.values_list("barcode", "sku").first()
    taken = taken or others.values_list("code", "variant__sku").first()
    if taken:
        raise SkuTaken(
            f"The barcode “{taken[0]}” belongs to {taken[1]} already; take it away there first.",
            field=field,
        )


def set_substitutes(variant: Variant, wanted: Sequence[StandIn]) -> bool:
    """Make the substitutes of a variant exactly these, the best first; one named twice counts where it
    comes first. Raises SkuTaken for the variant itself.
    """
    if any(one.variant.pk == variant.pk for one in wanted):
        raise SkuTaken(
            f"{variant.sku} cannot stand in for itself; take it out.", field="substitutes"
        )
    chosen = {one.variant.pk: one for one in reversed(wanted)}
    ordered = [one for one in wanted if chosen.get(one.variant.pk) is one]
    with transaction.atomic():
        return _replace(
            list(variant.substitutes.select_related("substitute")),
            [
                Substitute(
                    variant=variant,
                    substitute=one.variant,
                    rank=rank,
                    reason=one.reason[:200],
                )
                for rank, one in enumerate(ordered, start=1)
            ],
            variant,
            "substitutes",
            lambda row: (
                f"{row.substitute.sku} ({row.reason})" if row.reason else row.substitute.sku
            ),
        )


def set_related(product: Product, wanted: Sequence[Product]) -> bool:
    """Make the products that go with this one exactly these."""
    others = list({one.pk: one for one in wanted if one.pk != product.pk}.values())
    with transaction.atomic():
        return _replace(
            list(product.related.select_related("other")),
            [
                RelatedProduct(product=product, other=other, position=position)
                for position, other in enumerate(others)
            ],
            product,
            "goes with",
            lambda row: row.other.name,
        )


def _replace(
    before: Sequence[Any],
    after: Sequence[Any],
    subject: Product | Variant,
    what: str,
    words: Any,
) -> bool:
    """Put the new rows in place of the old and state the change, unless they say the same."""
    if [_plain(row) for row in before] == [_plain(row) for row in after]:
        return False
    told = ", ".join(map(words, before)), ", ".join(map(words, after))
    for row in before:
        row.delete()
    insert_all(after)
    fact: type[Fact] = ProductChanged if isinstance(subject, Product) else VariantChanged
    key = f"{fact.subject}_id"
    outbox.publish(
        fact(**{key: subject.pk, "label": str(subject), "what": "changed"}), changes={what: told}
    )
    return True


def _plain(row: models.Model) -> dict[str, Any]:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }

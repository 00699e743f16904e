"""The catalogue and stock for machines: products, variants, levels, what may be sold and why not more."""

from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from core.api.client import channel_asked, client_of
from core.api.paging import Paged, read_page
from core.api.rooms import Room
from core.api.shapes import Id, Input, Output, Page, PathId, answer
from core.api.texts import Word
from core.clock import now
from inventory.models import ChannelStock, Product, StockLevel, Variant
from inventory.rights import SEE_STOCK
from inventory.selectors.availability import Availability, availability_of
from inventory.states import VariantKind

room = Room("Products and stock")


class VariantOut(Output):
    """One SKU. Grams and millimetres; zero means unknown."""

    id: int
    product_id: int
    sku: str
    name: str
    barcode: str
    kind: VariantKind
    weight_g: int
    length_mm: int
    width_mm: int
    height_mm: int
    hs_code: str
    origin_country: str
    can_backorder: bool
    available_from: date | None
    is_active: bool
    custom: dict[str, Any]


class ProductOut(Output):
    id: int
    name: str
    description: str
    brand: str
    category: str | None
    tax_class: str
    is_active: bool
    created_at: datetime
    custom: dict[str, Any]
    variants: list[VariantOut]


class LevelOut(Output):
    """Units of one SKU at one location. `available` is before any channel's buffer."""

    id: int
    variant_id: int
    sku: str
    location: str
    sellable: int
    quality_control: int
    damaged: int
    allocated: int
    reserved: int
    safety: int
    available: int
    bin: str


class PlaceOut(Output):
    location: str
    to_sell: int


class IncomingOut(Output):
    number: str
    day: date | None
    units: int


class AvailabilityOut(Output):
    """What a channel may sell of a SKU, and why not more."""

    variant_id: int
    sku: str
    available: int
    backordered: int
    reason: str
    locations: list[PlaceOut]
    incoming: list[IncomingOut]


class AvailabilitiesOut(Output):
    channel: str
    items: list[AvailabilityOut]


class ChangeOut(Output):
    sku: str
    available: int
    version: int
    changed_at: datetime


class FeedOut(Output):
    """Figures that changed, oldest first. `version` is where to go on from; ask again at once while
    `has_more`.
    """

    channel: str
    version: int
    has_more: bool
    items: list[ChangeOut]


class ProductFilters(Paged):
    is_active: bool | None = None
    brand: Word | None = None
    category: Word | None = None


class VariantFilters(Paged):
    sku: Word | None = None
    barcode: Word | None = None
    product_id: Id | None = None
    is_active: bool | None = None


class LevelFilters(Paged):
    sku: Word | None = None
    location: Word | None = Field(None, description="The location's code.")


class AvailabilityQuery(Input):
    channel: Word | None = Field(None, description="The channel's code; a key's own if it has one.")
    sku: list[Word] = Field(min_length=1, max_length=200, description="Up to 200 SKUs.")


class FeedQuery(Input):
    channel: Word | None = Field(None, description="The channel's code; a key's own if it has one.")
    since: int = Field(0, ge=0, le=2**63 - 1, description="The highest version seen.")
    limit: int = Field(200, ge=1, le=1_000)


VARIANT = tuple(name for name in VariantOut.model_fields if name != "id")
PRODUCT = ("name", "description", "brand", "tax_class", "is_active", "created_at", "custom")
LEVEL = tuple(
    name for name in LevelOut.model_fields if name not in {"id", "sku", "location", "variant_id"}
)


def variant_out(variant: Variant) -> VariantOut:
    told = {name: getattr(variant, name) for name in VARIANT}
    return VariantOut.model_validate({"id": variant.pk, **told})


def product_out(product: Product) -> ProductOut:
    """A product; its category and variants are loaded."""
    return ProductOut(
        id=product.pk,
        category=product.category.name if product.category else None,
        variants=[variant_out(variant) for variant in product.variants.all()],
        **{name: getattr(product, name) for name in PRODUCT},
    )


def level_out(level: StockLevel) -> LevelOut:
    """A level; its variant and location are loaded."""
    return LevelOut(
        id=level.pk,
        variant_id=level.variant_id,
        sku=level.variant.sku,
        location=level.location.code,
        **{name: getattr(level, name) for name in LEVEL},
    )


def _availability_out(one: Availability) -> AvailabilityOut:
    return AvailabilityOut(
        variant_id=one.variant_id,
        sku=one.sku,
        available=one.to_sell,
        backordered=one.backordered,
        reason=one.reason,
        locations=[
            PlaceOut(location=place.name, to_sell=place.to_sell)
            for place in one.places
            if place.to_sell
        ],
        incoming=[
            IncomingOut(number=come.number, day=come.day, units=come.units) for come in one.incoming
        ],
    )


def _products() -> QuerySet[Product]:
    variants = Prefetch("variants", Variant.objects.order_by("sku"))
    return Product.objects.select_related("category").prefetch_related(variants)


@room.reads("/products", SEE_STOCK, Page[ProductOut])
def list_products(request: HttpRequest, filters: Query[ProductFilters]) -> HttpResponse:
    """List products with their variants."""
    wanted = Q()
    if filters.is_active is not None:
        wanted &= Q(is_active=filters.is_active)
    if filters.brand is not None:
        wanted &= Q(brand=filters.brand)
    if filters.category is not None:
        wanted &= Q(category__name=filters.category)
    return answer(read_page(_products().filter(wanted), filters, product_out, order=("id",)))


@room.reads("/products/{product_id}", SEE_STOCK, ProductOut)
def read_product(request: HttpRequest, product_id: PathId) -> HttpResponse:
    """Read a product with its variants."""
    found = _products().filter(pk=product_id).first()
    if found is None:
        raise Http404("No such product.")
    return answer(product_out(found))


@room.reads("/variants", SEE_STOCK, Page[VariantOut])
def list_variants(request: HttpRequest, filters: Query[VariantFilters]) -> HttpResponse:
    """List variants: the SKUs that are sold and stocked."""
    names = ("sku", "barcode", "product_id", "is_active")
    wanted = {name: value for name in names if (value := getattr(filters, name)) is not None}
    rows = Variant.objects.filter(**wanted)
    return answer(read_page(rows, filters, variant_out, order=("id",)))


@room.reads("/variants/{variant_id}", SEE_STOCK, VariantOut)
def read_variant(request: HttpRequest, variant_id: PathId) -> HttpResponse:
    """Read a variant."""
    found = Variant.objects.filter(pk=variant_id).first()
    if found is None:
        raise Http404("No such variant.")
    return answer(variant_out(found))


@room.reads("/stock/levels", SEE_STOCK, Page[LevelOut])
def list_levels(request: HttpRequest, filters: Query[LevelFilters]) -> HttpResponse:
    """List units by SKU and location; a key with a channel sees the locations that serve it."""
    rows = StockLevel.objects.select_related("variant", "location")
    channel_id = client_of(request).channel_id
    if channel_id is not None:
        rows = rows.filter(location__channels__channel=channel_id)
    if filters.sku is not None:
        rows = rows.filter(variant__sku=filters.sku)
    if filters.location is not None:
        rows = rows.filter(location__code=filters.location)
    return answer(read_page(rows, filters, level_out, order=("id",)))


@room.reads("/stock/availability", SEE_STOCK, AvailabilitiesOut)
def read_availability(request: HttpRequest, filters: Query[AvailabilityQuery]) -> HttpResponse:
    """Read what a channel may sell of some SKUs, out of what, and why not more."""
    channel = channel_asked(client_of(request), filters.channel)
    ids = list(Variant.objects.filter(sku__in=filters.sku).values_list("pk", flat=True))
    found = availability_of(ids, channel=channel, today=now().date())
    items = sorted(map(_availability_out, found.values()), key=lambda one: one.sku)
    return answer(AvailabilitiesOut(channel=channel.code, items=items))


@room.reads("/stock/changes", SEE_STOCK, FeedOut)
def read_changes(request: HttpRequest, filters: Query[FeedQuery]) -> HttpResponse:
    """Read which figures of a channel changed since a version; docs/feeds.md says how to go on."""
    channel = channel_asked(client_of(request), filters.channel)
    rows = ChannelStock.objects.filter(channel=channel, version__gt=filters.since)
    found = list(rows.select_related("variant").order_by("version")[: filters.limit + 1])
    page = found[: filters.limit]
    return answer(
        FeedOut(
            channel=channel.code,
            version=page[-1].version if page else filters.since,
            has_more=len(found) > len(page),
            items=[
                ChangeOut(
                    sku=row.variant.sku,
                    available=row.available,
                    version=row.version,
                    changed_at=row.changed_at,
                )
                for row in page
            ],
        )
    )

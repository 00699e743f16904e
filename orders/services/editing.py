"""Small changes to an order: notes, tags, address, and the product behind an unknown SKU."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from core import actors, attention
from core.address import Address
from core.custom_fields import Value, differences
from core.markup.people import address_lines
from core.models import User
from inventory.locks import lock_levels
from inventory.models import Variant
from inventory.services import Wish, raise_demands
from inventory.states import VariantKind
from orders.errors import CannotEdit
from orders.events import (
    LineMatched,
    OrderAddressChanged,
    OrderDetailsChanged,
    OrderNoted,
    OrderTagged,
)
from orders.locks import lock_order
from orders.models import Note, NoteKind, Order, OrderLine
from orders.pricing import Adjusted
from orders.services.assigning import let_watch, mentioned_in
from orders.services.building import tag_of
from orders.services.counting import refresh_allocated
from orders.services.explaining import explain_changes
from orders.services.kitting import contents_of, open_up
from orders.services.placing import UNKNOWN_SKU
from orders.services.settling import settle
from orders.services.sourcing import source_more
from orders.states import AdjustmentKind, FulfilmentState, OrderState


@transaction.atomic
def add_note(
    *,
    order_id: int,
    text: str,
    kind: NoteKind = NoteKind.STAFF,
    author: User | None = None,
    version: int | None = None,
    now: datetime,
) -> Note:
    """Write a note on an order; it changes nothing else. Colleagues named in it as @ada, by their
    address before the @, watch the order from then on.
    """
    order = lock_order(order_id, version=version)
    words = text.strip()
    if not words:
        raise CannotEdit("The note is empty; write something first.", field="text")
    note = Note.objects.create(
        order=order,
        kind=kind,
        text=words[:4000],
        author=author,
        author_label=actors.current().actor.label,
        written_at=now,
    )
    let_watch(order, mentioned_in(words), now=now)
    fact = OrderNoted(order_id=order.pk, note_id=note.pk, kind=kind.label, text=words[:200])
    settle(order, [fact], now=now)
    return note


@transaction.atomic
def set_tags(
    *,
    order_id: int,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
    version: int | None = None,
    now: datetime,
) -> Order:
    """Add and remove tags; they are kept in lower case, without doubles, sorted."""
    order = lock_order(order_id, version=version)
    before = list(order.tags)
    wanted = {*before, *(tag_of(word) for word in add)} - {tag_of(word) for word in remove} - {""}
    if wanted == set(before):
        return order
    order.tags = sorted(wanted)
    fact = OrderTagged(order_id=order.pk, tags=", ".join(order.tags) or "none")
    settle(order, [fact], now=now, changes=[{"tags": (before, order.tags)}])
    return order


@transaction.atomic
def change_shipping_address(
    *, order_id: int, address: Address, version: int | None = None, now: datetime
) -> Order:
    """Send the order elsewhere, as long as nothing of it is packed or gone. Raises CannotEdit."""
    order = lock_order(order_id, version=version)
    check_address(order, address)
    before = order.ship_to
    order.shipping_address = address.as_json()
    order.ship_country = address.country
    settle(
        order,
        [OrderAddressChanged(order_id=order.pk)],
        now=now,
        changes=[{"shipping address": (address_lines(before), address_lines(address))}],
    )
    return order


def check_address(order: Order, address: Address) -> None:
    """Refuse an address for an order that has begun to leave, or one that nobody could send to."""
    if order.state != OrderState.OPEN or order.units_shipped:
        raise CannotEdit(
            f"Order {order.number} has begun to leave, so its address is fixed; ask the carrier."
        )
    if order.fulfilments.filter(state=FulfilmentState.PACKED).exists():
        raise CannotEdit(f"Order {order.number} is packed; unpack it before changing the address.")
    if not (address.country and address.city):
        raise CannotEdit("An address needs at least a town and a country.", field="city")


@transaction.atomic
def set_custom_fields(
    *, order_id: int, values: Mapping[str, Value], version: int | None = None, now: datetime
) -> Order:
    """Set the values of an order's custom fields, by code."""
    order = lock_order(order_id, version=version)
    changes = differences(order.custom, values)
    if not changes:
        return order
    order.custom = dict(values)
    fact = OrderDetailsChanged(order_id=order.pk, fields=", ".join(changes))
    settle(order, [fact], now=now, changes=[changes])
    return order


@transaction.atomic
def match_line(
    *, order_id: int, line_id: int, sku: str, version: int | None = None, now: datetime
) -> Order:
    """Say which product an unknown SKU is: the line keeps its words and price, and stock is set
    aside for it now. A kit comes as the lines of its components. Raises CannotEdit.
    """
    order = lock_order(order_id, version=version)
    line = order.lines.filter(pk=line_id).first()
    if line is None or line.variant_id is not None:
        raise CannotEdit("This line has its product already; reload the order.", field="line")
    variant = Variant.objects.select_related("product").filter(sku__iexact=sku.strip()).first()
    if variant is None:
        raise CannotEdit(f"No product has the SKU “{sku}”; check it or add it first.", field="sku")
    told = line.sku
    line.order, line.variant = order, variant
    line.barcode, line.weight_g = variant.barcode, variant.weight_g
    line.is_physical = line.is_physical and variant.kind != VariantKind.SERVICE
    lines = _opened(order, line, variant) if variant.kind == VariantKind.KIT else [line]
    if order.state == OrderState.OPEN:
        _set_aside(order, [one for one in lines if one.open and one.is_physical], now=now)
    for one in lines:
        one.save()
    explain_changes(lines, label=f"Share of kit {variant.sku}")
    order.unknown_lines = max(0, order.unknown_lines - 1)
    if not order.unknown_lines:
        attention.resolve(kind=UNKNOWN_SKU, subject_type="order", subject_ids=[order.pk])
    refresh_allocated(order)
    fact = LineMatched(order_id=order.pk, line_id=line.pk, sku=variant.sku, line_name=line.name)
    settle(order, [fact], now=now, changes=[{"sku": (told, variant.sku)}])
    return order


def _opened(order: Order, line: OrderLine, kit: Variant) -> list[OrderLine]:
    """The components' lines in place of a stored line: the first takes its row, the others follow
    the order's last.
    """
    if line.cancelled or line.credited or line.return_requested or line.returned:
        raise CannotEdit(
            f"{kit.sku} is a kit, and part of this line was taken back already; match the line to"
            " one of its components.",
            field="sku",
        )
    contents = contents_of([kit], {order.currency})
    if not contents.components[kit.pk]:
        raise CannotEdit(f"{kit.sku} is a kit without parts; say first what it holds.", field="sku")
    whole = Adjusted(AdjustmentKind.CHANGED, f"Share of kit {kit.sku}", line.discount)
    row, lines, _ = open_up(line, [whole], contents, currency=order.currency)
    row.save()
    last = order.lines.aggregate(last=Max("position"))["last"]
    for position, one in enumerate(lines, start=last):
        one.position = position
    first = lines[0]
    first.pk, first.position, first._state.adding = line.pk, line.position, False
    order.units += sum(one.quantity for one in lines) - line.quantity
    order.units_shipped += sum(one.shipped for one in lines) - line.shipped
    order.units_delivered += sum(one.delivered for one in lines) - line.delivered
    return lines


def _set_aside(order: Order, lines: Sequence[OrderLine], *, now: datetime) -> None:
    """Raise demand for lines that have none yet, with what is free for it; saves no line."""
    levels = lock_levels(line.variant_id or 0 for line in lines)
    takes, days = source_more(order, [(line, line.open) for line in lines], levels=levels, now=now)
    wishes = [
        Wish(
            line.variant_id or 0,
            line.open,
            order.channel_id,
            order.number,
            since=now,
            shelf_life_days=days,
        )
        for line in lines
    ]
    demands = raise_demands(wishes, takes, levels=levels, now=now)
    for line, demand_id in zip(lines, demands, strict=True):
        line.demand_id = demand_id

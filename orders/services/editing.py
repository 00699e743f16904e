"""Small changes to an order: notes, tags, address, and the product behind an unknown SKU."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from core import actors, attention
from core.address import Address
from core.errors import NotPossible
from core.markup.people import address_lines
from core.models import User
from inventory.locks import lock_levels
from inventory.models import ChannelLocation, Variant
from inventory.services import Wish, claim, raise_demands
from orders.events import LineMatched, OrderAddressChanged, OrderNoted, OrderTagged
from orders.locks import lock_order
from orders.models import Note, NoteKind, Order
from orders.services.building import tag_of
from orders.services.counting import refresh_allocated
from orders.services.placing import UNKNOWN_SKU
from orders.services.settling import settle
from orders.services.sourcing import Need, choose_locations
from orders.states import FulfilmentState, OrderState


class CannotEdit(NotPossible):
    code = "cannot_edit"


@transaction.atomic
def add_note(
    *,
    order_id: int,
    text: str,
    kind: NoteKind = NoteKind.STAFF,
    author: User | None = None,
    now: datetime,
) -> Note:
    """Write a note on an order; it changes nothing else."""
    order = lock_order(order_id)
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
    fact = OrderNoted(order_id=order.pk, note_id=note.pk, kind=kind.label, text=words[:200])
    settle(order, [fact], now=now)
    return note


@transaction.atomic
def set_tags(
    *, order_id: int, add: Sequence[str] = (), remove: Sequence[str] = (), now: datetime
) -> Order:
    """Add and remove tags; they are kept in lower case, without doubles, sorted."""
    order = lock_order(order_id)
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
    if order.state != OrderState.OPEN or order.units_shipped:
        raise CannotEdit(
            f"Order {order.number} has begun to leave, so its address is fixed; ask the carrier."
        )
    if order.fulfilments.filter(state=FulfilmentState.PACKED).exists():
        raise CannotEdit(f"Order {order.number} is packed; unpack it before changing the address.")
    if not (address.country and address.city):
        raise CannotEdit("An address needs at least a town and a country.", field="city")
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


@transaction.atomic
def match_line(*, order_id: int, line_id: int, sku: str, now: datetime) -> Order:
    """Say which product an unknown SKU is: the line keeps its words and price, and stock is set
    aside for it now. Raises CannotEdit.
    """
    order = lock_order(order_id)
    line = order.lines.filter(pk=line_id).first()
    if line is None or line.variant_id is not None:
        raise CannotEdit("This line has its product already; reload the order.", field="line")
    variant = Variant.objects.filter(sku__iexact=sku.strip()).first()
    if variant is None:
        raise CannotEdit(f"No product has the SKU “{sku}”; check it or add it first.", field="sku")
    line.variant, line.barcode, line.weight_g = variant, variant.barcode, variant.weight_g
    if line.open and order.state == OrderState.OPEN:
        ranked = ChannelLocation.objects.filter(
            channel_id=order.channel_id, location__is_active=True
        ).values_list("location_id", flat=True)
        levels = lock_levels([variant.pk])
        today = now.date()
        free = {
            key: level.available(order.channel.stock_buffer, usable_on=today)
            for key, level in levels.items()
        }
        takes = [
            claim(take, variant.pk, levels=levels, usable_on=today)
            for take in choose_locations([Need(0, variant.pk, line.open)], free, list(ranked))
        ]
        wish = Wish(variant.pk, line.open, order.channel_id, order.number, since=now)
        [line.demand_id] = raise_demands([wish], takes, levels=levels, now=now)
    line.save()
    order.unknown_lines = max(0, order.unknown_lines - 1)
    if not order.unknown_lines:
        attention.resolve(kind=UNKNOWN_SKU, subject_type="order", subject_ids=[order.pk])
    refresh_allocated(order)
    fact = LineMatched(order_id=order.pk, line_id=line.pk, sku=variant.sku, line_name=line.name)
    settle(order, [fact], now=now, changes=[{"sku": (line.sku, variant.sku)}])
    return order

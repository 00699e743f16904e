"""Placing orders: priced, stock set aside, handed over where nothing forbids it, all in one commit.

Written for many at once: the statements of a batch are as many as those of one order, and do not
grow with its lines. Stock is looked at, and what is needed is summed per variant on working copies;
its rows are locked once, by id, as they are written, and checked again. Where that fails or there is
too little, all of it is done again on locked rows. The CHECK on the rows is the last line.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import IntegrityError

from core import actors, attention
from core.audit import Move, record_moves
from core.bulk import insert_all, update_all
from core.facts import Fact
from core.numbers import next_values
from core.outbox import publish_all
from customers.services import take_exposure
from inventory.errors import StockMoved
from inventory.locks import Levels, lock_levels
from inventory.models import Location, Variant
from inventory.services import (
    ReadLevels,
    Take,
    Wish,
    end_reservations,
    fill_backorders,
    look_first,
    raise_demands,
    reserved_variants,
)
from inventory.states import ReservationEnd
from orders.drafts import OrderDraft, WhenShort
from orders.events import OrderBackordered, OrderCompleted, OrderPlaced
from orders.models import (
    Adjustment,
    Fulfilment,
    FulfilmentLine,
    Note,
    NoteKind,
    Order,
    OrderKit,
    OrderLine,
)
from orders.selectors.network import Sources, read_sources
from orders.services.building import build_order, is_unmatched
from orders.services.business import companies_of, refuse_business
from orders.services.checking import already_taken, check_draft
from orders.services.couponing import redeem_coupons
from orders.services.keeping import shelf_lives
from orders.services.kitting import contents_of
from orders.services.origins import keep_origins
from orders.services.projecting import is_settled, project
from orders.services.promising import promise_placed
from orders.services.releasing import SetAside, hand_over, is_ready, released_fact
from orders.services.serving import serve, services_open
from orders.services.shortage import Shortage, refuse_short
from orders.services.sourcing import Sourced, decision_of, need_of, question_of, source
from orders.states import OrderState, PaymentTerms, SourcingCause

UNKNOWN_SKU = "unknown_sku"


@dataclass(slots=True)
class _Plan:
    """One draft on its way to being an order."""

    draft: OrderDraft
    order: Order
    lines: list[OrderLine]
    kits: list[OrderKit]
    asked: list[int]
    adjustments: list[Adjustment]
    sourced: Sourced | None = None
    fulfilments: list[Fulfilment] = field(default_factory=list)
    shelf_life_days: int = 0

    @property
    def takes(self) -> tuple[Take, ...]:
        return self.sourced.takes if self.sourced else ()


def place_order(draft: OrderDraft, *, now: datetime) -> Order:
    """Place one order; see `place_orders`."""
    return place_orders([draft], now=now)[0]


def place_orders(drafts: Sequence[OrderDraft], *, now: datetime) -> list[Order]:
    """Place orders, all or none.

    Raises EmptyOrder, BadLine, BadDay, OutOfStock (by line position; only where the draft says reject),
    CreditExceeded, CouponSpent, what a company's terms forbid (see refuse_business), and AlreadyTaken
    when a channel's order is here already. A line whose SKU is unknown does not lose the order: it is
    kept, raises attention and waits to be matched.
    """
    for draft in drafts:
        check_draft(draft, now=now)
    try:
        return look_first(lambda read_levels: _place(drafts, read_levels, now=now))
    except IntegrityError as error:
        if "orders_external_id_once" in str(error):
            raise already_taken(drafts) from error
        raise


def _place(drafts: Sequence[OrderDraft], read_levels: ReadLevels, *, now: datetime) -> list[Order]:
    variants = _variants({line.sku for draft in drafts for line in draft.lines if line.sku})
    sources = _sources(drafts, variants, now)
    numbers = next_values("orders_number", len(drafts))
    companies = companies_of(draft.customer_id for draft in drafts)
    refuse_business(drafts, companies, variants)
    contents = contents_of(variants.values(), {draft.currency for draft in drafts})
    plans = []
    for draft, number in zip(drafts, numbers, strict=True):
        built = build_order(draft, variants, contents, number=number, now=now)
        plans.append(
            _Plan(draft, built.order, built.lines, built.kits, built.asked, built.adjustments)
        )
        built.order.company = companies.get(draft.customer_id or 0)
    _take_credit(plans)
    levels = _stock(plans, sources, read_levels, now)
    _ask_shelf_life(plans, levels)
    short: list[Shortage] = []
    for plan in plans:
        short += _source(plan, sources, levels, now)
    if short:
        _face_shortage(short, levels, now)
    for plan in plans:
        project(plan.order)
        if plan.draft.takes_stock and serve(plan.order, plan.lines):
            project(plan.order)
        if is_settled(plan.order):  # all of it happened before we knew it
            plan.order.complete(now=plan.draft.past.completed_at or plan.order.placed_at or now)
    ranked = {one: sources.place_ids(one) for one in sources.networks}
    promises = promise_placed([one for one in plans if one.draft.takes_stock], ranked, now=now)
    insert_all(plan.order for plan in plans)
    insert_all(promises)
    insert_all(kit for plan in plans for kit in plan.kits)
    _raise_demands(plans, levels, now)
    _leave_the_rest(plans, levels, now)
    insert_all(line for plan in plans for line in plan.lines)
    insert_all(one for plan in plans for one in plan.adjustments)
    insert_all(
        decision_of(plan.order, plan.sourced, cause=SourcingCause.PLACED, now=now)
        for plan in plans
        if plan.sourced
    )
    redeem_coupons([(plan.order, plan.draft.coupons) for plan in plans], now=now)
    keep_origins([(plan.order, plan.draft.origin) for plan in plans], now=now)
    _hand_over(plans, now)
    _note_and_warn(plans, now)
    record_moves([move for plan in plans for move in _moves(plan.order)])
    told = [one for plan in plans for one in _facts(plan, now)]
    publish_all([fact for fact, _ in told], moments=[moment for _, moment in told])
    return [plan.order for plan in plans]


def _face_shortage(short: Sequence[Shortage], levels: Levels, now: datetime) -> None:
    """Nobody is refused, and nobody waits, for stock that was only looked at."""
    if not all(level.is_locked for level in levels.values()):
        raise StockMoved
    refuse_short(short, today=now.date())


def _moves(order: Order) -> list[Move]:
    moves = [Move(order, OrderState.DRAFT, OrderState.OPEN)]
    if order.state == OrderState.COMPLETED:
        moves.append(Move(order, OrderState.OPEN, OrderState.COMPLETED))
    return moves


def _variants(skus: set[str]) -> dict[str, Variant]:
    return {
        variant.sku: variant
        for variant in Variant.objects.filter(sku__in=skus)
        .select_related("product")
        .only(
            "sku",
            "name",
            "barcode",
            "order_minimum",
            "order_multiple",
            "weight_g",
            "kind",
            "can_backorder",
            "backorder_limit",
            "available_from",
            "preorder_limit",
            "is_hazardous",
            "product__name",
            "product__category",
        )
    }


def _sources(
    drafts: Sequence[OrderDraft], variants: Mapping[str, Variant], now: datetime
) -> Sources:
    services = {draft.shipping_service.pk for draft in drafts if draft.shipping_service}
    return read_sources(
        channel_ids={draft.channel.pk for draft in drafts},
        currencies={draft.currency for draft in drafts},
        service_ids=services,
        customer_ids={draft.customer_id for draft in drafts if draft.customer_id},
        variant_ids=[variant.pk for variant in variants.values()],
        now=now,
    )


def _take_credit(plans: Sequence[_Plan]) -> None:
    for plan in plans:
        order = plan.order
        if order.payment_terms == PaymentTerms.NET and not order.is_historical:
            take_exposure(company_id=order.company_id, currency=order.currency, amount=order.total)


def _wants_stock(plan: _Plan, line: OrderLine) -> bool:
    is_wanted = line.variant_id is not None and line.is_physical and line.open > 0
    return plan.draft.takes_stock and is_wanted


def _stock(
    plans: Sequence[_Plan], sources: Sources, read_levels: ReadLevels, now: datetime
) -> Levels:
    """The levels of what is wanted; locked, and free of it, where some was kept for these orders."""
    wanted = {
        line.variant_id
        for plan in plans
        for line in plan.lines
        if _wants_stock(plan, line) and line.variant_id
    }
    places = sorted({pk for plan in plans for pk in sources.place_ids(plan.draft.channel.pk)})
    keys = _reservations(plans)
    if not keys:
        return read_levels(wanted, location_ids=places)
    levels = lock_levels(wanted | reserved_variants(keys))
    end_reservations(keys, levels=levels, end=ReservationEnd.ORDERED, now=now)
    return levels


def _reservations(plans: Sequence[_Plan]) -> list[str]:
    return [plan.draft.reservation for plan in plans if plan.draft.reservation]


def _leave_the_rest(plans: Sequence[_Plan], levels: Levels, now: datetime) -> None:
    """What was kept for these orders and is in none of them goes to who waits."""
    if _reservations(plans):
        fill_backorders({variant_id for variant_id, _ in levels}, levels=levels, now=now)


def _ask_shelf_life(plans: Sequence[_Plan], levels: Levels) -> None:
    asked = [
        (plan.draft.channel.pk, plan.order.customer_id, plan.draft.shelf_life_days)
        for plan in plans
    ]
    for plan, days in zip(plans, shelf_lives(asked, levels), strict=True):
        plan.shelf_life_days = days


def _source(plan: _Plan, sources: Sources, levels: Levels, now: datetime) -> list[Shortage]:
    """Decide where each line comes from, on the locked copies, and claim it there at once, so that
    the batch's next order sees what is left; tell what is short.
    """
    needs = [
        need_of(index, line, line.open)
        for index, line in enumerate(plan.lines)
        if _wants_stock(plan, line)
    ]
    if needs:
        plan.sourced = source(
            question_of(plan.order, needs, sources, now=now),
            levels=levels,
            buffer=plan.draft.channel.stock_buffer,
            usable_on=now.date() + timedelta(days=plan.shelf_life_days),
        )
        plan.order.ships_complete = plan.sourced.is_complete
    got: dict[int, int] = defaultdict(int)
    for take in plan.takes:
        got[take.index] += take.quantity
    plan.order.units_allocated = sum(got.values()) + services_open(plan.lines)
    return [
        Shortage(
            order=plan.order.number,
            position=plan.asked[need.index],
            line=plan.lines[need.index],
            got=got[need.index],
            is_taken=plan.draft.when_short == WhenShort.BACKORDER,
        )
        for need in needs
        if got[need.index] < need.quantity
    ]


def _raise_demands(plans: Sequence[_Plan], levels: Levels, now: datetime) -> None:
    wishes: list[Wish] = []
    takes: list[Take] = []
    lines: list[OrderLine] = []
    for plan in plans:
        index_of: dict[int, int] = {}
        for index, line in enumerate(plan.lines):
            if not _wants_stock(plan, line):
                continue
            index_of[index] = len(wishes)
            lines.append(line)
            wishes.append(
                Wish(
                    variant_id=line.variant_id or 0,
                    quantity=line.open,
                    channel_id=plan.draft.channel.pk,
                    reference=plan.order.number,
                    since=plan.order.placed_at or now,
                    shelf_life_days=plan.shelf_life_days,
                    buffer=plan.draft.channel.stock_buffer,
                )
            )
        takes += [replace(take, index=index_of[take.index]) for take in plan.takes]
    demands = raise_demands(wishes, takes, levels=levels, now=now)
    for line, demand_id in zip(lines, demands, strict=True):
        line.demand_id = demand_id


def _hand_over(plans: Sequence[_Plan], now: datetime) -> None:
    """Tell the locations, for orders that may leave at once (on account, or nothing to pay)."""
    leaving = [plan for plan in plans if plan.takes and is_ready(plan.order)]
    if not leaving:
        return
    places = Location.objects.in_bulk({take.location_id for plan in leaving for take in plan.takes})
    fulfilments: list[Fulfilment] = []
    lines: list[FulfilmentLine] = []
    for plan in leaving:
        plan.fulfilments, told = hand_over(
            plan.order,
            [SetAside(plan.lines[t.index], places[t.location_id], t.quantity) for t in plan.takes],
            earlier=0,
            now=now,
        )
        fulfilments += plan.fulfilments
        lines += told
    insert_all(fulfilments)
    insert_all(lines)
    update_all([plan.order for plan in leaving], ["ship_by"])


def _note_and_warn(plans: Sequence[_Plan], now: datetime) -> None:
    writer = actors.current().actor.label
    insert_all(
        Note(order=plan.order, kind=kind, text=text[:4000], author_label=author, written_at=now)
        for plan in plans
        for kind, text, author in (
            (NoteKind.CUSTOMER, plan.draft.customer_note, plan.draft.customer_name or "Customer"),
            (NoteKind.STAFF, plan.draft.staff_note, writer),
        )
        if text
    )
    for plan in plans:
        if plan.order.unknown_lines:
            unknown = [line.sku or line.name for line in plan.lines if is_unmatched(line)]
            attention.raise_item(
                kind=UNKNOWN_SKU,
                subject_type="order",
                subject_id=plan.order.pk,
                title=f"{plan.order.number}: unknown SKU",
                detail="Match or cancel: " + ", ".join(unknown),
                url=f"/orders/{plan.order.pk}/",
            )


def _facts(plan: _Plan, now: datetime) -> list[tuple[Fact, datetime]]:
    """What happened, and when: what an import brings did so before we knew it."""
    order = plan.order
    placed = (
        OrderPlaced(
            order_id=order.pk,
            number=order.number,
            channel_id=order.channel_id,
            customer_id=order.customer_id,
            currency=order.currency,
            total=str(order.total),
            units=order.units,
            is_historical=order.is_historical or plan.draft.was_announced,
        ),
        order.placed_at or now,
    )
    facts: list[tuple[Fact, datetime]] = [placed]
    wanted = sum(line.open for line in plan.lines if line.demand_id)
    waiting = wanted - sum(take.quantity for take in plan.takes)
    if waiting:
        facts.append((OrderBackordered(order_id=order.pk, units=waiting), now))
    if plan.fulfilments:
        facts.append((released_fact(order, plan.fulfilments), now))
    if order.state == OrderState.COMPLETED:
        facts.append((OrderCompleted(order_id=order.pk), order.completed_at or now))
    return facts

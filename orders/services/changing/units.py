"""Actions on units: more, fewer or none of what is on the order, and what is added to it."""

from core.money import ZERO, quantise
from inventory.models import Variant
from inventory.states import VariantKind
from orders.drafts import DraftLine
from orders.errors import BadLine, CannotEdit
from orders.models import OrderKit, OrderLine
from orders.pricing import LineAsked, price_order
from orders.selectors.quoting import LineQuote, LineWish, quote_order
from orders.services.building import line_of
from orders.services.changing.actions import Action, register
from orders.services.changing.asking import ChangeAsked
from orders.services.changing.working import Target, Told, Work, reprice, share_out
from orders.services.kitting import MOST_UNITS, contents_of, open_up
from orders.states import ChangeKind


def _field(asked: ChangeAsked) -> str:
    return f"kit-{asked.kit_id}" if asked.kit_id else f"line-{asked.line_id}"


def _check_quantity(work: Work, asked: ChangeAsked) -> None:
    target = work.target(asked)
    if asked.quantity is None or not 0 <= asked.quantity <= MOST_UNITS:
        raise CannotEdit(
            f"{target.name}: give a whole number from 0 to {MOST_UNITS:,}.", field=_field(asked)
        )
    change = asked.quantity - target.wanted
    variant = (target.kit or target.lines[0]).variant
    if change > 0 and variant is not None:
        _check_pack(work, variant, asked.quantity, _field(asked))
    if change < 0:
        _check_taking(work, target, -change, asked)


def _check_pack(work: Work, variant: Variant, units: int, field: str) -> None:
    """Companies take whole packs, as when they order."""
    if work.order.company_id and (words := variant.pack_problem(units)):
        raise CannotEdit(words, field=field)


def _check_removal(work: Work, asked: ChangeAsked) -> None:
    target = work.target(asked)
    _check_taking(work, target, target.wanted, asked)


def _check_taking(work: Work, target: Target, units: int, asked: ChangeAsked) -> None:
    """Only what has not left and is not packed may be taken off."""
    if units > target.open:
        raise CannotEdit(
            f"{target.name}: {target.wanted - target.open} of {target.wanted} have left already;"
            f" give a quantity of at least {target.wanted - target.open}, and let the customer send"
            " back the rest.",
            field=_field(asked),
        )
    for line, each in target.parts:
        if units * each > line.open - work.packed.get(line.pk, 0):
            raise CannotEdit(
                f"{line.sku or line.name} is packed already; unpack it first, then change it.",
                field=_field(asked),
            )


def _set_quantity(work: Work, asked: ChangeAsked) -> Told | None:
    target = work.target(asked)
    before, after = target.wanted, asked.quantity or 0
    if after > before:
        _raise(work, target, after - before)
    elif after < before:
        _take(work, target, before - after)
    else:
        return None
    return Told(f"{target.name}: quantity", str(before), str(after))


def _remove(work: Work, asked: ChangeAsked) -> Told | None:
    target = work.target(asked)
    before = target.wanted
    if not before:
        return None
    _take(work, target, before)
    return Told(f"{target.name}: quantity", str(before), "removed")


def _raise(work: Work, target: Target, more: int) -> None:
    """More of what is there, at its own price; a discount stays what it was."""
    currency = work.order.currency
    piece = quantise(more * target.unit_price, currency)
    shares = share_out(target, piece, currency)
    for (line, share), (_, each) in zip(shares, target.parts, strict=True):
        line.quantity += more * each
        work.raised[line.pk] = work.raised.get(line.pk, 0) + more * each
        reprice(line, amount=line.amount + share, discount=line.discount, currency=currency)
    if target.kit is not None:
        target.kit.quantity += more


def _take(work: Work, target: Target, units: int) -> None:
    """Units less: their stored share of the line is taken back, the last one takes what is left."""
    for line, each in target.parts:
        count = units * each
        share = line.credit_for(count, work.order.currency)
        line.cancelled += count
        line.credited += share
        work.order.credit_total += share
        work.taken[line.pk] = work.taken.get(line.pk, 0) + count


def _check_added(work: Work, asked: ChangeAsked) -> None:
    if asked.quantity is None or not 0 < asked.quantity <= MOST_UNITS:
        raise CannotEdit(
            f"{asked.sku}: give a whole number from 1 to {MOST_UNITS:,}.", field="added"
        )
    if asked.amount is not None and asked.amount < 0:
        raise CannotEdit(f"{asked.sku}: a price below zero is not possible.", field="added")
    if asked.amount is not None and not asked.reason.strip():
        raise CannotEdit(
            f"{asked.sku}: say why it is not sold at its list price.", field="price_reason"
        )
    quote = _quote(work, asked)
    order = work.order
    if quote.variant is None:
        raise CannotEdit(quote.problem, field="added")
    is_listed = quote.list_price is not None and order.currency == order.channel.currency
    if asked.amount is None and not is_listed:
        raise CannotEdit(
            f"{quote.variant.sku} has no price in {order.currency}; give one.", field="added"
        )
    _check_pack(work, quote.variant, asked.quantity, "added")
    if quote.variant.kind == VariantKind.KIT and not contents_of(
        [quote.variant], {order.currency}
    ).components.get(quote.variant.pk):
        raise CannotEdit(
            f"{quote.variant.sku} is a kit without parts; say first what it holds.", field="added"
        )


def _quote(work: Work, asked: ChangeAsked) -> LineQuote:
    order = work.order
    wish = LineWish(
        sku=asked.sku,
        quantity=asked.quantity or 0,
        unit_price=asked.amount,
        reason=asked.reason,
    )
    return quote_order(
        [wish],
        channel=order.channel,
        country=order.ship_country,
        region=order.ship_to.region,
        customer_id=order.customer_id,
        service=None,
        shipping=ZERO,
        now=work.now,
    ).lines[0]


def _add(work: Work, asked: ChangeAsked) -> Told | None:
    quote = _quote(work, asked)
    assert quote.variant is not None  # noqa: S101  (validated)
    variant = quote.variant
    line = _line(work, quote, variant)
    lines, kit = [line], None
    if variant.kind == VariantKind.KIT:
        kit, lines = _opened(work, line, variant)
    last = max((one.position for one in work.all_lines()), default=0)
    for position, one in enumerate(lines, start=last + 1):
        one.position = position
    work.added += lines
    if kit is not None:
        work.added_kits.append(kit)
    work.note_price(quote.list_price, quote.unit_price)
    price = work.say(quote.unit_price)
    return Told(f"{variant.sku}: quantity", "0", f"{line.quantity} at {price}")


def _opened(work: Work, line: OrderLine, variant: Variant) -> tuple[OrderKit, list[OrderLine]]:
    currency = work.order.currency
    try:
        kit, lines, _ = open_up(line, (), contents_of([variant], {currency}), currency=currency)
    except BadLine as refusal:
        raise CannotEdit(refusal.message, field="added") from refusal
    return kit, lines


def _line(work: Work, quote: LineQuote, variant: Variant) -> OrderLine:
    order = work.order
    draft = DraftLine(
        sku=variant.sku,
        quantity=quote.wish.quantity,
        unit_price=quote.unit_price,
        tax_rate=quote.tax_rate,
        list_price=quote.list_price,
        price_source=quote.price_source,
        price_reason=quote.wish.reason if quote.is_by_hand else "",
    )
    price = price_order(
        [LineAsked(draft.quantity, draft.unit_price, tax_rate=draft.tax_rate)],
        currency=order.currency,
        prices_include_tax=order.prices_include_tax,
    )
    return line_of(order, 1, draft, price, variant)


register(Action(ChangeKind.CHANGE_QUANTITY, _check_quantity, _set_quantity))
register(Action(ChangeKind.REMOVE_LINE, _check_removal, _remove))
register(Action(ChangeKind.ADD_LINE, _check_added, _add))

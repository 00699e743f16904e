"""Actions on money and on the way: unit prices, a discount, shipping, the address."""

from decimal import Decimal

from core.markup.people import address_lines
from core.money import ZERO, quantise, split
from orders.errors import CannotEdit
from orders.models import Order, OrderLine, ShippingService
from orders.pricing import tax_of
from orders.selectors.list_prices import BY_HAND
from orders.selectors.reading import shipping_rate
from orders.services.changing.actions import Action, register
from orders.services.changing.asking import ChangeAsked
from orders.services.changing.working import Told, Work, reprice
from orders.services.editing import check_address
from orders.states import ChangeKind, FulfilmentState


def _check_price(work: Work, asked: ChangeAsked) -> None:
    target = work.target(asked)
    field = f"price-kit-{asked.kit_id}" if asked.kit_id else f"price-line-{asked.line_id}"
    if asked.amount is None or asked.amount < 0:
        raise CannotEdit(f"{target.name}: give a price of zero or more.", field=field)
    if not asked.reason.strip():
        raise CannotEdit(
            f"{target.name}: say why its price changes; it stays on the order’s timeline.",
            field="price_reason",
        )
    if not target.is_untouched:
        raise CannotEdit(
            f"{target.name} has begun to leave, so its price is fixed; give credit instead.",
            field=field,
        )
    kept = target.wanted
    if any(line.quantity - line.cancelled != kept * each for line, each in target.parts):
        raise CannotEdit(
            f"Part of {target.name} was cancelled by itself, so it has no price as a whole any more;"
            " give credit instead.",
            field=field,
        )
    if not kept:
        raise CannotEdit(f"{target.name} was cancelled; nothing of it has a price.", field=field)


def _set_price(work: Work, asked: ChangeAsked) -> Told | None:
    target = work.target(asked)
    before, after = target.unit_price, asked.amount or ZERO
    if before == after:
        return None
    currency, kept = work.order.currency, target.wanted
    old = [_kept_amount(line, currency) for line in target.lines]
    new = split(quantise(after * kept, currency), target.weights(), currency)
    for (line, each), worth, amount in zip(target.parts, old, new, strict=True):
        whole = line.amount - worth + amount
        reprice(line, amount=whole, discount=min(line.discount, whole), currency=currency)
        line.unit_price = after if target.kit is None else _each(amount, kept * each)
        line.price_source, line.price_reason = BY_HAND, asked.reason[:200]
    if target.kit is not None:
        target.kit.unit_price = after
    usual = None if target.kit else target.lines[0].list_price
    work.note_price(before if usual is None else usual, after)
    return Told(f"{target.name}: unit price", work.say(before), work.say(after))


def _each(amount: Decimal, units: int) -> Decimal:
    return (amount / units).quantize(Decimal("0.0001"))


def _kept_amount(line: OrderLine, currency: str) -> Decimal:
    """What of a line's amount stands for the units that were not cancelled."""
    if not line.cancelled:
        amount: Decimal = line.amount
        return amount
    kept = line.quantity - line.cancelled
    return quantise(line.amount * kept / line.quantity, currency)


def _check_discount(work: Work, asked: ChangeAsked) -> None:
    if asked.amount is None or asked.amount <= 0:
        raise CannotEdit("Give a discount above zero.", field="discount")
    if not asked.reason.strip():
        raise CannotEdit("Say why the order gets a discount.", field="price_reason")
    possible = sum((net for _, net in _discountable(work)), ZERO)
    if quantise(asked.amount, work.order.currency) > possible:
        raise CannotEdit(
            f"At most {work.say(possible)} can be taken off: what the units that have not begun to"
            " leave come to.",
            field="discount",
        )


def _discountable(work: Work) -> list[tuple[OrderLine, Decimal]]:
    """Lines of which nothing has left, with what their remaining units come to before tax on top."""
    found = []
    for line in work.all_lines():
        if line.shipped or not line.open:
            continue
        net = line.amount - line.discount
        left = net - quantise(net * line.cancelled / line.quantity, work.order.currency)
        if line.tax_included:
            left = min(left, line.total - line.credited)
        if left > 0:
            found.append((line, left))
    return found


def _give_discount(work: Work, asked: ChangeAsked) -> Told | None:
    currency = work.order.currency
    amount = quantise(asked.amount or ZERO, currency)
    rows = _discountable(work)
    before = work.order.discount_total
    parts = split(amount, [net for _, net in rows], currency)
    for (line, _), part in zip(rows, parts, strict=True):
        reprice(line, amount=line.amount, discount=line.discount + part, currency=currency)
    return Told("Discount", work.say(before), work.say(before + amount))


def _check_shipping(work: Work, asked: ChangeAsked) -> None:
    order = work.order
    if not order.units_open and not work.added:
        raise CannotEdit(f"All of order {order.number} has left; its shipping is fixed.")
    if order.fulfilments.filter(state=FulfilmentState.PACKED).exists():
        raise CannotEdit(
            f"Order {order.number} is packed; unpack it before changing how it is sent.",
            field="service",
        )
    if asked.amount is not None and asked.amount < 0:
        raise CannotEdit("A charge below zero is not possible.", field="shipping")
    if asked.service_id is None and asked.amount is None:
        raise CannotEdit("Choose a shipping service or give a charge.", field="service")
    service = _service(order, asked)
    if asked.amount is None and _charge(work, asked, service) is None:
        raise CannotEdit(
            f"{service} has no rate for {order.ship_country or 'this country'} and weight; give a"
            " charge.",
            field="shipping",
        )


def _service(order: Order, asked: ChangeAsked) -> ShippingService | None:
    if asked.service_id is None:
        return order.shipping_service
    service = ShippingService.objects.filter(pk=asked.service_id).first()
    if service is None:
        raise CannotEdit("This shipping service is gone; choose another.", field="service")
    return service


def _charge(work: Work, asked: ChangeAsked, service: ShippingService | None) -> Decimal | None:
    """The charge given, or the service's rate for what the order weighs by now."""
    if asked.amount is not None:
        return quantise(asked.amount, work.order.currency)
    weight = sum((line.quantity - line.cancelled) * line.weight_g for line in work.all_lines())
    order = work.order
    rate = service and shipping_rate(
        service, country=order.ship_country, weight_g=weight, currency=order.currency
    )
    return quantise(rate.amount, order.currency) if rate else None


def _set_shipping(work: Work, asked: ChangeAsked) -> Told | None:
    order = work.order
    service = _service(order, asked)
    charge = _charge(work, asked, service) or ZERO
    before = (order.shipping_method, order.shipping_total)
    order.shipping_service = service
    if asked.service_id is not None and service is not None:
        order.shipping_method = service.name
    order.shipping_total = charge
    order.shipping_tax = tax_of(
        charge,
        order.shipping_tax_rate,
        included=order.prices_include_tax,
        currency=order.currency,
    )
    after = (order.shipping_method, order.shipping_total)
    if before == after:
        return None
    words = [f"{name or 'shipping'}, {work.say(amount)}" for name, amount in (before, after)]
    return Told("Shipping", *words)


def _check_address(work: Work, asked: ChangeAsked) -> None:
    if asked.address is None:
        raise CannotEdit("Give the address to send the order to.", field="city")
    check_address(work.order, asked.address)


def _set_address(work: Work, asked: ChangeAsked) -> Told | None:
    assert asked.address is not None  # noqa: S101  (validated)
    order = work.order
    before = order.ship_to
    if before == asked.address:
        return None
    order.shipping_address = asked.address.as_json()
    order.ship_country = asked.address.country
    words = [", ".join(address_lines(one)) for one in (before, asked.address)]
    return Told("Shipping address", *words)


register(Action(ChangeKind.CHANGE_PRICE, _check_price, _set_price))
register(Action(ChangeKind.ORDER_DISCOUNT, _check_discount, _give_discount))
register(Action(ChangeKind.CHANGE_SHIPPING, _check_shipping, _set_shipping))
register(Action(ChangeKind.CHANGE_ADDRESS, _check_address, _set_address))

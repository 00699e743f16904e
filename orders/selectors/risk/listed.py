"""The lists that rules look things up in: how values are compared, and which of an order are listed."""

from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address

from django.db.models import Q
from django.utils.crypto import salted_hmac

from core.address import Address
from orders.models import Order, RiskListEntry
from orders.selectors.merging import address_key, bare
from orders.states import RiskListKind

Listed = dict[RiskListKind, set[str]]
SALT = "orders.network"
NETWORK_BITS = 64  # of an IPv6 address; what lies below is one household's to choose
PHONE_DIGITS = 9


def network_key(address: str) -> str:
    """A network address as it is kept and compared: a keyed hash; empty for what is none."""
    try:
        parsed = ip_address(address.strip())
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        told = str(int(parsed) >> (128 - NETWORK_BITS))
    else:
        told = str(getattr(parsed, "ipv4_mapped", None) or parsed)
    return salted_hmac(SALT, told, algorithm="sha256").hexdigest()


def phone_key(phone: str) -> str:
    """The last digits of a number: alike however its country and blanks are written."""
    return "".join(one for one in phone if one.isascii() and one.isdigit())[-PHONE_DIGITS:]


def place_key(address: Address) -> str:
    """An address as it is compared; empty where it says too little to be one place."""
    return "".join(address_key(address)) if address.line1 and address.city else ""


def blocked_key(kind: RiskListKind, told: str) -> str:
    """Who is blocked, as it is kept and compared: a keyed hash, another on each list."""
    if not told:
        return ""
    return salted_hmac(f"orders.blocked.{kind.value}", told, algorithm="sha256").hexdigest()


def hint_of(kind: RiskListKind, text: str) -> str:
    """By what people know an entry that is kept as a hash: “a…@e….com”, “…67”; empty for others."""
    told = text.strip()
    if kind == RiskListKind.EMAIL and "@" in told:
        name, _, domain = told.casefold().rpartition("@")
        return f"{name[:1]}…@{domain[:1]}….{domain.rpartition('.')[2][:20]}"
    if kind == RiskListKind.PHONE:
        return f"…{phone_key(told)[-2:]}"
    return ""


def value_of(kind: RiskListKind, text: str) -> str:
    """What people typed, as entries of this list are compared."""
    told = text.strip()
    if kind == RiskListKind.NETWORK:
        return network_key(told)
    plain = _plain(kind, told)
    return blocked_key(kind, plain) if kind in RiskListKind.hashed() else plain


def _plain(kind: RiskListKind, told: str) -> str:
    """What is alike however people write it."""
    if kind == RiskListKind.DISPOSABLE:
        return told.casefold().rpartition("@")[2]
    if kind in {RiskListKind.FORWARDER, RiskListKind.ADDRESS}:
        return bare(told)
    if kind == RiskListKind.RESALE:
        return told.upper()
    return phone_key(told) if kind == RiskListKind.PHONE else told.casefold()


def blockable(order: Order) -> dict[RiskListKind, str]:
    """What of an order may be put on the list of the blocked, as it is compared."""
    origin = getattr(order, "origin", None)
    found = {
        RiskListKind.CUSTOMER: str(order.customer_id or ""),
        RiskListKind.EMAIL: blocked_key(RiskListKind.EMAIL, order.email.casefold()),
        RiskListKind.PHONE: blocked_key(RiskListKind.PHONE, phone_key(order.phone)),
        RiskListKind.ADDRESS: blocked_key(RiskListKind.ADDRESS, place_key(order.ship_to)),
        RiskListKind.NETWORK: origin.network_key if origin else "",
    }
    return {kind: value for kind, value in found.items() if value}


def hints(order: Order) -> dict[RiskListKind, str]:
    """By what people know what is blocked of an order."""
    told = {RiskListKind.EMAIL: order.email, RiskListKind.PHONE: order.phone}
    return {kind: hint_of(kind, text) for kind, text in told.items()}


def listed_of(orders: Iterable[Order]) -> Listed:
    """The entries that may concern these orders: those with one of their values, and every list that
    is searched for parts of an address or a SKU. One query.
    """
    values = {value for order in orders for value in blockable(order).values()}
    values |= {mail_domain(order) for order in orders}
    whole = (RiskListKind.FORWARDER, RiskListKind.RESALE, RiskListKind.EXPRESS)
    rows = RiskListEntry.objects.filter(Q(value__in=values) | Q(kind__in=whole))
    listed: Listed = {kind: set() for kind in RiskListKind}
    for kind, value in rows.order_by().values_list("kind", "value"):
        listed[RiskListKind(kind)].add(value)
    return listed


def mail_domain(order: Order) -> str:
    return order.email.casefold().rpartition("@")[2]


def blocked_of(order: Order, listed: Listed) -> tuple[str, ...]:
    """What of an order is blocked, in words."""
    return tuple(
        kind.label.removeprefix("Blocked ")
        for kind, value in blockable(order).items()
        if value in listed[kind]
    )


def goes_to_forwarder(order: Order, listed: Listed) -> bool:
    here = order.ship_to
    parts = (here.name, here.company, here.line1, here.line2, here.postal_code, here.city)
    told = "".join(bare(part) for part in parts)
    return any(words in told for words in listed[RiskListKind.FORWARDER])


def is_express(order: Order, listed: Listed) -> bool:
    """Whether it goes by a service on the list, by its code or as the channel calls it."""
    service = order.shipping_service
    names = {service.code.casefold() if service else "", order.shipping_method.casefold()}
    return bool((names - {""}) & listed[RiskListKind.EXPRESS])

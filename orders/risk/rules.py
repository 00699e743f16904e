"""The rules: what each looks at, and the sentence it gives as its reason."""

from collections.abc import Callable
from dataclasses import dataclass

from core.money import in_words
from orders.risk.facts import Facts

Finds = Callable[[Facts, int], str]


@dataclass(frozen=True)
class Rule:
    """One rule. `finds` answers its reason, or nothing where the rule does not apply; it is given the
    limit of the version, which `limit_label` words (empty: the rule knows no limit). `points` and
    `limit` are what the first version begins with; points below zero speak for an order.
    """

    code: str
    label: str
    points: int
    finds: Finds
    limit: int = 0
    limit_label: str = ""


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _countries(facts: Facts, _limit: int) -> str:
    billed, sent = facts.billing_country, facts.shipping_country
    return f"Billed to {billed}, sent to {sent}" if billed and sent and billed != sent else ""


def _postcodes(facts: Facts, _limit: int) -> str:
    return "Billed and sent to different postcodes" if facts.postcodes_differ else ""


def _by(name: str, whose: str) -> Finds:
    def finds(facts: Facts, limit: int) -> str:
        count: int = getattr(facts, name)
        others = _counted(count, "other order")
        return f"{others} {whose} within a day" if count >= limit else ""

    return finds


def _declines(facts: Facts, limit: int) -> str:
    words = _counted(facts.declines, "payment")
    return f"{words} declined within a day" if facts.declines >= limit else ""


def _amount(facts: Facts, limit: int) -> str:
    most = facts.usual_most
    if most is None or facts.amount * 100 <= most * limit:
        return ""
    amount, usual = (in_words(one, facts.currency) for one in (facts.amount, most))
    return f"{amount}, where 99 of 100 orders of the channel are at most {usual}"


def _disposable(facts: Facts, _limit: int) -> str:
    return "The e-mail address is a throw-away one" if facts.has_disposable_mail else ""


def _forwarder(facts: Facts, _limit: int) -> str:
    return "Sent to a freight forwarder" if facts.goes_to_forwarder else ""


def _disputes(facts: Facts, limit: int) -> str:
    words = _counted(facts.disputes, "payment")
    return f"{words} of this buyer disputed before" if facts.disputes >= limit else ""


def _trusted(facts: Facts, limit: int) -> str:
    """Earlier orders speak for a buyer only while nothing speaks against them."""
    if facts.disputes or facts.blocked or facts.good_orders < limit:
        return ""
    return f"{_counted(facts.good_orders, 'order')} of this buyer went well before"


def _express(facts: Facts, _limit: int) -> str:
    return "First order, and by express" if facts.is_first_order and facts.is_express else ""


def _resale(facts: Facts, limit: int) -> str:
    if facts.resale_units < limit:
        return ""
    return f"{_counted(facts.resale_units, 'unit')} of goods that are easily resold"


def _blocked(facts: Facts, _limit: int) -> str:
    return f"Blocked: {', '.join(facts.blocked)}" if facts.blocked else ""


OTHERS = "Other orders within a day, at least"
RULES: tuple[Rule, ...] = (
    Rule("blocked", "Customer, e-mail, phone, address or network is blocked", 100, _blocked),
    Rule("disputes", "Earlier dispute or chargeback", 50, _disputes, 1, "Disputes, at least"),
    Rule(
        "network",
        "Many orders from one network address",
        40,
        _by("orders_by_network", "from the same network address"),
        4,
        OTHERS,
    ),
    Rule("declines", "Repeated payment declines", 30, _declines, 3, "Declines in a day, at least"),
    Rule("email", "Many orders by one e-mail", 20, _by("orders_by_email", "by e-mail"), 3, OTHERS),
    Rule("phone", "Many orders by one phone", 20, _by("orders_by_phone", "by phone"), 3, OTHERS),
    Rule("countries", "Billing and shipping country differ", 15, _countries),
    Rule("postcodes", "Billing and shipping postcode differ", 5, _postcodes),
    Rule(
        "amount",
        "Amount beyond what is usual in the channel",
        15,
        _amount,
        100,
        "Percent of the 99th percentile, more than",
    ),
    Rule("disposable", "Throw-away e-mail address", 15, _disposable),
    Rule("forwarder", "Address of a freight forwarder", 15, _forwarder),
    Rule("express", "Express on a first order", 10, _express),
    Rule("resale", "Goods that are easily resold", 10, _resale, 1, "Units, at least"),
    Rule("trusted", "Trusted repeat customer", -30, _trusted, 2, "Orders gone well, at least"),
)
_by_code = {rule.code: rule for rule in RULES}


def rule_named(code: str) -> Rule | None:
    """The rule of a code; None for one that is no longer known."""
    return _by_code.get(code)

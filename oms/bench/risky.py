"""Orders with a label, drawn at random: what honest buyers do, and five ways to cheat a shop.

The shares are assumptions and stand here, so that they can be argued with. Honest buyers send gifts,
buy abroad, share an office's network, mistype cards and use throw-away mail, too.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from core.address import Address

CUSTOMERS, A_DAY, DAYS, COUNTED_FROM = 1_500, 200, 24, 6
EXPRESS, FORWARDER, THROW_AWAY = "express", "Parcel Hub", "mailinator.com"
RESALE_SKUS, SKUS = 20, 400
ATTACKS_A_DAY = 1  # begun in a day; some are of several orders
KINDS = ("reshipped", "bot", "card_testing", "disputed_before", "taken_over")
ATTACK_SHARES = (40, 10, 15, 20, 15)
ABROAD = ("FR", "PL", "NL", "AT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One order to be placed. `kind` is empty for an honest one; `declines` came just before it, and
    `disputes_earlier` says that an earlier order of this e-mail was disputed.
    """

    at: datetime
    email: str
    phone: str
    network: str
    billing: Address
    shipping: Address
    amount: Decimal
    sku: int
    method: str = "standard"
    declines: int = 0
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Buyer:
    email: str
    phone: str
    network: str
    home: Address
    is_regular: bool


class Season:
    """Everything of one seed: its buyers and its orders in the order they come."""

    def __init__(self, seed: int, begins: datetime) -> None:
        self.random = Random(seed)  # noqa: S311  (the same orders in every run)
        self.seed, self.begins = seed, begins
        self.offices = [f"198.51.{seed % 200}.{n}" for n in range(1, 13)]
        self.buyers = [self._buyer(n) for n in range(CUSTOMERS)]
        self.cheated: set[str] = set()  # e-mails with a dispute on record

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _home(self, name: str, country: str = "DE") -> Address:
        return Address(
            name=name,
            line1=f"Weg {self.random.randint(1, 90_000)}",
            postal_code=f"{self.random.randint(10_000, 99_000)}",
            city=f"Town {self.random.randint(1, 400)}",
            country=country,
        )

    def _network(self) -> str:
        parts = [self.random.randint(1, 254) for _ in range(3)]
        return f"10.{parts[0]}.{parts[1]}.{parts[2]}"

    def _phone(self) -> str:
        return f"+49 1{self.random.randint(10**9, 10**10 - 1)}"

    def _buyer(self, number: int) -> Buyer:
        domain = THROW_AWAY if self._chance(0.006) else "post.example"
        network = self.random.choice(self.offices) if self._chance(0.04) else self._network()
        country = self.random.choice(ABROAD) if self._chance(0.12) else "DE"
        return Buyer(
            f"b{self.seed}-{number}@{domain}",
            self._phone(),
            network,
            self._home(f"Buyer {number}", country),
            self._chance(0.35),
        )

    def _amount(self, least: float = 8, mean: float = 4.0, spread: float = 0.7) -> Decimal:
        drawn = max(least, self.random.lognormvariate(mean, spread))
        return Decimal(str(round(drawn, 2)))

    def _moment(self, day: int) -> datetime:
        return self.begins + timedelta(days=day, seconds=self.random.randint(0, 86_399))

    def earlier(self) -> Iterator[Drawn]:
        """What regular buyers bought two months before, gone well."""
        for buyer in self.buyers:
            for _ in range(self.random.randint(1, 4) if buyer.is_regular else 0):
                yield replace(self._honest(buyer, -60 - self.random.randint(0, 20)), declines=0)

    def orders(self) -> list[Drawn]:
        """The season's orders, by their moment."""
        drawn: list[Drawn] = []
        for day in range(DAYS):
            for _ in range(A_DAY):
                drawn += self._visit(day)
            for _ in range(ATTACKS_A_DAY):
                drawn += self._attack(day)
        return sorted(drawn, key=lambda one: (one.at, one.email, one.sku))

    def _visit(self, day: int) -> list[Drawn]:
        first = self._honest(self.random.choice(self.buyers), day)
        if not self._chance(0.02):
            return [first]
        return [first, replace(first, at=first.at + timedelta(minutes=20), amount=self._amount())]

    def _honest(self, buyer: Buyer, day: int) -> Drawn:
        shipping = buyer.home
        if self._chance(0.10):  # a gift, or to the office
            far = self.random.choice(ABROAD) if self._chance(0.15) else buyer.home.country
            shipping = self._home("A friend", far)
        if self._chance(0.004):
            shipping = replace(shipping, company=FORWARDER)
        declines = self.random.choice((3, 4)) if self._chance(0.004) else int(self._chance(0.04))
        resale = self._chance(0.06)
        return Drawn(
            at=self._moment(day),
            email=buyer.email,
            phone=buyer.phone,
            network=buyer.network,
            billing=buyer.home,
            shipping=shipping,
            amount=self._amount(),
            sku=self.random.randrange(RESALE_SKUS if resale else SKUS),
            method=EXPRESS if self._chance(0.08) else "standard",
            declines=declines,
        )

    def _attack(self, day: int) -> list[Drawn]:
        kind = self.random.choices(KINDS, ATTACK_SHARES)[0]
        orders: list[Drawn] = getattr(self, f"_{kind}")(day)
        return [replace(one, kind=kind) for one in orders]

    def _stranger(self, day: int, throw_away: float) -> Drawn:
        number = self.random.randint(10**6, 10**7)
        domain = THROW_AWAY if self._chance(throw_away) else "post.example"
        home = self._home("Victim", self.random.choice((*ABROAD, "DE")))
        return Drawn(
            at=self._moment(day),
            email=f"x{self.seed}-{number}@{domain}",
            phone=self._phone(),
            network=self._network(),
            billing=home,
            shipping=home,
            amount=self._amount(),
            sku=self.random.randrange(SKUS),
        )

    def _reshipped(self, day: int) -> list[Drawn]:
        """A stolen card, dear goods, sent on from a forwarder or a flat elsewhere."""
        begun = self._stranger(day, 0.5)
        drop = self._home("M. Drop", "DE")
        return [
            replace(
                begun,
                shipping=replace(drop, company=FORWARDER if self._chance(0.6) else ""),
                amount=self._amount(180, 5.9, 0.5),
                sku=self.random.randrange(RESALE_SKUS if self._chance(0.7) else SKUS),
                method=EXPRESS if self._chance(0.6) else "standard",
                declines=self.random.choice((0, 1, 3, 4)),
            )
        ]

    def _bot(self, day: int) -> list[Drawn]:
        """Many orders of scarce goods from one place, each with an e-mail of its own."""
        first = self._stranger(day, 0)
        burst = []
        for number in range(self.random.randint(7, 12)):
            other = self._stranger(day, 0.6)
            sku = self.random.randrange(RESALE_SKUS if self._chance(0.8) else SKUS)
            at = first.at + timedelta(minutes=2 * number)
            burst.append(replace(other, at=at, network=first.network, sku=sku))
        return burst

    def _card_testing(self, day: int) -> list[Drawn]:
        """One person tries stolen cards on small orders until some go through."""
        first = self._stranger(day, 0.4)
        return [
            replace(
                first,
                at=first.at + timedelta(minutes=4 * number),
                amount=self._amount(8, 2.5, 0.3),
                declines=self.random.randint(2, 4),
            )
            for number in range(self.random.randint(2, 4))
        ]

    def _disputed_before(self, day: int) -> list[Drawn]:
        """Somebody who had their bank take the money back once, and orders again."""
        again = self._stranger(day, 0.1)
        self.cheated.add(again.email)
        return [replace(again, amount=self._amount(30, 4.6, 0.6))]

    def _taken_over(self, day: int) -> list[Drawn]:
        """A regular buyer's account in other hands: dear goods to a new address, by express."""
        buyer = self.random.choice([one for one in self.buyers if one.is_regular])
        begun = self._honest(buyer, day)
        return [
            replace(
                begun,
                network=self._network(),
                shipping=self._home("M. Drop", self.random.choice(("DE", "PL"))),
                amount=self._amount(150, 5.6, 0.5),
                sku=self.random.randrange(RESALE_SKUS if self._chance(0.6) else SKUS),
                method=EXPRESS if self._chance(0.6) else "standard",
                declines=self.random.choice((0, 0, 1, 3)),
            )
        ]

"""The standing cast: the shop, its places, its goods and its people, as every test knows them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.db import transaction

from core.address import Address
from core.models import Channel, LegalEntity, User
from core.rights import Role
from customers.models import Company, CreditAccount, Customer
from inventory.models import ChannelLocation, Location, Product, StockLevel, Variant
from inventory.services import receive_stock
from orders.drafts import DraftLine, OrderDraft
from orders.models import Order
from orders.services import place_order
from payments.services import record_payment
from payments.states import Method

NOON = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)  # a Wednesday, before every cut-off
BERLIN_ADDRESS = Address(
    name="Ada Lindqvist", line1="Torstraße 1", postal_code="10119", city="Berlin", country="DE"
)


@dataclass
class Shop:
    """A shop with one web channel, a warehouse, a store and three SKUs; stock is up to the test."""

    entity: LegalEntity
    web: Channel
    warehouse: Location
    store: Location
    mug: Variant
    shirt: Variant
    lamp: Variant

    def stock(self, variant: Variant, units: int, location: Location | None = None) -> None:
        """Let units of a variant lie at a location (the warehouse)."""
        with transaction.atomic():
            receive_stock(
                location_id=(location or self.warehouse).pk,
                quantities={variant.pk: units},
                reference="test",
                now=NOON,
            )

    def level(self, variant: Variant, location: Location | None = None) -> StockLevel:
        return StockLevel.objects.get(variant=variant, location=location or self.warehouse)

    def draft(self, *lines: tuple[Variant, int] | tuple[Variant, int, str], **more) -> OrderDraft:
        """An order draft of (variant, quantity[, unit price]) lines."""
        values = {
            "channel": self.web,
            "currency": self.web.currency,
            "customer_name": "Ada Lindqvist",
            "email": "ada@example.com",
            "shipping_address": BERLIN_ADDRESS,
            "billing_address": BERLIN_ADDRESS,
            **more,
        }
        return OrderDraft(
            lines=tuple(
                DraftLine(
                    sku=line[0].sku,
                    quantity=line[1],
                    unit_price=Decimal(line[2] if len(line) > 2 else "10.00"),
                    tax_rate=Decimal("0.19"),
                )
                for line in lines
            ),
            **values,
        )

    def order(self, *lines: tuple, **more) -> Order:
        """A placed order."""
        return place_order(self.draft(*lines, **more), now=NOON)


def make_shop() -> Shop:
    entity = LegalEntity.objects.create(
        code="main", name="Quay Goods GmbH", country="DE", city="Berlin", vat_id="DE123456788"
    )
    web = Channel.objects.create(
        code="web",
        name="Web shop",
        kind="web",
        legal_entity=entity,
        currency="EUR",
        number_prefix="SO-",
    )
    warehouse = Location.objects.create(code="ber", name="Berlin", country="DE")
    store = Location.objects.create(code="muc", name="Munich store", kind="store", country="DE")
    ChannelLocation.objects.create(channel=web, location=warehouse, priority=1)
    ChannelLocation.objects.create(channel=web, location=store, priority=2)
    return Shop(
        entity,
        web,
        warehouse,
        store,
        mug=make_variant("MUG", "Mug", barcode="4006381333931"),
        shirt=make_variant("SHIRT-M", "Shirt", name="M", barcode="4006381333948"),
        lamp=make_variant("LAMP", "Lamp"),
    )


def make_variant(sku: str, product: str, *, name: str = "", **more) -> Variant:
    return Variant.objects.create(
        product=Product.objects.create(name=product), sku=sku, name=name, weight_g=250, **more
    )


def make_user(role: Role | str, *, password: str | None = None, **more) -> User:
    """A member of staff named after the role."""
    return User.objects.create_user(
        email=more.pop("email", f"{role}@example.com"),
        password=password,
        name=more.pop("name", str(role).title()),
        roles=[role],
        **more,
    )


def make_customer(name: str = "Ada Lindqvist", email: str = "ada@example.com", **more) -> Customer:
    return Customer.objects.create(name=name, email=email, created_at=NOON, **more)


def make_company_buyer(*, limit: str = "1000", currency: str = "EUR") -> Customer:
    """A customer whose company may owe up to `limit`."""
    company = Company.objects.create(name="Ferry Line AB")
    CreditAccount.objects.create(company=company, currency=currency, limit=Decimal(limit))
    return make_customer("Nils Berg", "nils@ferry.example", company=company)


def pay(order: Order, amount: str | None = None, *, at: datetime = NOON) -> Order:
    """Let the customer's money for an order come by bank transfer: all that is due, or `amount`."""
    record_payment(
        order_id=order.pk,
        method=Method.BANK_TRANSFER,
        amount=order.balance if amount is None else Decimal(amount),
        currency=order.currency,
        received_at=at,
        now=at,
    )
    return Order.objects.get(pk=order.pk)

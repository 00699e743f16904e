"""A shop that tells the demo of its orders by webhooks, and a system elsewhere that is told of them."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from core.address import Address
from core.webhooks import endpoints, signing
from oms.demo.store import Store
from oms.intake.hooks import sources, working
from oms.intake.hooks.receiving import receive
from oms.models import SourceKind, ToldOrder, WebhookSource
from orders.services import change_shipping_address

TOLD = ["orders.OrderPlaced", "orders.OrderCancelled"]
BREMEN = Address(line1="Am Wall 3", postal_code="28195", city="Bremen", country="DE")
KIEL = {"line1": "Kaistraße 2", "postal_code": "24103", "city": "Kiel", "country": "DE"}


def hook(store: Store, *, now: datetime) -> None:
    """Orders told by webhook: one as it should be, one changed on both sides, one that cannot be read."""
    _be_told(now)
    channel = store.channels["web-eu"]
    source = sources.add_source(
        name="Harbour market", kind=SourceKind.STANDARD, channel=channel, now=now
    )
    sku = store.variants[0][0].sku
    for number in ("HM-101", "HM-102"):
        _send(source, _order(number, sku, now), now=now)
    working.drain()
    edited = ToldOrder.objects.get(channel=channel, external_id="HM-102").order
    if edited is not None:
        change_shipping_address(order_id=edited.pk, address=BREMEN, now=now)
    later = now + timedelta(seconds=1)
    _send(source, _order("HM-102", sku, later, shipping_address=KIEL), now=now)
    _send(source, {"type": "order.created", "data": {"id": "HM-103", "placed_at": "soon"}}, now=now)
    working.drain()


@transaction.atomic
def _be_told(now: datetime) -> None:
    """Paused: the demo calls nobody."""
    endpoint = endpoints.add_endpoint(
        name="Warehouse system", url="https://example.com/hooks", event_kinds=TOLD, now=now
    )
    endpoints.pause(endpoint_id=endpoint.pk)


def _order(number: str, sku: str, moment: datetime, **more: Any) -> dict[str, Any]:
    data = {
        "id": number,
        "number": number,
        "placed_at": (moment - timedelta(minutes=5)).isoformat(),
        "updated_at": moment.isoformat(),
        "currency": "EUR",
        "customer": {"name": "Jonna Falk", "email": "jonna@demo.example"},
        "shipping_address": {**KIEL, "name": "Jonna Falk", "city": "Lübeck"},
        "lines": [{"sku": sku, "quantity": 1, "unit_price": "19.90", "tax_rate": "0.19"}],
        "paid": "19.90",
        **more,
    }
    return {"type": "order.updated", "data": data}


def _send(source: WebhookSource, told: dict[str, Any], *, now: datetime) -> None:
    body = json.dumps(told).encode()
    key = f"{told['data']['id']}:{told['data'].get('updated_at', '')}"
    keys = [signing.secret_key(source.secret)]
    headers = signing.signed_headers(keys, key, body, now=now)
    receive(uid=source.uid, headers=headers, body=body, now=now)

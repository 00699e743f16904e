"""One thing of every kind that addresses name, in the web channel, by the name of its id."""

from datetime import date, timedelta
from decimal import Decimal

from core.tasks import drain_all
from customers.services import save_company
from orders.drafts import Schedule
from orders.models import Price
from orders.services import save_quotation, save_standing_order
from orders.services.changing import ChangeAsked, open_changes
from orders.services.changing import Wanted as Changes
from orders.services.repeating import record_run
from orders.services.simulating import request_what_if
from orders.sourcing.scenario import Scenario
from orders.states import ChangeKind, RunOutcome, StandingUnit
from payments.services import issue_invoice
from returns.models import ReturnRequest
from returns.services import Wanted, request_return
from returns.states import ReturnReason
from shipping.models import Parcel
from tests.cast import NOON, Shop, make_customer, pay
from tests.shipping.factories import dispatched, make_service, packed


def make_things(shop: Shop) -> dict[str, int]:
    """Ids by the names of parameters: an order that is packed, one that was sent, and all they have."""
    for variant in (shop.mug, shop.shirt, shop.lamp):
        shop.stock(variant, 50)
    make_service()
    Price.objects.create(variant=shop.mug, currency="EUR", amount=10)
    ada = make_customer()
    sent = pay(shop.order((shop.mug, 2), customer_id=ada.pk))
    dispatched(sent)
    drain_all()
    line = sent.lines.get()
    back = request_return(
        order_id=sent.pk, wanted=[Wanted(line.pk, 1, ReturnReason.UNWANTED)], now=NOON
    )
    order = pay(shop.order((shop.shirt, 1), (shop.lamp, 1), customer_id=ada.pk))
    shipment = packed(order)
    discount = ChangeAsked(kind=ChangeKind.ORDER_DISCOUNT, amount=Decimal(1), reason="Late")
    change = open_changes(order_id=order.pk, wanted=Changes(asked=[discount]), now=NOON)
    standing = save_standing_order(
        standing_order_id=None,
        draft=shop.draft((shop.mug, 1)),
        prices=[Decimal(9)],
        schedule=Schedule(every=1, unit=StandingUnit.WEEKS, first_on=NOON.date(), ends_on=None),
        now=NOON,
    )
    before = NOON.date() - timedelta(days=7)
    run = record_run(standing, before, RunOutcome.REFUSED, "No stock.", now=NOON)
    return {
        "standing_order_id": standing.pk,
        "run_id": run.pk,
        "company_id": save_company(company_id=None, values={"name": "Quay Works AB"}).pk,
        "quotation_id": save_quotation(
            quotation_id=None,
            draft=shop.draft((shop.mug, 1)),
            valid_until=date(2099, 1, 1),
            now=NOON,
        ).pk,
        "order_id": order.pk,
        "line_id": order.lines.first().pk,
        "hold_id": 1,
        "change_id": change.pk,
        "payment_id": order.payments.get().pk,
        "return_id": ReturnRequest.objects.get(pk=back.pk).pk,
        "fulfilment_id": shipment.fulfilment_id,
        "shipment_id": shipment.pk,
        "parcel_id": Parcel.objects.filter(shipment=shipment).first().pk,
        "invoice_id": issue_invoice(order_id=sent.pk, now=NOON).pk,
        "customer_id": ada.pk,
        "product_id": shop.mug.product_id,
        "variant_id": shop.mug.pk,
        "what_if_id": request_what_if(
            name="As it is", days=1, scenario=Scenario(), user=None, now=NOON
        ).pk,
    }

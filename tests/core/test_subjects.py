"""Things are called by their own names wherever rows know them by kind and id alone."""

import pytest
from django.urls import reverse

from core import clock, documents, messages, subjects
from core.models import Document, Message, User
from core.rights import Role
from core.subjects import Named
from orders.services import hold_order
from orders.states import HoldKind
from tests.cast import NOON, Shop, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stocked(shop: Shop) -> None:
    shop.stock(shop.mug, 50)


def confirm(order) -> Message:
    message = messages.queue(
        "order_placed",
        subject_id=order.pk,
        to="ada@example.com",
        variables={},
        dedupe=f"test:{order.pk}",
    )
    assert message
    return message


def test_a_thing_is_named_and_linked_for_who_may_open_it(shop: Shop):
    order = shop.order((shop.mug, 1))
    key = ("order", order.pk)
    link = reverse("orders:order_detail", args=[order.pk])
    sales, nobody = make_user(Role.SALES), User.objects.create_user("no@example.com", roles=[])
    assert subjects.named(sales, [key]) == {key: Named(f"Order {order.number}", link)}
    assert subjects.named(nobody, [key]) == {key: Named(f"Order {order.number}")}


def test_what_is_gone_or_of_no_known_kind_is_called_by_kind_and_id(shop: Shop):
    user = make_user(Role.SALES)
    keys = [("order", 10**9), ("thing", 7)]
    assert list(subjects.named(user, keys).values()) == [Named(f"Order {10**9}"), Named("Thing 7")]


def test_names_cost_one_query_a_kind(shop: Shop, django_assert_num_queries):
    orders = [shop.order((shop.mug, 1)) for _ in range(5)]
    user = make_user(Role.SALES)
    user.has_right(Role.SALES)
    keys = [("order", order.pk) for order in orders]
    with django_assert_num_queries(1):
        assert len(subjects.named(user, keys)) == 5


def test_pages_name_the_order_and_not_its_row(shop: Shop, client):
    order = shop.order((shop.mug, 1))
    hold_order(order_id=order.pk, kind=HoldKind.OPERATOR, reason="Look", now=NOON)
    message, document = confirm(order), documents.request("order_confirmation", order.pk)
    client.force_login(make_user(Role.MANAGER))
    name = f">Order {order.number}<"
    for address in (
        reverse("message_detail", args=[message.pk]),
        reverse("document_detail", args=[document.pk]),
        reverse("document_list"),
        reverse("audit"),
    ):
        page = client.get(address).content.decode()
        assert name in page, address
        assert f"Order {order.pk}<" not in page


def test_messages_and_documents_of_the_past_are_dated_then(shop: Shop):
    order = shop.order((shop.mug, 1))
    with clock.at(NOON):
        message, document = confirm(order), documents.request("order_confirmation", order.pk)
    assert Message.objects.get(pk=message.pk).queued_at == NOON
    assert Document.objects.get(pk=document.pk).requested_at == NOON

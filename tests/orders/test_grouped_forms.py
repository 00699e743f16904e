"""Long forms stand in parts: every field once, under the heading where people look for it."""

import pytest
from django.urls import reverse

from core.rights import Role
from orders.forms.pricing import PromotionForm
from orders.forms.sourcing import SourcingRuleForm
from orders.forms.what_ifs import WhatIfForm
from tests.cast import make_user


@pytest.mark.parametrize("form", [PromotionForm, SourcingRuleForm, WhatIfForm])
def test_every_field_stands_in_one_part(db, form):
    shown = [field.name for _, fields in form().grouped for field in fields]
    assert sorted(shown) == sorted(form.base_fields)
    assert [heading for heading, _ in form().grouped if not heading] == []


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("orders:promotion_new", "For which products"),
        ("orders:sourcing_rule_new", "How they leave"),
        ("orders:what_if_new", "How it is decided"),
    ],
)
def test_a_page_shows_the_parts(client, shop, address, heading):
    client.force_login(make_user(Role.ADMIN))
    page = client.get(reverse(address)).content.decode()
    assert f"<legend>{heading}</legend>" in page

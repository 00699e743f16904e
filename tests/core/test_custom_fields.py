"""Custom fields: defined by admins, asked in forms, shown and filtered in lists."""

from uuid import uuid4

import pytest
from django.urls import reverse

from core.forms.custom import CustomFieldForm
from core.models import CustomField
from customers.models import Customer
from inventory.models import Product
from tests.cast import make_customer, make_user

pytestmark = pytest.mark.django_db


def define(subject="inventory.product", code="care", kind="text", **more) -> CustomField:
    return CustomField.objects.create(
        subject=subject, code=code, label=more.pop("label", code.title()), kind=kind, **more
    )


def product_data(product, **custom):
    data = {"name": product.name, "tax_class": "standard", "is_active": "on", "version": 0}
    return data | {f"custom_{code}": value for code, value in custom.items()}


def test_an_admin_defines_a_field(client, shop):
    client.force_login(make_user("admin"))
    answer = client.post(
        "/settings/custom-fields/new/",
        {
            "subject": "inventory.product",
            "label": "Care label",
            "code": "care_label",
            "kind": "choice",
            "choices": "30°\n60°",
            "position": 1,
        },
    )
    assert answer.status_code == 302, answer.context["form"].errors
    assert CustomField.objects.get().choices == ["30°", "60°"]
    assert "Care label" in client.get("/settings/custom-fields/").content.decode()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"code": "Care Label"}, "code"),
        ({"code": "contains"}, "code"),
        ({"kind": "choice"}, "choices"),
        ({"subject": "core.user"}, "subject"),
    ],
)
def test_a_field_that_cannot_work_is_refused(shop, more, field):
    data = {"subject": "inventory.product", "label": "Care", "code": "care", "kind": "text"}
    form = CustomFieldForm({**data, "position": 1, **more})
    assert list(form.errors) == [field]


@pytest.mark.parametrize(
    ("kind", "told", "kept"),
    [
        ("text", "by hand", "by hand"),
        ("number", "12.50", 12.5),
        ("number", "12", 12),
        ("date", "2026-12-01", "2026-12-01"),
        ("flag", "no", False),
        ("choice", "b", "b"),
        ("url", "https://example.com/a", "https://example.com/a"),
        ("text", "", None),
    ],
)
def test_a_value_is_kept_by_its_kind(as_manager, shop, kind, told, kept):
    define(kind=kind, choices=["a", "b"])
    product = shop.mug.product
    answer = as_manager.post(f"/products/{product.pk}/edit/", product_data(product, care=told))
    assert answer.status_code == 302, answer.context["form"].errors
    assert Product.objects.get(pk=product.pk).custom.get("care") == kept


@pytest.mark.parametrize(
    ("kind", "told"),
    [("number", "many"), ("date", "soon"), ("choice", "c"), ("url", "nowhere"), ("text", "")],
)
def test_a_value_that_does_not_fit_is_refused(as_manager, shop, kind, told):
    define(kind=kind, choices=["a", "b"], is_required=True)
    product = shop.mug.product
    answer = as_manager.post(f"/products/{product.pk}/edit/", product_data(product, care=told))
    assert answer.status_code == 422
    assert "custom_care" in answer.context["form"].errors


def test_values_of_fields_taken_away_stay(as_manager, shop):
    product = shop.mug.product
    product.custom = {"old": "kept"}
    product.save()
    define()
    as_manager.post(f"/products/{product.pk}/edit/", product_data(product, care="x"))
    product.refresh_from_db()
    assert product.custom == {"old": "kept", "care": "x"}


def test_a_list_has_a_column_and_a_filter_for_each_field(as_manager, shop):
    define(kind="number")
    define(code="fragile", kind="flag")
    define(code="until", kind="date")
    mug, lamp = shop.mug.product, shop.lamp.product
    mug.custom = {"care": 40, "fragile": True, "until": "2026-12-01"}
    mug.save()
    url = reverse("inventory:product_list")
    page = as_manager.get(url, {"cols": "name,custom-care,custom-fragile"})
    assert "40" in page.content.decode()
    assert "Fragile" in page.content.decode()

    def found(**query):
        return {row.pk for row in as_manager.get(url, query).context["list"].rows}

    assert found(**{"custom-care_min": "30", "custom-care_max": "40.5"}) == {mug.pk}
    assert found(**{"custom-fragile": "yes"}) == {mug.pk}
    assert lamp.pk in found(**{"custom-fragile": "no"})
    assert found(**{"custom-until_from": "2026-11-30", "custom-until_to": "2026-12-01"}) == {mug.pk}
    file = as_manager.get("/lists/inventory.products/export/", {"cols": "name,custom-care"})
    assert file.status_code in {200, 404}


def test_customers_have_them_too(as_manager, shop):
    define("customers.customer", "size", "text")
    customer = make_customer()
    data = {"name": customer.name, "email": customer.email, "language": "en", "custom_size": "XL"}
    data["_once"] = str(uuid4())
    answer = as_manager.post(reverse("customers:customer_edit", args=[customer.pk]), data)
    assert answer.status_code == 302, answer.context["form"].errors
    assert Customer.objects.get(pk=customer.pk).custom == {"size": "XL"}
    page = as_manager.get(reverse("customers:customer_detail", args=[customer.pk]))
    assert "XL" in page.content.decode()

"""What hangs on variants: parts, barcodes, substitutes, related products and pictures."""

import pytest

from inventory.errors import BadQuantity
from inventory.states import VariantKind

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "words"),
    [(VariantKind.KIT, "book its components"), (VariantKind.SERVICE, "no stock of it")],
)
def test_kits_and_services_have_no_stock_to_book(shop, kind, words):
    shop.mug.kind = kind
    shop.mug.save()
    with pytest.raises(BadQuantity, match=words):
        shop.stock(shop.mug, 1)

"""Numbers that do not fit their column are refused, never cut to size."""

import pytest
from django.db import DataError, transaction

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", [2**31, 99_999_999_999, -(2**31) - 1])
def test_a_number_too_large_for_its_column_is_refused(shop, number):
    with pytest.raises(DataError, match="out of range"), transaction.atomic():
        shop.mug.weight_g = number
        shop.mug.save(update_fields=["weight_g"])

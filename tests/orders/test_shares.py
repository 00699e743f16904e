"""Whatever units leave a line, and in whatever steps: their shares add up to what the line came to."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from orders.models import OrderLine
from orders.services.parting import share_of

amounts = st.integers(0, 10_000_00).map(lambda cents: Decimal(cents) / 100)


@given(
    units=st.integers(1, 50),
    money=st.tuples(amounts, amounts, amounts),
    is_on_top=st.booleans(),
    data=st.data(),
)
def test_shares_of_a_line_add_up_to_the_line(units, money, is_on_top, data):
    total, discount, tax = money
    line = OrderLine(
        quantity=units,
        total=total + (tax if is_on_top else 0),
        discount=discount,
        tax=tax,
        tax_included=not is_on_top,
        amount=total + discount,
        credited=Decimal(0),
    )
    sums = dict.fromkeys(("total", "discount", "tax", "amount"), Decimal(0))
    left = units
    while left:
        count = data.draw(st.integers(1, left))
        share = share_of(line, count, "EUR")
        on_top = share["tax"] if is_on_top else 0
        assert share["total"] == share["amount"] - share["discount"] + on_top
        for name, amount in share.items():
            assert amount >= 0 or name == "amount"
            sums[name] += amount
        line.cancelled += count
        line.credited += share["total"]
        left -= count
    assert sums == {name: getattr(line, name) for name in sums}

"""Two workers that were given the same event at once: a rule acts once."""

import pytest

from core.models import RuleRun, RunOutcome, StoredFact
from core.rules import running
from orders.models import Note
from tests.cast import make_shop
from tests.races import together
from tests.rules.writing import PLACED, step, write

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("is_once", [True, False])
def test_two_workers_with_one_event_act_once(transactional_db, is_once):
    shop = make_shop()
    shop.stock(shop.mug, 5)
    write("Note it", then=[step("orders.note", kind="staff", text="x")], is_once=is_once)
    order = shop.order((shop.mug, 1))
    fact = StoredFact.objects.get(name=PLACED)
    assert together(*[lambda: running.run_for_fact(fact)] * 3) == [None, None, None]
    assert Note.objects.filter(order=order).count() == 1
    assert RuleRun.objects.filter(outcome=RunOutcome.DONE).count() == 1

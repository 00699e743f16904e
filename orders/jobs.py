"""Long work on orders."""

from core.jobs import Handle, job
from core.models import User
from core.retention import Keep, keep
from orders.models import OrderOrigin
from orders.selectors.recalls import who_got
from orders.services.recalling import tell_of_recall
from orders.services.screening import run_backtest
from orders.services.simulating import run_what_if

keep(
    Keep(
        "order_origins",
        "From where orders were asked for",
        lambda day: OrderOrigin.objects.filter(told_at__lt=day),
    )
)


@job("orders.tell_of_recall", title="Tell customers of a recall")
def tell_customers_of_recall(handle: Handle, *, lot_id: int, user_id: int) -> str:
    """A message to everybody who got units of the lot; twice started, each is told once."""
    rows = [row for row in who_got(User.objects.get(pk=user_id), lot_id) if row["sent"]]
    told = 0
    for done, row in enumerate(rows, start=1):
        queued = tell_of_recall(order_id=row["order_id"], lot_id=lot_id, units=row["sent"])
        told += queued
        why = "" if queued else "told before" if row["order__email"] else "no e-mail address: call"
        handle.result(
            str(row["order_id"]),
            f"{row['order__number']}, {row['order__customer_name']}",
            ok=queued or bool(row["order__email"]),
            message=why,
            url=f"/orders/{row['order_id']}/",
        )
        handle.progress(done, len(rows))
    return f"{told} of {len(rows)} customers are told."


@job("orders.backtest_risk", title="Back-test risk rules")
def backtest_risk(handle: Handle, *, backtest_id: int) -> str:
    """What a version of the risk rules would have done with past orders."""
    return run_backtest(handle, backtest_id=backtest_id)


@job("orders.what_if", title="Replay past orders")
def replay_past(handle: Handle, *, what_if_id: int) -> str:
    """What another network would have done with past orders."""
    return run_what_if(handle, what_if_id=what_if_id)

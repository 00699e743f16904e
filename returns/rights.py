"""Who may see and handle returns."""

from core.rights import Role, right

SEE_RETURNS = right(
    "returns.see", "See returns", Role.SALES, Role.RETURNS, Role.FINANCE, Role.WAREHOUSE
)
REQUEST_RETURNS = right("returns.request", "Announce a return", Role.SALES, Role.RETURNS)
DECIDE_RETURNS = right("returns.decide", "Approve and reject returns", Role.RETURNS)
RECEIVE_RETURNS = right(
    "returns.receive", "Receive and inspect returns", Role.RETURNS, Role.WAREHOUSE
)
REFUND_RETURNS = right("returns.refund", "Give money back for returns", Role.RETURNS, Role.FINANCE)

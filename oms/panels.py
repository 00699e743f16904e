"""What intake puts before people."""

from core import attention
from core.attention import AttentionKind
from oms.intake.later import CHANNEL_DIFFERS
from orders.rights import EDIT_ORDERS

attention.register(
    AttentionKind(
        CHANNEL_DIFFERS,
        "The channel tells it otherwise",
        "Compare the order with what was told later, and change here or there.",
        EDIT_ORDERS,
        "import",
    )
)

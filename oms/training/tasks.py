"""The eight tasks: what each is for, who may do it, and the facts that show it was done."""

from dataclasses import dataclass

from core.rights import SEE_BACK_OFFICE, Right
from oms.events import OrderFound
from orders.events import FulfilmentPacked, HoldReleased, LineMatched
from orders.rights import EDIT_ORDERS, IMPORT_ORDERS
from payments.events import PaymentReceived
from payments.rights import RECORD_PAYMENTS
from returns.events import ReturnClosed, ReturnInspected, ReturnReceived
from returns.rights import REFUND_RETURNS
from shipping.events import ShipmentDispatched
from shipping.rights import PICK_AND_PACK


@dataclass(frozen=True)
class Task:
    """One task. It is done once one thing (an order, a user) bears all of `facts` by the person."""

    code: str
    title: str
    why: str
    how: str
    right: Right
    facts: frozenset[str] = frozenset()


FIND = Task(
    "find",
    "Find an order",
    "Customers rarely know their order’s number; the search finds it by name, e-mail or SKU too.",
    "Press / and type the name below, open one of the orders found, and write its number here.",
    SEE_BACK_OFFICE,
    frozenset({OrderFound.name}),
)
RELEASE = Task(
    "release",
    "Let a held order go",
    "A hold keeps an order out of the pick queues until a person has looked at it.",
    "Read why it is held, then press Release hold.",
    EDIT_ORDERS,
    frozenset({HoldReleased.name}),
)
MATCH = Task(
    "match",
    "Match an unknown SKU",
    "An order is never lost because a shop names a product that the catalogue does not know.",
    "On the order, choose the product that the line means.",
    EDIT_ORDERS,
    frozenset({LineMatched.name}),
)
PAY = Task(
    "pay",
    "Record a payment",
    "What is not paid waits; with its money recorded, an order goes to the warehouse by itself.",
    "On the order, press Record payment and keep the amount that is due.",
    RECORD_PAYMENTS,
    frozenset({PaymentReceived.name}),
)
PACK = Task(
    "pack",
    "Pick and pack an order",
    "Scanned or counted goods make wrong parcels rare.",
    "Start picking, confirm the quantities, then pack and finish.",
    PICK_AND_PACK,
    frozenset({FulfilmentPacked.name}),
)
SHIP = Task(
    "ship",
    "Send it",
    "Dispatching is the point of no return: stock goes down and the customer is told.",
    "Buy the label, then press Dispatch.",
    PICK_AND_PACK,
    frozenset({ShipmentDispatched.name}),
)
RETURN = Task(
    "return",
    "Take a return back",
    "Stock and money follow what really came back, in the state in which it came.",
    "Receive the goods, inspect them, then refund.",
    REFUND_RETURNS,
    frozenset({ReturnReceived.name, ReturnInspected.name, ReturnClosed.name}),
)
IMPORT = Task(
    "import",
    "Mend an import",
    "A broken row rejects its order alone: the rest goes in, and the mended row follows.",
    "Import the sample file, download its errors file, write 2 for the quantity that is a word, and"
    " import the mended file.",
    IMPORT_ORDERS,
)
TASKS = (FIND, RELEASE, MATCH, PAY, PACK, SHIP, RETURN, IMPORT)

"""Places in the orders' pages that apps above may fill, and questions they may answer."""

from core.panels import Registry, Socket

ORDER_PAGE = Socket("orders.order_page")
ORDER_SIDE = Socket("orders.order_side")
ORDER_ACTIONS = Socket("orders.order_actions")
TRACKING_PAGE = Socket("orders.tracking_page")

# called with (order); answers a Refusal sentence (str) or None
CANCEL_REFUSALS = Registry("what forbids to cancel an order")
# called with (order, units by line id); answers a sentence on what cancelling will do, or None
CANCEL_EFFECTS = Registry("what cancelling an order will do")
# called with (order); answers a sentence on why it may not be split now, or None
SPLIT_REFUSALS = Registry("what forbids to split an order")
# called with (order kept, order folded into it); answers a sentence, or None
MERGE_REFUSALS = Registry("what forbids to merge two orders")
# called with (order); answers a sentence on what is in hand already when it is held, or None
HOLD_EFFECTS = Registry("what holding an order meets")
# called with (kinds of paper, order ids); answers {order id: [(kind of document, subject id)]}
PRINTABLES = Registry("which papers of orders may be printed together")
# called without arguments; answers [(code, label)] of the papers that PRINTABLES knows
PAPER_KINDS = Registry("what kinds of paper orders have")
# called with (order); answers a sentence (str) or None
EDIT_REFUSALS = Registry("what forbids to change a placed order")
# called with (order) as it stands after a change; answers a sentence on what follows, or None
EDIT_EFFECTS = Registry("what changing a placed order will do")
# called with (order); answers a Blocker (orders.selectors.blockers) or None
BLOCKERS = Registry("what keeps an order from moving")
# called with (order); answers (kind of thing, ids) pairs whose documents belong to the order's papers
ORDER_PAPERS = Registry("whose documents are an order's papers")
# called without arguments; answers the carriers that services may be bought from, as (code, name)
CARRIERS = Registry("which carriers are set up")

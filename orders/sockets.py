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
# called with (order); answers a Blocker (orders.selectors.blockers) or None
BLOCKERS = Registry("what keeps an order from moving")
# called with (order); answers (kind of thing, ids) pairs whose documents belong to the order's papers
ORDER_PAPERS = Registry("whose documents are an order's papers")
# called without arguments; answers the carriers that services may be bought from, as (code, name)
CARRIERS = Registry("which carriers are set up")

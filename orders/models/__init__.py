"""What was bought, what was promised, and the instructions to send it."""

from orders.models.adjustments import Adjustment
from orders.models.changes import ChangeAction, ChangeSet, EditRule
from orders.models.fulfilments import Fulfilment, FulfilmentLine
from orders.models.holds import Hold, Note, NoteKind
from orders.models.kits import OrderKit
from orders.models.lines import OrderLine
from orders.models.links import OrderLink, Watcher
from orders.models.orders import Order, TrackingLink
from orders.models.policies import ChannelPolicy
from orders.models.price_lists import PriceList, PriceListItem
from orders.models.pricing import Price, TaxRate
from orders.models.promises import (
    ALL_CARRIERS,
    CarrierClosure,
    CarrierDays,
    LaneStatistic,
    MeasuredTransit,
    OrderPromise,
    TransitTime,
)
from orders.models.promotions import Coupon, CouponRedemption, Promotion
from orders.models.quotations import Quotation, QuotationLine, QuotationLink
from orders.models.recommending import (
    Bought,
    BoughtTogether,
    PairCount,
    RecommendationRules,
    RecommendationShown,
    RecommendationTaken,
)
from orders.models.risk import (
    OrderOrigin,
    RiskBacktest,
    RiskBacktestChange,
    RiskBaseline,
    RiskDecision,
    RiskListEntry,
    RiskReview,
    RiskRuleSet,
    RiskSignal,
)
from orders.models.shipping_services import (
    ShippingRate,
    ShippingService,
    ShippingZone,
)
from orders.models.sourcing import (
    SendingTerms,
    SourcingDecision,
    SourcingRule,
    StockWorth,
)
from orders.models.standing import StandingOrder, StandingOrderLine, StandingRun
from orders.models.tombstones import CancelledAhead
from orders.models.what_ifs import WhatIf

__all__ = [
    "ALL_CARRIERS",
    "Adjustment",
    "Bought",
    "BoughtTogether",
    "CancelledAhead",
    "CarrierClosure",
    "CarrierDays",
    "ChangeAction",
    "ChangeSet",
    "ChannelPolicy",
    "Coupon",
    "CouponRedemption",
    "EditRule",
    "Fulfilment",
    "FulfilmentLine",
    "Hold",
    "LaneStatistic",
    "MeasuredTransit",
    "Note",
    "NoteKind",
    "Order",
    "OrderKit",
    "OrderLine",
    "OrderLink",
    "OrderOrigin",
    "OrderPromise",
    "PairCount",
    "Price",
    "PriceList",
    "PriceListItem",
    "Promotion",
    "Quotation",
    "QuotationLine",
    "QuotationLink",
    "RecommendationRules",
    "RecommendationShown",
    "RecommendationTaken",
    "RiskBacktest",
    "RiskBacktestChange",
    "RiskBaseline",
    "RiskDecision",
    "RiskListEntry",
    "RiskReview",
    "RiskRuleSet",
    "RiskSignal",
    "SendingTerms",
    "ShippingRate",
    "ShippingService",
    "ShippingZone",
    "SourcingDecision",
    "SourcingRule",
    "StandingOrder",
    "StandingOrderLine",
    "StandingRun",
    "StockWorth",
    "TaxRate",
    "TrackingLink",
    "TransitTime",
    "Watcher",
    "WhatIf",
]

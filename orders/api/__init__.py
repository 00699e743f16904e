"""Orders, quotes and prices for machines: lists, one order, and the verbs that staff have by button."""

from orders.api import (
    changes,
    control,
    handing,
    prices,
    promises,
    quotes,
    reading,
    recommendations,
    risk,
    rules,
    sourcing,
    standing,
    verbs,
    what_ifs,
)

ROOMS = (
    reading.room,
    verbs.room,
    changes.room,
    control.room,
    handing.room,
    risk.room,
    quotes.room,
    prices.room,
    promises.room,
    recommendations.room,
    rules.room,
    sourcing.room,
    standing.room,
    what_ifs.room,
)

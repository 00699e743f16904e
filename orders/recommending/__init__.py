"""What goes with a basket: goods ranked by how often they were bought with what is in it. Pure."""

from orders.recommending.ranking import (
    Candidate,
    Limits,
    Pair,
    Seller,
    Suggestion,
    recommend,
)
from orders.recommending.wording import say_why

__all__ = ["Candidate", "Limits", "Pair", "Seller", "Suggestion", "recommend", "say_why"]

"""What happened to where orders are sent from."""

from core.facts import Fact


class SendingTermsChanged(Fact, subject="sendingterms"):
    """Made or edited; the fact's `changes` say from what to what."""

    sentence = "{label}: {what}"
    sendingterms_id: int
    label: str
    what: str


class SourcingRuleChanged(Fact, subject="sourcingrule"):
    """Made, edited or moved; the fact's `changes` say from what to what."""

    sentence = "{label}: {what}"
    sourcingrule_id: int
    label: str
    what: str


class OrderSourcedAgain(Fact, subject="order", is_sequenced=True):
    """It is sent from elsewhere now, since that became better."""

    sentence = "Decided again where it is sent from: {why}"
    order_id: int
    decision_id: int
    why: str


class SourcingOverridden(Fact, subject="order", is_sequenced=True):
    """Somebody chose by hand where it is sent from."""

    sentence = "Sent from {locations} by choice: {reason}"
    order_id: int
    decision_id: int
    locations: str
    reason: str

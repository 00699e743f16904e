"""What happened to goods coming back; all of it stands on the order's timeline."""

from core.facts import Fact


class ReturnRequested(Fact, subject="order", is_sequenced=True):
    sentence = "Return {number} requested: {units:unit}"
    order_id: int
    return_id: int
    number: str
    units: int


class ReturnApproved(Fact, subject="order", is_sequenced=True):
    sentence = "Return {number} approved"
    order_id: int
    return_id: int
    number: str


class ReturnRejected(Fact, subject="order", is_sequenced=True):
    sentence = "Return {number} rejected: {why}"
    order_id: int
    return_id: int
    number: str
    why: str


class ReturnCancelled(Fact, subject="order", is_sequenced=True):
    sentence = "Return {number} cancelled"
    order_id: int
    return_id: int
    number: str


class ReturnReceived(Fact, subject="order", is_sequenced=True):
    sentence = "Return {number}: {units:unit} received at {location}"
    order_id: int
    return_id: int
    number: str
    units: int
    location: str


class ReturnInspected(Fact, subject="order", is_sequenced=True):
    sentence = "Return {number} inspected: {restocked} restocked, {scrapped} scrapped"
    order_id: int
    return_id: int
    number: str
    restocked: int
    scrapped: int


class ReturnClosed(Fact, subject="order", is_sequenced=True):
    sentence = "Return {number} closed: {refunded:{currency}} given back"
    order_id: int
    return_id: int
    number: str
    refunded: str
    currency: str

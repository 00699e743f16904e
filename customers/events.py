"""What happened to customers."""

from core.facts import Fact


class CustomerAdded(Fact, subject="customer"):
    sentence = "Customer added"
    customer_id: int


class CustomerChanged(Fact, subject="customer"):
    sentence = "Changed: {fields}"
    customer_id: int
    fields: str

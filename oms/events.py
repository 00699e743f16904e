"""What happened in the guided first hour of a training store, and to shops that send webhooks."""

from core.facts import Fact


class OrderFound(Fact, subject="user"):
    """Somebody in training was asked for an order of a customer and named one."""

    user_id: int
    number: str


class WebhookSourceChanged(Fact, subject="webhooksource"):
    """A shop that tells us of its orders was let in, changed or given a new secret."""

    sentence = "{label}: {what}"
    webhooksource_id: int
    label: str
    what: str

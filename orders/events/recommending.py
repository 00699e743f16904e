"""What happened to the rules of what is suggested."""

from core.facts import Fact


class RecommendationRulesChanged(Fact, subject="recommendationrules"):
    """What a suggestion has to reach; the fact's `changes` say from what to what."""

    sentence = "{label}: {what}"
    recommendationrules_id: int
    label: str
    what: str

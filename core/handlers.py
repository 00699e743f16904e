"""What the ground does when something happened."""

from core import people
from core.events import PasswordLinkAsked
from core.handling import handles, handles_queued
from core.models import StoredFact
from core.rules import running


@handles(PasswordLinkAsked)
def send_password_link(fact: PasswordLinkAsked) -> None:
    people.send_password_link(user_id=fact.user_id)


@handles_queued
def run_rules(fact: StoredFact) -> None:
    running.run_for_fact(fact)

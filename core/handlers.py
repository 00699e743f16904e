"""What the ground does when something happened."""

from core import people
from core.events import PasswordLinkAsked
from core.handling import handles


@handles(PasswordLinkAsked)
def send_password_link(fact: PasswordLinkAsked) -> None:
    people.send_password_link(user_id=fact.user_id)

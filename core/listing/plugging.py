"""Search words of an upper app in a list of a lower one, such as a parcel's number among orders."""

from collections import defaultdict
from collections.abc import Callable

from django.db.models import Q

from core.listing.search import Token

Match = Callable[[str], Q | None]

_tokens: dict[str, list[Token]] = defaultdict(list)
_matches: dict[str, list[Match]] = defaultdict(list)


def plug_token(listing: str, token: Token) -> None:
    """Let a named word be understood by a list below; done in panels.py."""
    _tokens[listing].append(token)


def plug_match(listing: str, match: Match) -> None:
    """Let free words of a list below mean something more; None where the word means nothing there."""
    _matches[listing].append(match)


def plugged_tokens(listing: str) -> tuple[Token, ...]:
    return tuple(_tokens.get(listing, ()))


def plugged_match(listing: str, word: str, *, own: Q) -> Q:
    """The list's own meaning of a word, or any that was plugged."""
    for match in _matches.get(listing, ()):
        more = match(word)
        if more is not None:
            own |= more
    return own

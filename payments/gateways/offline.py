"""Money that people move: what is asked for has happened, or is done by hand at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from payments.errors import UnknownProvider
from payments.gateways.base import Ask, Capabilities, Notice, Reply
from payments.states import Method


class Offline:
    """What the permanent providers share: every ask is answered as done, at the moment it names."""

    code = ""
    label = ""
    methods: tuple[Method, ...] = ()
    capabilities = Capabilities(is_offline=True)

    def authorise(self, ask: Ask) -> Reply:
        return self._done(ask)

    def capture(self, ask: Ask) -> Reply:
        return self._done(ask)

    def void(self, ask: Ask) -> Reply:
        return self._done(ask)

    def refund(self, ask: Ask) -> Reply:
        return self._done(ask)

    def look_up(self, ask: Ask) -> Reply | None:
        return self._done(ask)

    def read_notices(
        self, headers: Mapping[str, str], body: bytes, *, now: datetime
    ) -> Sequence[Notice]:
        raise UnknownProvider(f"“{self.code}” sends no notices.")

    def _done(self, ask: Ask) -> Reply:
        return Reply(is_done=True, amount=ask.amount, occurred_at=ask.asked_at)

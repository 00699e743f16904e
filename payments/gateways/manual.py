"""Cash, bank transfers and cheques: people see the money and record it."""

from payments.gateways.offline import Offline
from payments.states import Method


class Manual(Offline):
    code = "manual"
    label = "Recorded by hand"
    methods: tuple[Method, ...] = tuple(Method.by_hand())

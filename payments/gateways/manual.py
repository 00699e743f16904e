"""Cash, bank transfers and cheques, which people see and record; money moved between orders."""

from payments.gateways.offline import Offline
from payments.states import Method


class Manual(Offline):
    code = "manual"
    label = "Recorded by hand"
    methods: tuple[Method, ...] = (*Method.by_hand(), Method.MOVED)

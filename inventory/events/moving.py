"""Transfers, counts and assembly."""

from core.facts import Fact


class TransferPlanned(Fact, subject="transfer"):
    sentence = "Plan {what}: {units:unit} from {source} to {target}"
    transfer_id: int
    number: str
    source: str
    target: str
    units: int
    what: str


class TransferShipped(Fact, subject="transfer"):
    sentence = "{units:unit} left {source}"
    transfer_id: int
    number: str
    source: str
    units: int


class TransferReceived(Fact, subject="transfer"):
    sentence = "{units:unit} came to {target}, {damaged} of them damaged"
    transfer_id: int
    number: str
    target: str
    units: int
    damaged: int


class TransferUnitsLost(Fact, subject="transfer"):
    """Units that were sent will not come; `how` says why."""

    sentence = "{units:unit} of {sku} given up: {how}"
    transfer_id: int
    number: str
    sku: str
    units: int
    how: str


class TransferCancelled(Fact, subject="transfer"):
    sentence = "Cancelled before anything left"
    transfer_id: int
    number: str


class CountOpened(Fact, subject="countsession"):
    sentence = "{lines:line} to count at {location}: {scope}"
    countsession_id: int
    number: str
    location: str
    lines: int
    scope: str


class CountSubmitted(Fact, subject="countsession"):
    sentence = "{lines:line} counted, {differing} with a difference"
    countsession_id: int
    number: str
    lines: int
    differing: int


class RecountAsked(Fact, subject="countsession"):
    sentence = "{lines:line} to be counted once more"
    countsession_id: int
    number: str
    lines: int


class CountBooked(Fact, subject="countsession"):
    """The differences are in the ledger."""

    sentence = "Booked: {found} found, {missing} missing"
    countsession_id: int
    number: str
    location: str
    found: int
    missing: int


class CountCancelled(Fact, subject="countsession"):
    sentence = "Cancelled; nothing was booked"
    countsession_id: int
    number: str


class AssemblyPlanned(Fact, subject="assemblyorder"):
    sentence = "{quantity:unit} of {sku} at {location} planned"
    assemblyorder_id: int
    number: str
    sku: str
    location: str
    quantity: int


class AssemblyStarted(Fact, subject="assemblyorder"):
    sentence = "Taken from stock: {units:unit}"
    assemblyorder_id: int
    number: str
    units: int


class AssemblyFinished(Fact, subject="assemblyorder"):
    sentence = "Done: {made:unit} of {sku}"
    assemblyorder_id: int
    number: str
    sku: str
    made: int


class AssemblyCancelled(Fact, subject="assemblyorder"):
    sentence = "Cancelled; what was taken lies in stock again"
    assemblyorder_id: int
    number: str

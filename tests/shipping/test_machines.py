"""Every move of every machine, from every state: what is not in the table is refused."""

from itertools import product

import pytest
from django.db import DatabaseError, transaction
from django_fsm import TransitionNotAllowed

from shipping.models import Label, Pick, Shipment
from shipping.states import LabelState, PickState, ShipmentState
from tests.cast import NOON
from tests.shipping.factories import labelled, paid_order

SHIPMENT_MOVES = {
    "pack": {"preparing": "packed"},
    "unpack": {"packed": "preparing"},
    "label": {"packed": "labelled"},
    "unlabel": {"labelled": "packed"},
    "dispatch": {"labelled": "dispatched"},
    "cancel": {"preparing": "cancelled", "packed": "cancelled"},
}
LABEL_MOVES = {
    "arrive": {"requested": "bought"},
    "fail": {"requested": "failed"},
    "ask_void": {"bought": "voiding"},
    "void": {"voiding": "voided"},
    "keep": {"voiding": "bought"},
}
PICK_MOVES = {
    "finish": {"open": "done"},
    "reopen": {"done": "open"},
    "put_back": {"open": "put_back", "done": "put_back"},
    "close": {"open": "closed", "done": "closed"},
}
WORDS = {
    "pack": {"now": NOON, "by": "Petra"},
    "label": {"now": NOON},
    "dispatch": {"now": NOON},
    "cancel": {"now": NOON, "reason": "why"},
    "arrive": {
        "tracking_number": "X",
        "provider_ref": "X",
        "cost": 1,
        "currency": "EUR",
        "routing": {},
        "now": NOON,
    },
    "fail": {"error": "no"},
    "keep": {"error": "no"},
    "void": {"now": NOON},
    "finish": {"now": NOON},
    "put_back": {"now": NOON},
    "close": {"now": NOON},
}
TABLE = [
    (model, move, state, moves[move].get(state))
    for model, states, moves in (
        (Shipment, ShipmentState, SHIPMENT_MOVES),
        (Label, LabelState, LABEL_MOVES),
        (Pick, PickState, PICK_MOVES),
    )
    for move, state in product(moves, states.values)
]


@pytest.mark.parametrize(("model", "move", "state", "target"), TABLE)
def test_a_move_leads_where_the_table_says_or_is_refused(model, move, state, target):
    thing = model(state=state)
    if target is None:
        with pytest.raises(TransitionNotAllowed):
            getattr(thing, move)(**WORDS.get(move, {}))
        assert thing.state == state
    else:
        getattr(thing, move)(**WORDS.get(move, {}))
        assert thing.state == target


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "states", "moves"),
    [(Shipment, ShipmentState, SHIPMENT_MOVES), (Label, LabelState, LABEL_MOVES)],
)
def test_the_database_refuses_the_same_moves(stocked, model, states, moves):
    shipment = labelled(paid_order(stocked, (stocked.mug, 1)))
    allowed = {pair for by_source in moves.values() for pair in by_source.items()}
    row = model.objects.get() if model is Label else shipment
    for target in states.values:
        if target == row.state or (row.state, target) in allowed:
            continue
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.filter(pk=row.pk).update(state=target)

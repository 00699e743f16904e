"""What may be done to many orders at once: each is the verb of one order, refused in the same words."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from core import actors, documents
from core.document_batches import print_merged
from core.errors import DomainError, NotPossible
from core.listing import BulkAction, LeftAlone, Preview, Refusal
from core.listing.bulk import MOST_ROWS
from core.models import Document, User
from orders.forms.control import LASTS, person_field, reason_words
from orders.models import Order
from orders.rights import CANCEL_ORDERS, EDIT_ORDERS, SEE_ORDERS
from orders.selectors.merging import check_merge, merge_key
from orders.services import (
    allocate_now,
    assign_order,
    cancel_order,
    hold_order,
    merge_orders,
    release_holds,
    set_tags,
)
from orders.services.telling import confirm_again
from orders.sockets import PAPER_KINDS, PRINTABLES
from orders.states import CancelReason, HoldKind, OrderState

Paper = tuple[str, int]  # a kind of document and what it is about


class HoldForm(forms.Form):
    kind = forms.ChoiceField(label="Why", choices=HoldKind.choices)
    reason = forms.CharField(label="In your words", max_length=300, required=False)
    lasts = forms.ChoiceField(label="For", choices=LASTS, required=False)
    owner = person_field("Who settles it", empty="Whoever comes first")


class HoldOrders(BulkAction):
    code, label, title, icon = "hold", "Hold", "Hold orders", "hold"
    right = EDIT_ORDERS
    form_class = HoldForm
    warning = "Held orders leave the pick queues until the hold is released."

    def refusal(self, row: Order) -> str | None:
        return None if row.state == OrderState.OPEN else "Only open orders can be held."

    def apply(self, rows: Sequence[Order], **values: Any) -> None:
        now = timezone.now()
        until = now + timedelta(hours=int(values["lasts"])) if values.get("lasts") else None
        for row in rows:
            hold_order(
                order_id=row.pk,
                kind=HoldKind(values["kind"]),
                reason=values["reason"],
                until=until,
                owner=_person(values.get("owner")),
                now=now,
            )


class ReleaseOrders(BulkAction):
    code, label, title, icon = "release", "Release", "Release holds", "play"
    right = EDIT_ORDERS

    def refusal(self, row: Order) -> str | None:
        return None if row.open_holds else "It is not on hold."

    def apply(self, rows: Sequence[Order], **values: Any) -> None:
        for row in rows:
            release_holds(order_id=row.pk, now=timezone.now())


class TagForm(forms.Form):
    add = forms.CharField(label="Add tags", required=False, help_text="Separated by commas.")
    remove = forms.CharField(label="Remove tags", required=False)

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        if not entered.get("add") and not entered.get("remove"):
            self.add_error("add", "Name a tag to add, or one to remove.")
        return entered


class TagOrders(BulkAction):
    code, label, title, icon = "tag", "Tag", "Tag orders", "tag"
    right = EDIT_ORDERS
    form_class = TagForm

    def apply(
        self, rows: Sequence[Order], *, add: str = "", remove: str = "", **values: Any
    ) -> None:
        for row in rows:
            set_tags(
                order_id=row.pk, add=add.split(","), remove=remove.split(","), now=timezone.now()
            )


class AssignForm(forms.Form):
    user = person_field("Who takes care of them", empty="Nobody")


class AssignOrders(BulkAction):
    code, label, title, icon = "assign", "Assign", "Assign orders", "user"
    right = EDIT_ORDERS
    form_class = AssignForm

    def apply(self, rows: Sequence[Order], **values: Any) -> None:
        user = _person(values.get("user"))
        for row in rows:
            assign_order(order_id=row.pk, user=user, now=timezone.now())


class AllocateOrders(BulkAction):
    code, label, title, icon = "allocate", "Allocate", "Set stock aside now", "box"
    right = EDIT_ORDERS
    warning = "Nobody is overtaken: whoever waits longer is served first."

    def refusal(self, row: Order) -> str | None:
        if row.state != OrderState.OPEN:
            return "It is not open."
        return None if row.units_backordered > 0 else "It waits for no stock."

    def apply(self, rows: Sequence[Order], **values: Any) -> Mapping[int, str]:
        said = {}
        for row in rows:
            got = allocate_now(order_id=row.pk, now=timezone.now())
            said[row.pk] = f"{got} units set aside." if got else LeftAlone("No stock is free.")
        return said


class PrintForm(forms.Form):
    papers = forms.MultipleChoiceField(label="Papers", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["papers"].choices = [  # type: ignore[attr-defined]
            kind for kinds in PAPER_KINDS.ask() for kind in kinds
        ]


class PrintOrders(BulkAction):
    code, label, title, icon = "print", "Print", "Print papers", "print"
    right = SEE_ORDERS
    form_class = PrintForm
    warning = "One PDF, order by order; orders that have none of the papers are listed."

    def form(self, data: Any = None, *, user: Any) -> forms.Form:
        allowed = {kind.code for kind in documents.kinds_for(user)}
        form = PrintForm(data)
        field = form.fields["papers"]
        field.choices = [(code, name) for code, name in field.choices if code in allowed]  # type: ignore[attr-defined]
        return form

    def apply(self, rows: Sequence[Order], **values: Any) -> Mapping[int, str]:
        papers = _papers(values["papers"], [row.pk for row in rows])
        for row in rows:
            wanted = papers.get(row.pk, [])
            if not wanted:
                raise NotPossible("It has none of these papers yet.")
            for kind, subject_id in wanted:
                documents.request(kind, subject_id)
        return {row.pk: f"{len(papers[row.pk])} papers." for row in rows}

    def finish(self, handle: Any, done: Sequence[int], **values: Any) -> str | None:
        papers = _papers(values["papers"], done)
        wanted: list[Document] = [
            documents.request(kind, subject_id)
            for order_id in done
            for kind, subject_id in papers.get(order_id, [])
        ]
        return print_merged(handle, wanted, name="orders.pdf") if wanted else None


def _papers(codes: Sequence[str], order_ids: Sequence[int]) -> dict[int, list[Paper]]:
    """The papers of each order that whoever acts may see, kind by kind."""
    user = _person(actors.current().actor.key)
    allowed = {kind.code for kind in documents.kinds_for(user)} if user else set()
    found: dict[int, list[Paper]] = defaultdict(list)
    for told in PRINTABLES.ask([code for code in codes if code in allowed], list(order_ids)):
        for order_id, papers in told.items():
            found[order_id] += papers
    return found


class ConfirmOrders(BulkAction):
    code, label, title, icon = "confirm", "Resend confirmation", "Resend confirmations", "mail"
    right = EDIT_ORDERS
    warning = "Each customer gets one more message."

    def refusal(self, row: Order) -> str | None:
        if row.state in {OrderState.CANCELLED, OrderState.EXPIRED}:
            return f"It is {row.get_state_display().lower()}."
        return None if row.email else "It has no e-mail address."

    def apply(self, rows: Sequence[Order], **values: Any) -> None:
        for row in rows:
            confirm_again(order_id=row.pk, now=timezone.now())


class MergeOrders(BulkAction):
    code, label, title, icon = "merge", "Merge", "Merge orders", "layers"
    right = EDIT_ORDERS
    batch = MOST_ROWS  # which orders go together is seen only with all of them
    warning = "Orders to the same address become one: the oldest takes over the others."

    def refusal(self, row: Order) -> str | None:
        return None if row.state == OrderState.OPEN else "It is not open."

    def preview(self, rows: "QuerySet[Order]") -> Preview:
        found = super().preview(rows)
        why = _unmerged(found.eligible)
        found.refused += [Refusal(row, why[row.pk]) for row in found.eligible if row.pk in why]
        found.eligible = [row for row in found.eligible if row.pk not in why]
        return found

    def apply(self, rows: Sequence[Order], **values: Any) -> Mapping[int, str]:
        why = _unmerged(rows)
        said: dict[int, str] = {pk: LeftAlone(words) for pk, words in why.items()}
        for kept, *others in _groups([row for row in rows if row.pk not in why]):
            try:
                merge_orders(
                    order_id=kept.pk, other_ids=[one.pk for one in others], now=timezone.now()
                )
            except DomainError as refusal:
                said |= {one.pk: LeftAlone(refusal.message) for one in (kept, *others)}
                continue
            said[kept.pk] = "Took over " + ", ".join(one.number for one in others) + "."
            said |= {one.pk: f"Merged into {kept.number}." for one in others}
        return said


def _groups(rows: Sequence[Order]) -> list[list[Order]]:
    """Orders that may go together, the oldest of each group first."""
    groups: dict[Any, list[Order]] = defaultdict(list)
    for row in sorted(rows, key=lambda one: (one.placed_at or one.created_at, one.pk)):
        groups[merge_key(row)].append(row)
    return list(groups.values())


def _unmerged(rows: Sequence[Order]) -> dict[int, str]:
    """Why orders are not merged, by id: alone, or something stands against it."""
    why = {}
    for kept, *others in _groups(rows):
        good = 0
        for other in others:
            refusals = check_merge(kept, other).refusals
            good += not refusals
            if refusals:
                why[other.pk] = " ".join(refusals)
        if not good:
            why[kept.pk] = "No other order here can go together with it."
    return why


class CancelForm(forms.Form):
    why = forms.ChoiceField(label="Why", choices=CancelReason.choices, required=False)
    reason = forms.CharField(label="In your words", max_length=250, required=False)
    keeps_money = forms.BooleanField(
        label="Keep money that was paid too much for now", required=False
    )


class CancelOrders(BulkAction):
    code, label, title, icon = "cancel", "Cancel", "Cancel orders", "blocked"
    right = CANCEL_ORDERS
    form_class = CancelForm
    is_danger = True
    warning = "Everything that has not left is cancelled, its stock is freed and money given back."

    def refusal(self, row: Order) -> str | None:
        if row.state != OrderState.OPEN:
            return "It is not open."
        return None if row.units_open else "Everything has left already."

    def apply(self, rows: Sequence[Order], **values: Any) -> None:
        for row in rows:
            cancel_order(
                order_id=row.pk,
                reason=reason_words(values),
                wants_refund=not values.get("keeps_money"),
                now=timezone.now(),
            )


def _person(key: Any) -> User | None:
    """The user of an id, as a job keeps it."""
    return User.objects.filter(pk=int(key)).first() if key and str(key).isdecimal() else None


ACTIONS = (
    HoldOrders(),
    ReleaseOrders(),
    AssignOrders(),
    TagOrders(),
    AllocateOrders(),
    PrintOrders(),
    ConfirmOrders(),
    MergeOrders(),
    CancelOrders(),
)

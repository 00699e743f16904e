"""The lists of what to order, of reorder rules and of days of cover."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Case, F, FloatField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from core import actors
from core.actors import ActorKind
from core.listing import (
    BulkAction,
    Column,
    Empty,
    Listing,
    Preset,
    choice_token,
    number_token,
    text_token,
)
from core.rights import Role
from inventory.filters.planning import DEMAND_KINDS, CoverFilter, RuleFilter, SuggestionFilter
from inventory.models import Forecast, ReorderRule, StockLevel, Suggestion
from inventory.rights import BUY, SEE_PURCHASES, SEE_STOCK
from inventory.selectors.planning import suggestions_seen_by
from inventory.selectors.reasoning import reasoning
from inventory.selectors.scope import visible_locations
from inventory.services import dismiss_suggestions, order_suggestions
from inventory.services.replenishing import QUIET_DAYS
from inventory.states import SuggestionKind, SuggestionState
from inventory.tables.stock import variant_url

KIND_WORDS = dict(DEMAND_KINDS)


def origin_of(row: Suggestion) -> str:
    """Who it is bought from, or where it is sent from."""
    if row.source:
        return row.source.name
    return row.supplier_item.supplier.name if row.supplier_item else ""


class OrderSuggestions(BulkAction):
    code, label, title, icon = "order", "Order", "Order what is suggested", "cart"
    right = BUY
    batch = 500
    warning = (
        "Purchases become one draft order a supplier and location, transfers one draft a way. Nothing"
        " is sent to anybody yet."
    )

    def refusal(self, row: Suggestion) -> str | None:
        if row.state != SuggestionState.OPEN:
            return "It was decided already."
        if row.kind == SuggestionKind.PURCHASE and row.supplier_item is None:
            return "Nobody is known to sell it: add it to a supplier's price list."
        return None

    def apply(self, rows: Sequence[Suggestion], **_values: Any) -> Mapping[int, str]:
        who = actors.current().actor
        buyer = int(who.key) if who.kind == ActorKind.USER and who.key.isdecimal() else None
        order_suggestions(
            suggestion_ids=[row.pk for row in rows], buyer_id=buyer, now=timezone.now()
        )
        made = Suggestion.objects.filter(pk__in=[row.pk for row in rows])
        return {row.pk: f"On {row.reference}." for row in made}


class DismissForm(forms.Form):
    days = forms.IntegerField(
        label="Do not suggest it again for",
        min_value=1,
        max_value=366,
        initial=QUIET_DAYS,
        help_text="Days.",
    )
    reason = forms.CharField(label="Why", max_length=300, required=False)


class DismissSuggestions(BulkAction):
    code, label, title, icon = "dismiss", "Dismiss", "Dismiss suggestions", "cross"
    right = BUY
    form_class = DismissForm
    batch = 500

    def refusal(self, row: Suggestion) -> str | None:
        return None if row.state == SuggestionState.OPEN else "It was decided already."

    def apply(self, rows: Sequence[Suggestion], **values: Any) -> None:
        dismiss_suggestions(
            suggestion_ids=[row.pk for row in rows],
            days=values["days"],
            reason=values["reason"],
            now=timezone.now(),
        )


NOT_PLANNED = Empty(
    "Not planned yet",
    "The first plan says what to order and why. It is made every night where a reorder rule says so,"
    " or now: press “Plan now”.",
    "inventory:reorder_rule_list",
    "See reorder rules",
    "cart",
)


class SuggestionList(Listing):
    """What should be bought or sent elsewhere, what runs out first on top."""

    name = "inventory.suggestions"
    title = "Replenishment"
    noun = ("suggestion", "suggestions")
    url_name = "inventory:suggestion_list"
    right = SEE_PURCHASES
    columns = (
        Column("sku", "SKU", sort=("variant__sku", "pk"), value="variant.sku", is_fixed=True),
        Column("product", "Product", value="variant.full_name", is_default=False),
        Column("location", "For", sort="location__name", value="location.name"),
        Column("kind", "How", sort="kind", value=lambda row: row.get_kind_display()),
        Column("origin", "From", value=origin_of),
        Column("quantity", "Units", sort="quantity", kind="number"),
        Column("value", "Worth", value="value", kind="money", currency="currency"),
        Column("cover", "Lasts, in days", sort="covered_days", value="covered_days", kind="number"),
        Column("why", "Why", value=reasoning),
        Column("state", "State", value=lambda row: row.get_state_display(), is_default=False),
        Column("reference", "Became", value="reference", is_default=False),
        Column(
            "made", "Suggested", sort="made_at", value="made_at", kind="moment", is_default=False
        ),
    )
    filterset = SuggestionFilter
    promoted = ("location", "kind", "supplier")
    tokens = (
        text_token("sku", "variant__sku__iexact"),
        choice_token("state", SuggestionState.choices, "state"),
        choice_token("how", SuggestionKind.choices, "kind"),
        number_token("units", "quantity"),
        number_token("lasts", "covered_days"),
    )
    search_label = "Search by SKU, product or supplier"
    default_sort = "cover"
    row_template = "inventory/suggestion_rows.html"
    template = "inventory/suggestion_list.html"
    presets = (
        Preset("open", "To decide", "state=open", roles=tuple(Role), is_counted=True),
        Preset("out", "Sold out", "state=open&out=yes"),
        Preset("transfers", "Transfers", "state=open&kind=transfer"),
        Preset("ordered", "Ordered", "state=ordered&sort=-made"),
        Preset("dismissed", "Dismissed", "state=dismissed&sort=-made"),
    )
    bulk_actions = (OrderSuggestions(), DismissSuggestions())
    empty = Empty(
        "Nothing to order",
        "Stock is planned every night where a reorder rule says so.",
        "inventory:reorder_rule_list",
        "See reorder rules",
        "cart",
    )

    @property
    def is_narrowed(self) -> bool:
        """What is left to decide is the list itself: where nothing is, that is no matter of filters."""
        if self.empty is NOT_PLANNED or self.query_string(view=None) == "state=open":
            return False
        return super().is_narrowed

    def before_the_first_plan(self) -> "SuggestionList":
        """The list as it is while no plan was ever made; says so whatever the filters are."""
        self.empty = NOT_PLANNED  # type: ignore[misc]
        return self

    def queryset(self) -> QuerySet[Suggestion]:
        return suggestions_seen_by(self.user).select_related(
            "variant__product", "location", "source", "supplier_item__supplier"
        )

    def match(self, word: str) -> Q:
        return (
            Q(variant__sku__icontains=word)
            | Q(variant__product__name__icontains=word)
            | Q(supplier_item__supplier__name__icontains=word)
            | Q(reference__iexact=word)
        )

    def decorate(self, rows: Sequence[Any]) -> None:
        may_order = self.user.has_right(BUY)
        for row in rows:
            row.why = reasoning(row)
            row.may_order = may_order and row.state == SuggestionState.OPEN
            row.origin = origin_of(row)

    def row_class(self, row: Any) -> str:
        return "row--danger" if row.state == "open" and row.covered_days == 0 else ""

    def row_label(self, row: Any) -> str:
        return f"{row.variant.sku} for {row.location.name}"


class RuleList(Listing):
    """How stock is ordered again, and where."""

    name = "inventory.reorder_rules"
    title = "Reorder rules"
    noun = ("reorder rule", "reorder rules")
    url_name = "inventory:reorder_rule_list"
    right = SEE_PURCHASES
    columns = (
        Column(
            "sku",
            "SKU",
            sort=("variant__sku", "location__name", "pk"),
            value=lambda row: row.variant.sku if row.variant else "",
            is_fixed=True,
        ),
        Column("location", "Location", sort="location__name", value="location.code"),
        Column("target", "Served, in %", sort="target_fill", value="target_fill", kind="number"),
        Column("review", "Every … days", sort="review_days", value="review_days", kind="number"),
        Column("minimum", "At least", sort="minimum", kind="number"),
        Column("maximum", "At most", sort="maximum", kind="number"),
        Column(
            "automatic",
            "Without asking",
            sort="is_automatic",
            value="is_automatic",
            kind="flag",
        ),
        Column("planned", "Planned", sort="is_active", value="is_active", kind="flag"),
        Column(
            "order_cost",
            "An order costs",
            value="order_cost",
            kind="money",
            currency="location.currency",
            is_default=False,
        ),
    )
    filterset = RuleFilter
    promoted = ("location", "automatic")
    tokens = (text_token("sku", "variant__sku__iexact"), number_token("target", "target_fill"))
    search_label = "Search by SKU or product"
    default_sort = "sku"
    row_template = "inventory/reorder_rule_rows.html"
    template = "inventory/reorder_rule_list.html"
    empty = Empty(
        "No reorder rules yet",
        "A rule for a whole location plans everything there; rules for single SKUs go before it.",
        "inventory:reorder_rule_new",
        "Add reorder rule",
        "refresh",
        right=BUY,
    )

    def queryset(self) -> QuerySet[ReorderRule]:
        return ReorderRule.objects.filter(location__in=visible_locations(self.user)).select_related(
            "variant__product", "location"
        )

    def match(self, word: str) -> Q:
        return Q(variant__sku__icontains=word) | Q(variant__product__name__icontains=word)

    def row_class(self, row: Any) -> str:
        return "" if row.is_active else "row--muted"

    def row_label(self, row: Any) -> str:
        return f"{row.variant.sku if row.variant else 'Everything'} at {row.location.name}"


class CoverList(Listing):
    """How long what is free lasts, at the pace that is foretold."""

    name = "inventory.cover"
    title = "Days of cover"
    noun = ("forecast", "forecasts")
    url_name = "inventory:cover_list"
    right = SEE_STOCK
    columns = (
        Column("sku", "SKU", sort=("variant__sku", "pk"), value="variant.sku", is_fixed=True),
        Column("product", "Product", value="variant.full_name"),
        Column("location", "Location", sort="location__name", value="location.name"),
        Column("demand", "Demand", sort="kind", value=lambda row: KIND_WORDS.get(row.kind, "")),
        Column("rate", "Units a day", sort="rate", kind="number"),
        Column("free", "Free", sort="free_units", value="free_units", kind="number"),
        Column("cover", "Days of cover", sort="cover_days", value="cover_days", kind="number"),
        Column("lead", "An order takes", sort="lead_days", value="lead_days", kind="number"),
        Column("point", "Order below", sort="reorder_point", value="reorder_point", kind="number"),
        Column("level", "Order up to", sort="order_up_to", value="order_up_to", kind="number"),
        Column("method", "Method", value="method", is_default=False),
        Column("target", "Served, in %", value="target_fill", kind="number", is_default=False),
        Column("z", "By z·σ", value="z_level", kind="number", is_default=False),
        Column("made", "Foretold", value="made_at", kind="moment", is_default=False),
    )
    filterset = CoverFilter
    promoted = ("location", "demand")
    tokens = (
        text_token("sku", "variant__sku__iexact"),
        number_token("cover", "cover_days"),
        number_token("rate", "rate"),
        number_token("free", "free_units"),
    )
    search_label = "Search by SKU or product"
    default_sort = "cover"
    row_template = "inventory/cover_rows.html"
    template = "inventory/cover_list.html"
    presets = (
        Preset("late", "Runs out before an order comes", "late=yes"),
        Preset("long", "Lasts over half a year", "cover_min=183&sort=-cover"),
    )
    empty = Empty(
        "Nothing is foretold yet",
        "Forecasts are made every night where a reorder rule says so.",
        "inventory:reorder_rule_list",
        "See reorder rules",
        "chart",
    )

    def queryset(self) -> QuerySet[Forecast]:
        level = StockLevel.objects.filter(
            variant=OuterRef("variant"), location=OuterRef("location")
        ).annotate(units=F("sellable") - F("allocated") - F("reserved") - F("safety"))
        free = Greatest(Coalesce(Subquery(level.values("units")), 0), 0)
        return (
            Forecast.objects.filter(location__in=visible_locations(self.user))
            .select_related("variant__product", "location")
            .annotate(
                free_units=free,
                cover_days=Case(
                    When(rate__gt=0, then=F("free_units") * Value(1.0) / F("rate")),
                    output_field=FloatField(),
                ),
            )
        )

    def match(self, word: str) -> Q:
        return Q(variant__sku__icontains=word) | Q(variant__product__name__icontains=word)

    def exact(self, text: str) -> str | None:
        return variant_url(text)

    def decorate(self, rows: Sequence[Any]) -> None:
        for row in rows:
            row.demand = KIND_WORDS.get(row.kind, "")

    def row_class(self, row: Any) -> str:
        return (
            "row--warning" if row.cover_days is not None and row.cover_days < row.lead_days else ""
        )

    def row_label(self, row: Any) -> str:
        return f"{row.variant.sku} at {row.location.name}"

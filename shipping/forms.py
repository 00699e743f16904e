"""The shapes of what people type while picking, packing and following parcels."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from orders.models import ShippingService
from shipping.models import Parcel
from shipping.selectors.rates import active_services
from shipping.services import Box
from shipping.states import ShortReason, TrackingStatus

MOST_UNITS = 1_000_000


class ScanForm(forms.Form):
    """One code; a scanner fills it, or a person."""

    code = forms.CharField(max_length=100)
    parcel = forms.IntegerField(required=False, min_value=1)


class QuantityForm(forms.Form):
    """How many units of one line."""

    line = forms.IntegerField(min_value=1)
    quantity = forms.IntegerField(min_value=0, max_value=MOST_UNITS)


class ShortForm(QuantityForm):
    """How many units of one line are not to be had, and why."""

    reason = forms.ChoiceField(choices=ShortReason.choices)


class ServiceForm(forms.Form):
    """With which service parcels go."""

    service = forms.ModelChoiceField(
        queryset=ShippingService.objects.filter(is_active=True), required=False
    )


class FinishForm(forms.Form):
    """The measures of each parcel, in kilograms and centimetres, and the service they go with."""

    def __init__(
        self, parcels: Iterable[Parcel], estimates: dict[int, int], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parcels = list(parcels)
        services = active_services()
        self.fields["service"] = forms.TypedChoiceField(
            choices=[("", "Choose…"), *((one.pk, one.name) for one in services)],
            coerce=int,
            empty_value=None,
            required=False,
            label="Service",
        )
        for parcel in self.parcels:
            self.fields[f"weight_{parcel.pk}"] = forms.DecimalField(
                label=f"Weight of parcel {parcel.position} (kg)",
                max_digits=8,
                decimal_places=3,
                min_value=0,
                initial=(parcel.weight_g or estimates.get(parcel.pk, 0)) / 1000 or None,
            )
            for side in ("length", "width", "height"):
                self.fields[f"{side}_{parcel.pk}"] = forms.DecimalField(
                    label=f"{side.title()} (cm)",
                    max_digits=5,
                    decimal_places=1,
                    min_value=0,
                    required=False,
                    initial=getattr(parcel, f"{side}_mm") / 10 or None,
                )

    def boxes(self) -> dict[int, Box]:
        """What was measured, by parcel id."""
        return {
            parcel.pk: Box(
                int(self.cleaned_data[f"weight_{parcel.pk}"] * 1000),
                *(
                    int((self.cleaned_data.get(f"{side}_{parcel.pk}") or 0) * 10)
                    for side in ("length", "width", "height")
                ),
            )
            for parcel in self.parcels
        }

    def rows(self) -> list[tuple[Parcel, list[forms.BoundField]]]:
        """Each parcel with its fields, for the template."""
        return [
            (
                parcel,
                [self[f"{name}_{parcel.pk}"] for name in ("weight", "length", "width", "height")],
            )
            for parcel in self.parcels
        ]


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=300, required=False)


class TrackingForm(forms.Form):
    """What somebody heard of a parcel."""

    status = forms.ChoiceField(
        label="What happened",
        choices=[(one.value, one.label) for one in TrackingStatus.reportable()],
    )
    occurred_at = forms.DateTimeField(
        label="When",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    place = forms.CharField(label="Where", max_length=120, required=False)
    text = forms.CharField(
        label="In words", max_length=300, required=False, help_text="The customer reads this, too."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["occurred_at"].initial = timezone.localtime().replace(second=0, microsecond=0)

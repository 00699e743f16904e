"""Reports as pages; what they are narrowed by stands in their addresses."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.access import requires
from core.listing.dates import Span, days_of
from orders.selectors.recommending import last_count
from reports.forms import RecommendationFilterForm
from reports.rights import SEE_REVENUE
from reports.selectors.recommendations import recommendation_report


@requires(SEE_REVENUE)
@require_GET
def recommendations(request: HttpRequest) -> HttpResponse:
    """What was suggested, what of it was bought, and what that came to."""
    form = RecommendationFilterForm({"days": Span.MONTH, **request.GET.dict()})
    sent = form.cleaned_data if form.is_valid() else {}
    today = timezone.localdate()
    channel = sent.get("channel")
    report = recommendation_report(
        days_of(sent.get("days") or Span.MONTH, today=today),
        place=sent.get("place", ""),
        channel_id=channel.pk if channel else None,
        today=today,
    )
    context = {
        "form": form,
        "report": report,
        "bars": [
            (row.label, row.taken, f"{row.taken:,} ({row.rate})")
            for row in report.products[:10]
            if row.taken
        ],
        "tables": [
            ("By place", report.places, False),
            ("By product", report.products, True),
        ],
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "counted": last_count(),
    }
    return render(request, "reports/recommendations.html", context)

"""Addresses and views that exist for the tests of scan pages only."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from core.access import public

PAGE = """{% extends "base_scan.html" %}{% block heading %}Pick{% endblock %}
{% block content %}<div id="scan">FORM</div>{% endblock %}
{% block footer_actions %}<button class="btn" id="finish" data-shortcut="f">Finish</button>
{% endblock %}"""
FORM = """<form class="scan-box" data-scan-form method="post" action="/scan" hx-post="/scan"
hx-target="#scan" hx-swap="innerHTML">{% csrf_token %}<input class="scan-input" name="code"
aria-label="Scan or type a code" autocomplete="off"></form>
<input id="quantity" type="number" value="7" aria-label="Quantity">
<ol id="codes">{% for code in codes %}<li>{{ code }}</li>{% endfor %}</ol>
{% if codes %}<div class="scan-result scan-result--ok" data-flash="ok" role="status">Right</div>
{% endif %}"""


@public
def scan(request: HttpRequest) -> HttpResponse:
    """Shows the codes that came in, in order."""
    codes = request.session.get("codes", [])
    if request.method == "POST":
        codes = request.session["codes"] = [*codes, request.POST["code"]]
    source = FORM if getattr(request, "htmx", False) else PAGE.replace("FORM", FORM)
    return HttpResponse(engines["django"].from_string(source).render({"codes": codes}, request))


urlpatterns = [path("scan", scan)]

"""The guided first hour: tasks tick themselves off by what the person did, and only by that."""

import csv
import io
import os
import subprocess
import sys
import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import jobs
from core.actors import acting
from core.models import ImportRun, User
from core.rights import Role
from oms.training.progress import progress_of
from orders.drafts import DraftLine, WhenShort
from orders.models import Order
from orders.services import hold_order, match_line, place_order, release_hold
from orders.states import HoldKind
from returns.services import (
    Inspected,
    Wanted,
    approve_return,
    inspect_return,
    receive_return,
    refund_return,
    request_return,
)
from returns.states import ReturnReason
from shipping.services import dispatch_shipment
from tests.cast import NOON, make_customer, make_user, pay
from tests.shipping.factories import dispatched, labelled, make_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def training(settings):
    settings.OMS_ENV, settings.IS_TRAINING = "training", True


def done(user: User) -> set[str]:
    return {step.task.code for step in progress_of(user).steps if step.is_done}


def by(user: User):
    """As if the user pressed a button."""
    return acting(user.actor, request_id="a-request")


def unknown_order(shop) -> Order:
    draft = shop.draft((shop.mug, 1))
    odd = DraftLine(
        sku="NO-SUCH", name="Something", quantity=1, unit_price=draft.lines[0].unit_price
    )
    mixed = replace(draft, lines=(*draft.lines, odd), when_short=WhenShort.BACKORDER)
    return place_order(mixed, now=NOON)


def held_order(shop) -> Order:
    order = pay(shop.order((shop.mug, 1)))
    hold_order(order_id=order.pk, kind=HoldKind.ADDRESS, reason="No street", now=NOON)
    return order


def returned(order: Order, shop, *, upto: str) -> None:
    """Take one unit of a sent order back, as far as `upto`."""
    wanted = [Wanted(order.lines.get().pk, 1, ReturnReason.UNWANTED)]
    request = request_return(order_id=order.pk, wanted=wanted, now=NOON)
    approve_return(return_id=request.pk, now=NOON)
    line = request.lines.get()
    receive_return(return_id=request.pk, location=shop.warehouse, received={line.pk: 1}, now=NOON)
    results = {line.pk: Inspected(restocked=1, scrapped=0, credited=1)}
    inspect_return(return_id=request.pk, results=results, now=NOON)
    if upto == "refunded":
        refund_return(return_id=request.pk, now=NOON)


def test_each_task_is_ticked_by_its_own_deed(shop, manager):
    shop.stock(shop.mug, 50)
    make_service()
    held, unknown, unpaid = held_order(shop), unknown_order(shop), shop.order((shop.mug, 1))
    assert done(manager) == set()
    with by(manager):
        release_hold(order_id=held.pk, hold_id=held.holds.get().pk, now=NOON)
        assert done(manager) == {"release"}
        line = unknown.lines.get(sku="NO-SUCH")
        match_line(order_id=unknown.pk, line_id=line.pk, sku="LAMP", now=NOON)
        assert done(manager) == {"release", "match"}
        pay(unpaid)
        assert done(manager) == {"release", "match", "pay"}
        shipment = labelled(unpaid)
        assert done(manager) == {"release", "match", "pay", "pack"}
        dispatch_shipment(shipment_id=shipment.pk, now=NOON + timedelta(hours=1))
        assert done(manager) == {"release", "match", "pay", "pack", "ship"}
        returned(unpaid, shop, upto="inspected")
        assert "return" not in done(manager)
        second = dispatched(pay(shop.order((shop.mug, 1)))).order
        returned(second, shop, upto="refunded")
        assert "return" in done(manager)


def test_what_others_and_the_demo_did_ticks_nothing(shop, manager):
    shop.stock(shop.mug, 5)
    first, second = held_order(shop), held_order(shop)
    with by(make_user(Role.SALES)):
        release_hold(order_id=first.pk, hold_id=first.holds.get().pk, now=NOON)
    with acting(manager.actor):
        release_hold(order_id=second.pk, hold_id=second.holds.get().pk, now=NOON)
    assert done(manager) == set()


def test_the_button_of_the_page_ticks_it_off(shop, as_manager, manager, training):
    shop.stock(shop.mug, 5)
    order = held_order(shop)
    page = as_manager.get("/training/").content.decode()
    assert reverse("orders:order_detail", args=[order.pk]) in page
    url = reverse("orders:hold_release", args=[order.pk, order.holds.get().pk])
    as_manager.post(url, {"_once": str(uuid.uuid4())})
    assert done(manager) == {"release"}
    assert "1 of 8 tasks done" in as_manager.get("/").content.decode()


def test_the_order_that_was_asked_for_must_be_found(shop, as_manager, manager, training):
    shop.stock(shop.mug, 5)
    sought = shop.order((shop.mug, 1), customer_id=make_customer().pk)
    other = shop.order((shop.mug, 1), customer_name="Bo Winter")
    for wrong in ("", "SO-none", other.number):
        assert as_manager.post("/training/", {"number": wrong}).status_code == 422
    assert done(manager) == set()
    assert as_manager.post("/training/", {"number": sought.number.lower()}).status_code == 302
    assert done(manager) == {"find"}


def upload(client, content: bytes) -> ImportRun:
    client.post(
        reverse("import_new") + "?kind=orders",
        {
            "file": SimpleUploadedFile("orders.csv", content, "text/csv"),
            "format": "shopify",
            "channel": "web",
            "existing": "skip",
            "products": "attention",
            "stock": "skip",
            "map": "",
            "import": "1",
        },
    )
    jobs.run_due()
    return ImportRun.objects.latest("pk")


def test_the_sample_file_has_one_broken_row_and_mending_it_ticks_the_last_task(
    shop, as_manager, manager, training
):
    shop.stock(shop.mug, 50)
    shop.stock(shop.shirt, 50)
    sample = as_manager.get("/training/sample.csv").content
    first = upload(as_manager, sample)
    assert (first.status, first.created, first.rejected) == ("done", 3, 2)
    assert done(manager) == set()
    errors = bytes(first.errors.content).decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(errors)))) == 3
    second = upload(as_manager, errors.replace(",two,", ",2,").encode())
    assert (second.status, second.created, second.rejected) == ("done", 1, 0)
    assert done(manager) == {"import"}
    assert Order.objects.count() == 4


def test_who_may_not_do_a_task_is_told_who_may(shop, client, training):
    client.force_login(make_user(Role.WAREHOUSE))
    page = client.get("/training/").content.decode()
    assert page.count("Not with your role") == 5
    assert client.get("/training/sample.csv").status_code == 403


def test_the_page_costs_the_same_for_one_order_and_many(shop, as_manager, training):
    shop.stock(shop.mug, 50)

    def cost() -> int:
        as_manager.get("/training/")
        with CaptureQueriesContext(connection) as captured:
            assert as_manager.get("/training/").status_code == 200
        return len(captured)

    held_order(shop)
    one = cost()
    for _ in range(15):
        held_order(shop)
    assert cost() == one


def test_outside_training_there_is_no_first_hour(shop, as_manager):
    assert as_manager.get("/training/").status_code == 404
    assert as_manager.get("/training/sample.csv").status_code == 404
    page = as_manager.get("/").content.decode()
    assert "Training store" not in page
    assert "first hour" not in page


def test_every_frame_says_that_this_is_training(shop, as_manager, client, training):
    for path in ("/", "/orders/", "/shipping/work/", "/training/"):
        assert "Training store: nothing here is real" in as_manager.get(path).content.decode()
    as_manager.logout()
    assert "Training store: nothing here is real" in as_manager.get("/login/").content.decode()


def test_every_frame_and_paper_is_built_on_one_that_says_so():
    templates = Path(project.BASE_DIR) / "templates"
    frames = list(templates.glob("base*.html"))
    assert len(frames) >= 4
    for frame in frames:
        assert "components/environment.html" in frame.read_text(), frame.name
    for paper in templates.glob("*/documents/*.html"):
        text = paper.read_text()
        assert text.lstrip().startswith("{% extends") or paper.parent.parent.name == "core", paper
    for base in (templates / "documents").glob("*.html"):
        text = base.read_text()
        assert "watermark" in text or '{% extends "documents/base.html" %}' in text, base.name


def test_the_menu_leads_there_in_training_alone():
    code = (
        "import django; django.setup(); from core import menu;"
        "print([one.url_name for one in menu._entries if one.url_name == 'first_hour'])"
    )
    for environment, shown in (("training", "['first_hour']"), ("local", "[]")):
        environ = {
            **os.environ,
            "OMS_ENV": environment,
            "DJANGO_SETTINGS_MODULE": "oms.settings",
        }
        said = subprocess.run(
            [sys.executable, "-c", code],
            env=environ,
            cwd=project.BASE_DIR,
            capture_output=True,
            text=True,
            check=True,
        )
        assert said.stdout.strip() == shown


def test_in_training_the_mail_server_is_not_even_set_up():
    code = "import django; django.setup(); from django.conf import settings as s; print(s.EMAIL_BACKEND)"
    environ = {
        **os.environ,
        "OMS_ENV": "training",
        "EMAIL_URL": "smtp://mail.example:25",
        "DJANGO_SETTINGS_MODULE": "oms.settings",
    }
    said = subprocess.run(
        [sys.executable, "-c", code],
        env=environ,
        cwd=project.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "django.core.mail.backends.dummy.EmailBackend"

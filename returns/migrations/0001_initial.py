import django.db.models.deletion
import django.db.models.expressions
import django_fsm
from django.db import migrations, models

import core.model_fields
from core.migration_operations import AllAtOnce


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("inventory", "0001_initial"),
        ("orders", "0001_initial"),
    ]

    operations = [
        AllAtOnce(
            [
                migrations.CreateModel(
                    name="ReturnRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="returns",
                                to="orders.order",
                            ),
                        ),
                        ("number", models.CharField(max_length=40, unique=True)),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("requested", "Requested"),
                                    ("approved", "Approved"),
                                    ("rejected", "Rejected"),
                                    ("received", "Received"),
                                    ("inspected", "Inspected"),
                                    ("closed", "Closed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="requested",
                                max_length=12,
                                protected=True,
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=500)),
                        ("decision_note", models.CharField(blank=True, max_length=500)),
                        (
                            "location",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.location",
                            ),
                        ),
                        (
                            "credit",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "refunded",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        ("requested_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        ("received_at", models.DateTimeField(blank=True, null=True)),
                        ("inspected_at", models.DateTimeField(blank=True, null=True)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["-requested_at", "-id"], name="returns_newest"),
                            models.Index(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        ("requested", "approved", "received", "inspected"),
                                    )
                                ),
                                fields=["state", "requested_at"],
                                name="returns_open",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("credit__gte", 0), ("refunded__gte", 0)),
                                name="returns_money_not_negative",
                            )
                        ],
                    },
                    bases=(django_fsm.FSMModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="ReturnLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "request",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="returns.returnrequest",
                            ),
                        ),
                        (
                            "order_line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="return_lines",
                                to="orders.orderline",
                            ),
                        ),
                        ("quantity", models.PositiveIntegerField()),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("unwanted", "No longer wanted"),
                                    ("wrong_size", "Does not fit"),
                                    ("damaged", "Arrived damaged"),
                                    ("defective", "Does not work"),
                                    ("not_as_described", "Not as described"),
                                    ("wrong_item", "Wrong item sent"),
                                    ("late", "Came too late"),
                                    ("other", "Other"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("received", models.PositiveIntegerField(default=0)),
                        ("restocked", models.PositiveIntegerField(default=0)),
                        ("scrapped", models.PositiveIntegerField(default=0)),
                        ("credited", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ("order_line__position",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("request", "order_line"), name="returns_line_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("quantity__gt", 0),
                                    ("received__lte", models.F("quantity")),
                                    (
                                        "received__gte",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("restocked"), "+", models.F("scrapped")
                                        ),
                                    ),
                                    ("credited__lte", models.F("received")),
                                ),
                                name="returns_line_counters",
                            ),
                        ],
                    },
                ),
            ]
        )
    ]

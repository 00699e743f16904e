import uuid

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from core.migration_operations import AllAtOnce


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        ("orders", "0001_initial"),
    ]

    operations = [
        AllAtOnce(
            [
                migrations.CreateModel(
                    name="WebhookSource",
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
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("name", models.CharField(max_length=100)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("shopify", "Shopify"),
                                    ("woocommerce", "WooCommerce"),
                                    ("standard", "Any system, by Standard Webhooks"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "channel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.channel",
                            ),
                        ),
                        ("secret", models.CharField(max_length=200)),
                        ("previous_secret", models.CharField(blank=True, max_length=200)),
                        ("previous_until", models.DateTimeField(blank=True, null=True)),
                        ("is_active", models.BooleanField(default=True)),
                        ("refused", models.PositiveIntegerField(default=0)),
                        ("refused_at", models.DateTimeField(blank=True, null=True)),
                        ("repeated", models.PositiveIntegerField(default=0)),
                        ("received_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("secret", ""), _negated=True),
                                name="oms_source_secret",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OrderDifference",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="orders.order",
                            ),
                        ),
                        ("field", models.CharField(max_length=30)),
                        ("here", models.CharField(blank=True, max_length=500)),
                        ("there", models.CharField(blank=True, max_length=500)),
                        ("document", models.JSONField()),
                        ("may_accept", models.BooleanField()),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("accepted", "Taken over"),
                                    ("kept", "Kept as it is here"),
                                    ("settled", "No longer differs"),
                                ],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        ("told_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        ("decided_by", models.CharField(blank=True, max_length=150)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["status", "-id"], name="oms_difference_open")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status", "open")),
                                fields=("order", "field"),
                                name="oms_difference_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ToldOrder",
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
                            "channel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.channel",
                            ),
                        ),
                        ("external_id", models.CharField(max_length=100)),
                        ("document", models.JSONField(blank=True, null=True)),
                        ("version_at", models.DateTimeField(blank=True, null=True)),
                        ("version_key", models.CharField(blank=True, max_length=200)),
                        ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                        ("cancel_reason", models.CharField(blank=True, max_length=200)),
                        ("refunds", models.JSONField(blank=True, default=dict)),
                        ("base", models.JSONField(blank=True, default=dict)),
                        (
                            "order",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="orders.order",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("channel", "external_id"), name="oms_told_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InboundDelivery",
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
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("fence", models.PositiveIntegerField(default=0)),
                        ("next_attempt_at", models.DateTimeField(blank=True, null=True)),
                        ("last_error", models.TextField(blank=True)),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="oms.webhooksource",
                            ),
                        ),
                        ("event_id", models.CharField(max_length=200)),
                        ("topic", models.CharField(max_length=60)),
                        ("body", models.BinaryField()),
                        ("received_at", models.DateTimeField()),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("done", "Done"),
                                    ("ignored", "Nothing to do"),
                                    ("parked", "Not understood"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("external_id", models.CharField(blank=True, max_length=100)),
                        ("outcome", models.CharField(blank=True, max_length=500)),
                        (
                            "order",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="orders.order",
                            ),
                        ),
                        ("processed_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name_plural": "inbound deliveries",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status", "waiting")),
                                fields=["next_attempt_at", "id"],
                                name="oms_inbound_due",
                            ),
                            models.Index(fields=["source", "-id"], name="oms_inbound_newest"),
                            models.Index(
                                fields=["source", "external_id"], name="oms_inbound_of_order"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("source", "event_id"), name="oms_inbound_once"
                            )
                        ],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="inbounddelivery",
                    trigger=pgtrigger.compiler.Trigger(
                        name="inbound_stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."source_id" IS DISTINCT FROM (NEW."source_id") OR OLD."event_id" IS DISTINCT FROM (NEW."event_id") OR OLD."topic" IS DISTINCT FROM (NEW."topic") OR OLD."body" IS DISTINCT FROM (NEW."body") OR OLD."received_at" IS DISTINCT FROM (NEW."received_at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="d2c5ed61434bb99a53c188c14472ec4cd1d22ee8",
                            operation="UPDATE",
                            pgid="pgtrigger_inbound_stays_93de7",
                            table="oms_inbounddelivery",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="inbounddelivery",
                    trigger=pgtrigger.compiler.Trigger(
                        name="inbound_is_kept",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="ff64ef8364d6bc2bd9aab542aa1aa000b1e92659",
                            operation="DELETE",
                            pgid="pgtrigger_inbound_is_kept_4d865",
                            table="oms_inbounddelivery",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        )
    ]

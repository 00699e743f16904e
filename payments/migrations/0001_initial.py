import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import core.model_fields
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
                    name="GoodwillLimit",
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
                            "role",
                            models.CharField(
                                choices=[
                                    ("sales", "Sales agent"),
                                    ("warehouse", "Warehouse"),
                                    ("finance", "Finance"),
                                    ("returns", "Returns desk"),
                                    ("manager", "Manager"),
                                    ("admin", "Admin"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("currency", core.model_fields.CurrencyField(max_length=3)),
                        ("amount", core.model_fields.AmountField(decimal_places=4, max_digits=18)),
                    ],
                    options={
                        "ordering": ("role", "currency"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("role", "currency"), name="payments_limit_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gte", 0)),
                                name="payments_limit_not_negative",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Invoice",
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
                            "kind",
                            models.CharField(
                                choices=[("invoice", "Invoice"), ("credit_note", "Credit note")],
                                max_length=12,
                            ),
                        ),
                        (
                            "legal_entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invoices",
                                to="core.legalentity",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invoices",
                                to="orders.order",
                            ),
                        ),
                        (
                            "corrects",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="credit_notes",
                                to="payments.invoice",
                            ),
                        ),
                        (
                            "replaces",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="payments.invoice",
                            ),
                        ),
                        ("sequence", models.PositiveBigIntegerField()),
                        ("number", models.CharField(max_length=30)),
                        ("customer_name", models.CharField(blank=True, max_length=200)),
                        ("currency", core.model_fields.CurrencyField(max_length=3)),
                        ("net", core.model_fields.AmountField(decimal_places=4, max_digits=18)),
                        ("tax", core.model_fields.AmountField(decimal_places=4, max_digits=18)),
                        ("total", core.model_fields.AmountField(decimal_places=4, max_digits=18)),
                        ("issued_at", models.DateTimeField()),
                        ("issued_on", models.DateField()),
                        ("due_on", models.DateField(blank=True, null=True)),
                        ("snapshot", models.JSONField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["-issued_at", "-id"], name="payments_invoice_newest"
                            ),
                            models.Index(fields=["number"], name="payments_invoice_number"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("legal_entity", "kind", "sequence"),
                                name="payments_invoice_sequence_once",
                            ),
                            models.UniqueConstraint(
                                fields=("legal_entity", "number"),
                                name="payments_invoice_number_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "invoice"), ("replaces", None)),
                                fields=("order",),
                                name="payments_one_first_invoice_an_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "total",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("net"), "+", models.F("tax")
                                        ),
                                    )
                                ),
                                name="payments_invoice_adds_up",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("corrects", None), ("kind", "invoice")),
                                    models.Q(("corrects__isnull", False), ("kind", "credit_note")),
                                    _connector="OR",
                                ),
                                name="payments_credit_note_corrects_an_invoice",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Payment",
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
                                related_name="payments",
                                to="orders.order",
                            ),
                        ),
                        ("provider", models.CharField(max_length=30)),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("cash", "Cash"),
                                    ("bank_transfer", "Bank transfer"),
                                    ("cheque", "Cheque"),
                                    ("elsewhere", "Paid in the shop’s own checkout"),
                                    ("on_account", "On account"),
                                    ("card", "Card"),
                                    ("moved", "Moved between orders"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "label",
                            models.CharField(
                                blank=True,
                                help_text="How the shop or the provider calls it.",
                                max_length=80,
                            ),
                        ),
                        (
                            "reference",
                            models.CharField(
                                blank=True,
                                help_text="What stands on the statement or the receipt.",
                                max_length=120,
                            ),
                        ),
                        ("provider_ref", models.CharField(blank=True, max_length=120)),
                        ("currency", core.model_fields.CurrencyField(max_length=3)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("expected", "Expected"),
                                    ("pending", "In progress"),
                                    ("authorised", "Authorised"),
                                    ("partly_received", "Partly received"),
                                    ("received", "Received"),
                                    ("partly_refunded", "Partly given back"),
                                    ("refunded", "Given back"),
                                    ("failed", "Failed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "expected",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "approved",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "authorised",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "pending",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "captured",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "refund_pending",
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
                        ("due_on", models.DateField(blank=True, null=True)),
                        ("received_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["-created_at", "-id"], name="payments_newest"),
                            models.Index(
                                condition=models.Q(("expected__gt", 0)),
                                fields=["due_on", "id"],
                                name="payments_awaited",
                            ),
                            models.Index(
                                fields=["status", "-created_at", "-id"], name="payments_by_status"
                            ),
                            models.Index(fields=["reference"], name="payments_reference"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("captured__gte", 0),
                                    ("refunded__gte", 0),
                                    ("refund_pending__gte", 0),
                                    (
                                        "captured__gte",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("refunded"), "+", models.F("refund_pending")
                                        ),
                                    ),
                                ),
                                name="payments_refunds_within_captured",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("approved", 0),
                                    ("captured__lte", models.F("approved")),
                                    _connector="OR",
                                ),
                                name="payments_captured_within_approved",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("expected__gte", 0),
                                    ("approved__gte", 0),
                                    ("authorised__gte", 0),
                                    ("pending__gte", 0),
                                ),
                                name="payments_amounts_not_negative",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("provider_ref", ""), _negated=True),
                                fields=("provider", "provider_ref"),
                                name="payments_provider_ref_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MoneyEvent",
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
                            "payment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="payments.payment",
                            ),
                        ),
                        ("provider", models.CharField(max_length=30)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("expected", "Expected"),
                                    ("dropped", "No longer expected"),
                                    ("authorise_requested", "Authorisation asked for"),
                                    ("authorised", "Authorised"),
                                    ("authorise_failed", "Authorisation failed"),
                                    ("capture_requested", "Capture asked for"),
                                    ("captured", "Received"),
                                    ("capture_failed", "Capture failed"),
                                    ("void_requested", "Release asked for"),
                                    ("voided", "Authorisation released"),
                                    ("void_failed", "Release failed"),
                                    ("refund_requested", "Refund asked for"),
                                    ("refunded", "Given back"),
                                    ("refund_failed", "Refund failed"),
                                ],
                                max_length=24,
                            ),
                        ),
                        ("ref", models.CharField(max_length=120)),
                        ("provider_ref", models.CharField(blank=True, max_length=120)),
                        ("amount", core.model_fields.AmountField(decimal_places=4, max_digits=18)),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("cash", "Cash"),
                                    ("bank_transfer", "Bank transfer"),
                                    ("cheque", "Cheque"),
                                    ("elsewhere", "Paid in the shop’s own checkout"),
                                    ("on_account", "On account"),
                                    ("card", "Card"),
                                    ("moved", "Moved between orders"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("occurred_at", models.DateTimeField()),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "actor_kind",
                            models.CharField(
                                choices=[
                                    ("user", "User"),
                                    ("api", "API client"),
                                    ("import", "Import"),
                                    ("rule", "Rule"),
                                    ("customer", "Customer"),
                                    ("command", "Command"),
                                    ("system", "System"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("actor_key", models.CharField(blank=True, max_length=64)),
                        ("actor_label", models.CharField(max_length=150)),
                    ],
                    options={
                        "ordering": ("occurred_at", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("provider", "ref", "kind"), name="payments_event_ref_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("provider_ref", ""), _negated=True),
                                fields=("provider", "provider_ref", "kind"),
                                name="payments_event_provider_ref_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gte", 0)), name="payments_event_amount"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("ref", ""), _negated=True),
                                name="payments_event_has_ref",
                            ),
                        ],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="invoice",
                    trigger=pgtrigger.compiler.Trigger(
                        name="invoice_is_immutable",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="cbacbb1422fd312ca7b4aeea2d2f2a6b0c755c90",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_invoice_is_immutable_97f71",
                            table="payments_invoice",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="moneyevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="money_is_append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="43e6b39a02668f22694878c84401df600768b51a",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_money_is_append_only_45920",
                            table="payments_moneyevent",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        )
    ]

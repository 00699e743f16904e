import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import core.model_fields
from core.migration_operations import AllAtOnce


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
    ]

    operations = [
        AllAtOnce(
            [
                migrations.CreateModel(
                    name="CustomerGroup",
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
                        ("name", models.CharField(max_length=60, unique=True)),
                    ],
                    options={
                        "ordering": ("name",),
                    },
                ),
                migrations.CreateModel(
                    name="Company",
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
                        ("name", models.CharField(max_length=200)),
                        (
                            "vat_id",
                            models.CharField(blank=True, max_length=20, verbose_name="VAT id"),
                        ),
                        (
                            "email",
                            models.EmailField(
                                blank=True, max_length=254, verbose_name="e-mail of the accounts"
                            ),
                        ),
                        ("phone", models.CharField(blank=True, max_length=40)),
                        (
                            "needs_purchase_order",
                            models.BooleanField(
                                default=False,
                                help_text="Their orders are refused without one.",
                                verbose_name="orders need a purchase-order number",
                            ),
                        ),
                        (
                            "warns_of_repeats",
                            models.BooleanField(
                                default=True,
                                help_text="Entering an order says which earlier one has the number.",
                                verbose_name="warn when a purchase-order number comes again",
                            ),
                        ),
                        ("note", models.TextField(blank=True)),
                        ("blocked_at", models.DateTimeField(blank=True, null=True)),
                        ("blocked_why", models.CharField(blank=True, max_length=300)),
                        (
                            "group",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="companies",
                                to="customers.customergroup",
                            ),
                        ),
                        (
                            "is_tax_exempt",
                            models.BooleanField(default=False, verbose_name="exempt from tax"),
                        ),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "verbose_name_plural": "companies",
                        "ordering": ("name", "id"),
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["name"],
                                name="customers_company_trgm",
                                opclasses=("gin_trgm_ops",),
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("blocked_at", None), ("blocked_why", "")),
                                    models.Q(
                                        ("blocked_at__isnull", False),
                                        models.Q(("blocked_why", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="customers_block_has_reason",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CompanyAddress",
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
                        ("name", models.CharField(blank=True, max_length=200)),
                        ("company", models.CharField(blank=True, max_length=200)),
                        (
                            "line1",
                            models.CharField(blank=True, max_length=200, verbose_name="street"),
                        ),
                        (
                            "line2",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="second line"
                            ),
                        ),
                        ("postal_code", models.CharField(blank=True, max_length=20)),
                        ("city", models.CharField(blank=True, max_length=100)),
                        ("region", models.CharField(blank=True, max_length=100)),
                        ("country", core.model_fields.CountryField(blank=True, max_length=2)),
                        ("phone", models.CharField(blank=True, max_length=40)),
                        (
                            "of_company",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="addresses",
                                to="customers.company",
                            ),
                        ),
                        (
                            "is_for_bills",
                            models.BooleanField(default=False, verbose_name="bills go here"),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "company addresses",
                        "ordering": ("-is_for_bills", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_for_bills", True)),
                                fields=("of_company",),
                                name="customers_bills_go_to_one",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CreditAccount",
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
                            "company",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="credit_accounts",
                                to="customers.company",
                            ),
                        ),
                        ("currency", core.model_fields.CurrencyField(max_length=3)),
                        (
                            "limit",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "exposure",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        ("net_days", models.PositiveSmallIntegerField(default=30)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("company", "currency"), name="customers_credit_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("exposure__gte", 0), ("exposure__lte", models.F("limit"))
                                ),
                                name="customers_exposure_within_limit",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Customer",
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
                            "custom",
                            models.JSONField(
                                blank=True,
                                db_default=models.Value({}, models.JSONField()),
                                default=dict,
                                editable=False,
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        ("email", models.EmailField(blank=True, max_length=254)),
                        ("phone", models.CharField(blank=True, max_length=40)),
                        ("language", models.CharField(default="en", max_length=8)),
                        (
                            "company",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="people",
                                to="customers.company",
                            ),
                        ),
                        (
                            "company_role",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("buyer", "Buyer"),
                                    ("approver", "Approver"),
                                    ("accounts", "Accounts"),
                                ],
                                max_length=10,
                                verbose_name="role in the company",
                            ),
                        ),
                        (
                            "group",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="customers",
                                to="customers.customergroup",
                            ),
                        ),
                        (
                            "is_tax_exempt",
                            models.BooleanField(default=False, verbose_name="exempt from tax"),
                        ),
                        ("accepts_marketing", models.BooleanField(default=False)),
                        (
                            "shelf_life_days",
                            models.PositiveIntegerField(
                                default=0,
                                help_text="What expires is only sent when it keeps this long.",
                                verbose_name="days goods must still keep",
                            ),
                        ),
                        (
                            "tags",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        ("note", models.TextField(blank=True)),
                        (
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="customers.customer",
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["-created_at", "-id"], name="customers_newest"),
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["name"],
                                name="customers_name_trgm",
                                opclasses=("gin_trgm_ops",),
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("email"),
                                condition=models.Q(
                                    models.Q(("email", ""), _negated=True), ("merged_into", None)
                                ),
                                name="customers_email_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("company_role", ""),
                                    ("company__isnull", False),
                                    _connector="OR",
                                ),
                                name="customers_role_in_a_company",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CustomerAddress",
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
                        ("name", models.CharField(blank=True, max_length=200)),
                        ("company", models.CharField(blank=True, max_length=200)),
                        (
                            "line1",
                            models.CharField(blank=True, max_length=200, verbose_name="street"),
                        ),
                        (
                            "line2",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="second line"
                            ),
                        ),
                        ("postal_code", models.CharField(blank=True, max_length=20)),
                        ("city", models.CharField(blank=True, max_length=100)),
                        ("region", models.CharField(blank=True, max_length=100)),
                        ("country", core.model_fields.CountryField(blank=True, max_length=2)),
                        ("phone", models.CharField(blank=True, max_length=40)),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="addresses",
                                to="customers.customer",
                            ),
                        ),
                        ("last_used_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ("-last_used_at", "-id"),
                    },
                ),
                migrations.CreateModel(
                    name="CustomerIdentity",
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
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="identities",
                                to="customers.customer",
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
                    ],
                    options={
                        "verbose_name_plural": "customer identities",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("channel", "external_id"), name="customers_identity_once"
                            )
                        ],
                    },
                ),
            ]
        )
    ]

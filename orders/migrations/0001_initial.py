from decimal import Decimal

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django_fsm
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.model_fields
import orders.models.promises
from core.migration_operations import AllAtOnce


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        ("core", "__first__"),
        ("customers", "0001_initial"),
        ("inventory", "0001_initial"),
    ]

    operations = [
        AllAtOnce(
            [
                migrations.CreateModel(
                    name="Promotion",
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
                        ("name", models.CharField(max_length=100, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("percent", "Percent off"),
                                    ("fixed", "Amount off"),
                                    ("buy_x_get_y", "Buy some, get some"),
                                    ("free_shipping", "Free shipping"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("percent", models.DecimalField(decimal_places=3, default=0, max_digits=6)),
                        (
                            "amount",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        ("currency", core.model_fields.CurrencyField(blank=True, max_length=3)),
                        ("buy_quantity", models.PositiveIntegerField(default=0)),
                        ("get_quantity", models.PositiveIntegerField(default=0)),
                        (
                            "skus",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=60),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        ("valid_from", models.DateField(blank=True, null=True)),
                        ("valid_until", models.DateField(blank=True, null=True)),
                        (
                            "minimum",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "cap",
                            core.model_fields.AmountField(
                                blank=True, decimal_places=4, max_digits=18, null=True
                            ),
                        ),
                        ("needs_coupon", models.BooleanField(default=False)),
                        ("is_stackable", models.BooleanField(default=True)),
                        ("priority", models.SmallIntegerField(default=0)),
                        ("is_active", models.BooleanField(default=True)),
                        (
                            "channels",
                            models.ManyToManyField(blank=True, related_name="+", to="core.channel"),
                        ),
                        (
                            "groups",
                            models.ManyToManyField(
                                blank=True, related_name="+", to="customers.customergroup"
                            ),
                        ),
                        (
                            "categories",
                            models.ManyToManyField(
                                blank=True, related_name="+", to="inventory.category"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("name",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("percent__gte", 0),
                                    ("percent__lte", 100),
                                    ("amount__gte", 0),
                                    ("minimum__gte", 0),
                                    models.Q(("cap", None), ("cap__gte", 0), _connector="OR"),
                                ),
                                name="orders_promotion_in_bounds",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("currency", ""), _negated=True),
                                    models.Q(("amount", 0), ("minimum", 0), ("cap", None)),
                                    _connector="OR",
                                ),
                                name="orders_promotion_amounts_have_currency",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "percent"), ("percent__gt", 0)),
                                    models.Q(("kind", "fixed"), ("amount__gt", 0)),
                                    models.Q(
                                        ("kind", "buy_x_get_y"),
                                        ("buy_quantity__gt", 0),
                                        ("get_quantity__gt", 0),
                                        ("percent__gt", 0),
                                    ),
                                    ("kind", "free_shipping"),
                                    _connector="OR",
                                ),
                                name="orders_promotion_gives_something",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_from", None),
                                    ("valid_until", None),
                                    ("valid_from__lte", models.F("valid_until")),
                                    _connector="OR",
                                ),
                                name="orders_promotion_dates",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Bought",
                    fields=[
                        (
                            "variant",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="inventory.variant",
                            ),
                        ),
                        ("orders", models.PositiveIntegerField()),
                    ],
                    options={
                        "verbose_name_plural": "bought",
                    },
                ),
                migrations.CreateModel(
                    name="BoughtTogether",
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
                            "anchor",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="inventory.variant",
                            ),
                        ),
                        (
                            "other",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="inventory.variant",
                            ),
                        ),
                        ("orders", models.PositiveIntegerField()),
                    ],
                    options={
                        "verbose_name_plural": "bought together",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("anchor", "other"), name="orders_pair_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("anchor", models.F("other")), _negated=True),
                                name="orders_pair_of_two",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CancelledAhead",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="core.channel",
                            ),
                        ),
                        ("external_id", models.CharField(max_length=100)),
                        ("reason", models.CharField(blank=True, max_length=300)),
                        ("cancelled_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("channel", "external_id"),
                                name="orders_cancelled_ahead_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("external_id", ""), _negated=True),
                                name="orders_cancelled_ahead_named",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CarrierClosure",
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
                        ("carrier", models.SlugField(blank=True, default="", max_length=30)),
                        ("country", core.model_fields.CountryField(blank=True, max_length=2)),
                        ("day", models.DateField()),
                        ("name", models.CharField(max_length=100, verbose_name="reason")),
                    ],
                    options={
                        "ordering": ("day", "carrier", "country"),
                        "indexes": [
                            models.Index(fields=["day"], name="orders_carrier_closure_day")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("carrier", "country", "day"),
                                name="orders_carrier_closure_once",
                                violation_error_message="This day is closed there already.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CarrierDays",
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
                        ("carrier", models.SlugField(max_length=30, unique=True)),
                        (
                            "working_days",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(),
                                default=orders.models.promises.monday_to_saturday,
                                size=None,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "carrier days",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("working_days__len__gt", 0),
                                    ("working_days__contained_by", [0, 1, 2, 3, 4, 5, 6]),
                                ),
                                name="orders_carrier_works_some_day",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PriceList",
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
                        ("name", models.CharField(max_length=100, unique=True)),
                        ("currency", core.model_fields.CurrencyField(max_length=3)),
                        ("priority", models.SmallIntegerField(default=0)),
                        ("valid_from", models.DateField(blank=True, null=True)),
                        ("valid_until", models.DateField(blank=True, null=True)),
                        ("is_active", models.BooleanField(default=True)),
                        (
                            "channels",
                            models.ManyToManyField(blank=True, related_name="+", to="core.channel"),
                        ),
                        (
                            "groups",
                            models.ManyToManyField(
                                blank=True, related_name="+", to="customers.customergroup"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("name",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_from", None),
                                    ("valid_until", None),
                                    ("valid_from__lte", models.F("valid_until")),
                                    _connector="OR",
                                ),
                                name="orders_price_list_dates",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EditRule",
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
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="edit_rule",
                                to="core.channel",
                            ),
                        ),
                        (
                            "amount_limit",
                            core.model_fields.AmountField(
                                blank=True,
                                decimal_places=4,
                                help_text="An edit that changes the order’s worth by more than this waits for a second person. Leave empty for no limit.",
                                max_digits=18,
                                null=True,
                                verbose_name="amount that needs approval",
                            ),
                        ),
                        (
                            "percent_limit",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="The same in percent of what the order was worth.",
                                null=True,
                                verbose_name="percent that needs approval",
                            ),
                        ),
                        (
                            "tolerance",
                            core.model_fields.AmountField(
                                decimal_places=4,
                                default=0,
                                help_text="An order that was paid goes on after an edit while no more than this is missing.",
                                max_digits=18,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("tolerance__gte", 0),
                                    models.Q(
                                        ("amount_limit", None),
                                        ("amount_limit__gte", 0),
                                        _connector="OR",
                                    ),
                                ),
                                name="orders_edit_rule_not_negative",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ShippingService",
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
                        ("code", models.SlugField(max_length=30, unique=True)),
                        ("name", models.CharField(max_length=100)),
                        ("carrier", models.SlugField(default="own", max_length=30)),
                        ("is_active", models.BooleanField(default=True)),
                    ],
                    options={
                        "ordering": ("name",),
                    },
                ),
                migrations.CreateModel(
                    name="PairCount",
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
                        ("counted_from", models.DateTimeField()),
                        ("orders", models.PositiveIntegerField()),
                        ("goods", models.PositiveIntegerField()),
                        ("pairs", models.PositiveIntegerField()),
                        ("took_ms", models.PositiveIntegerField()),
                        ("counted_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ("-id",),
                    },
                ),
                migrations.CreateModel(
                    name="Price",
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
                            "variant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="prices",
                                to="inventory.variant",
                            ),
                        ),
                        ("currency", core.model_fields.CurrencyField(max_length=3)),
                        ("amount", core.model_fields.AmountField(decimal_places=4, max_digits=18)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("variant", "currency"), name="orders_price_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gte", 0)),
                                name="orders_price_not_negative",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RecommendationRules",
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
                        ("is_only", models.BooleanField(default=True, editable=False, unique=True)),
                        (
                            "window_days",
                            models.PositiveSmallIntegerField(
                                default=180,
                                help_text="Orders of so many days are counted, once a night.",
                                validators=[
                                    django.core.validators.MinValueValidator(7),
                                    django.core.validators.MaxValueValidator(1095),
                                ],
                                verbose_name="days looked at",
                            ),
                        ),
                        (
                            "least_together",
                            models.PositiveSmallIntegerField(
                                default=5,
                                help_text="So many orders must have had both.",
                                validators=[
                                    django.core.validators.MinValueValidator(2),
                                    django.core.validators.MaxValueValidator(1000),
                                ],
                                verbose_name="orders at least",
                            ),
                        ),
                        (
                            "least_lift",
                            models.DecimalField(
                                decimal_places=2,
                                default=Decimal("1.2"),
                                help_text="How much more often both are bought than by chance: 1 is chance.",
                                max_digits=5,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                                verbose_name="lift at least",
                            ),
                        ),
                        (
                            "least_margin",
                            models.DecimalField(
                                decimal_places=2,
                                default=Decimal("5"),
                                help_text="Of the price without tax. What has no cost on record is let through.",
                                max_digits=5,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                                verbose_name="margin at least, in percent",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "recommendation rules",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("is_only", True)),
                                name="orders_recommendation_one_row",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("least_lift__gte", 0),
                                    ("least_margin__range", (0, 100)),
                                    ("least_together__gte", 2),
                                    ("window_days__range", (7, 1095)),
                                ),
                                name="orders_recommendation_in_bounds",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RecommendationShown",
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
                        ("basket_key", models.CharField(max_length=100)),
                        (
                            "place",
                            models.CharField(
                                choices=[
                                    ("entry", "Order entry"),
                                    ("quote", "Quote"),
                                    ("quote_link", "Buyer’s page of a quote"),
                                    ("api", "Programs"),
                                ],
                                max_length=10,
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
                        (
                            "variant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.variant",
                            ),
                        ),
                        (
                            "anchor",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.variant",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("orders", models.PositiveIntegerField()),
                        ("of", models.PositiveIntegerField()),
                        ("shown_at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name_plural": "recommendations shown",
                        "indexes": [
                            models.Index(fields=["shown_at"], name="orders_recommended_at")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("basket_key", "variant"),
                                name="orders_recommendation_shown_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RiskRuleSet",
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
                        ("number", models.PositiveIntegerField(unique=True)),
                        (
                            "channel",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.channel",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200)),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("live", "Live"),
                                    ("retired", "Retired"),
                                ],
                                default="draft",
                                max_length=10,
                                protected=True,
                            ),
                        ),
                        ("weights", models.JSONField(default=dict)),
                        ("review_at", models.PositiveIntegerField(default=30)),
                        ("hold_at", models.PositiveIntegerField(default=60)),
                        ("review_hours", models.PositiveSmallIntegerField(default=24)),
                        ("made_by", models.CharField(max_length=150)),
                        ("made_at", models.DateTimeField()),
                        ("live_at", models.DateTimeField(blank=True, null=True)),
                        ("retired_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ("-number",),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "live")),
                                fields=("channel",),
                                name="orders_risk_one_live",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("review_at__gt", 0), ("hold_at__gt", models.F("review_at"))
                                ),
                                name="orders_risk_thresholds_rise",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("review_hours__gt", 0)),
                                name="orders_risk_has_clock",
                            ),
                        ],
                    },
                    bases=(django_fsm.FSMModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="RiskBaseline",
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
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="core.channel",
                            ),
                        ),
                        ("currency", core.model_fields.CurrencyField(max_length=3)),
                        (
                            "usual_most",
                            models.DecimalField(
                                blank=True, decimal_places=4, max_digits=19, null=True
                            ),
                        ),
                        ("orders", models.PositiveIntegerField(default=0)),
                        ("computed_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="RiskListEntry",
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
                                choices=[
                                    ("disposable", "Throw-away mail provider"),
                                    ("forwarder", "Freight forwarder"),
                                    ("resale", "Goods easily resold"),
                                    ("express", "Express service"),
                                    ("customer", "Blocked customer"),
                                    ("email", "Blocked e-mail address"),
                                    ("phone", "Blocked phone number"),
                                    ("address", "Blocked address"),
                                    ("network", "Blocked network address"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("value", models.CharField(max_length=300)),
                        ("reason", models.CharField(blank=True, max_length=300)),
                        ("added_by", models.CharField(blank=True, max_length=150)),
                        ("added_at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name_plural": "risk list entries",
                        "ordering": ("kind", "value"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("kind", "value"), name="orders_risk_entry_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SourcingRule",
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
                        ("name", models.CharField(max_length=100)),
                        ("position", models.PositiveIntegerField()),
                        ("is_active", models.BooleanField(default=True)),
                        (
                            "channel",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                to="core.channel",
                            ),
                        ),
                        (
                            "countries",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=2),
                                blank=True,
                                default=list,
                                size=None,
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
                        (
                            "group",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                to="customers.customergroup",
                            ),
                        ),
                        (
                            "category",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                to="inventory.category",
                            ),
                        ),
                        (
                            "goods",
                            models.CharField(
                                blank=True,
                                choices=[("hazardous", "Hazardous goods"), ("kits", "Kits")],
                                max_length=10,
                            ),
                        ),
                        (
                            "total_from",
                            core.model_fields.AmountField(
                                blank=True, decimal_places=4, max_digits=18, null=True
                            ),
                        ),
                        (
                            "total_below",
                            core.model_fields.AmountField(
                                blank=True, decimal_places=4, max_digits=18, null=True
                            ),
                        ),
                        ("currency", core.model_fields.CurrencyField(blank=True, max_length=3)),
                        (
                            "places",
                            models.CharField(
                                blank=True,
                                choices=[("only", "Only from"), ("not", "Not from")],
                                max_length=4,
                            ),
                        ),
                        (
                            "criteria",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("promise", "promise"),
                                        ("fill", "fill"),
                                        ("cost", "cost"),
                                        ("balance", "balance"),
                                        ("parcels", "parcels"),
                                        ("priority", "priority"),
                                    ],
                                    max_length=10,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        ("most_parcels", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("is_complete", models.BooleanField(blank=True, null=True)),
                        (
                            "keep_together",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("nothing", "Nothing"),
                                    ("kits", "The parts of each kit"),
                                    ("category", "Goods of one category"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("leaves_within", models.PositiveSmallIntegerField(blank=True, null=True)),
                        (
                            "locations",
                            models.ManyToManyField(
                                blank=True, related_name="+", to="inventory.location"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("position", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                                fields=("position",),
                                name="orders_sourcing_rule_position_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("most_parcels", None),
                                    models.Q(("most_parcels__gte", 1), ("most_parcels__lte", 20)),
                                    _connector="OR",
                                ),
                                name="orders_sourcing_rule_sends_some_parcel",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("total_below", None), ("total_from", None)),
                                    models.Q(("currency", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="orders_sourcing_rule_names_currency",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("total_from", None),
                                    ("total_below", None),
                                    ("total_from__lt", models.F("total_below")),
                                    _connector="OR",
                                ),
                                name="orders_sourcing_rule_range",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StockWorth",
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
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="inventory.location",
                            ),
                        ),
                        (
                            "variant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="inventory.variant",
                            ),
                        ),
                        ("currency", core.model_fields.CurrencyField(max_length=3)),
                        ("amount", core.model_fields.AmountField(decimal_places=4, max_digits=18)),
                        ("computed_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("variant", "location", "currency"),
                                name="orders_stock_worth_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TaxRate",
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
                        ("country", core.model_fields.CountryField(max_length=2)),
                        ("region", models.CharField(blank=True, max_length=100)),
                        ("tax_class", models.SlugField(default="standard", max_length=30)),
                        ("rate", core.model_fields.RateField(decimal_places=5, max_digits=7)),
                        ("name", models.CharField(default="VAT", max_length=40)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("country", "region", "tax_class"),
                                name="orders_tax_rate_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("rate__gte", 0), ("rate__lt", 1)),
                                name="orders_tax_rate_is_share",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WhatIf",
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
                        ("name", models.CharField(max_length=100)),
                        ("days", models.PositiveSmallIntegerField()),
                        ("scenario", models.JSONField()),
                        (
                            "changes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=200), default=list, size=None
                            ),
                        ),
                        (
                            "job",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="core.job",
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                        ("result", models.JSONField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name": "what-if",
                        "ordering": ("-asked_at", "-id"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("finished_at", None), ("result", None)),
                                    models.Q(
                                        ("finished_at__isnull", False), ("result__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="orders_what_if_is_done_with_result",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("days__gte", 1), ("days__lte", 365)),
                                name="orders_what_if_days",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Coupon",
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
                            "promotion",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="coupons",
                                to="orders.promotion",
                            ),
                        ),
                        ("code", models.CharField(max_length=40, unique=True)),
                        ("total_limit", models.PositiveIntegerField(blank=True, null=True)),
                        ("customer_limit", models.PositiveIntegerField(blank=True, null=True)),
                        ("used", models.PositiveIntegerField(default=0)),
                        ("is_active", models.BooleanField(default=True)),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ("code",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("code__regex", "^[^a-z[:space:]]+$")),
                                name="orders_coupon_in_capitals",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("total_limit", None),
                                    ("used__lte", models.F("total_limit")),
                                    _connector="OR",
                                ),
                                name="orders_coupon_within_limit",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChannelPolicy",
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
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="policy",
                                to="core.channel",
                            ),
                        ),
                        (
                            "price_list",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="policies",
                                to="orders.pricelist",
                            ),
                        ),
                        (
                            "payment_terms",
                            models.CharField(
                                choices=[
                                    ("prepaid", "Paid before shipping"),
                                    ("net", "On account"),
                                ],
                                default="prepaid",
                                max_length=10,
                            ),
                        ),
                        (
                            "tax_rounding",
                            models.CharField(
                                choices=[
                                    ("line", "Each line by itself"),
                                    ("document", "The sum of the order"),
                                ],
                                default="line",
                                max_length=10,
                            ),
                        ),
                        (
                            "override_limit",
                            models.DecimalField(
                                decimal_places=2,
                                default=Decimal("20"),
                                max_digits=5,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                            ),
                        ),
                        (
                            "promise_percentile",
                            models.PositiveSmallIntegerField(
                                db_default=90,
                                default=90,
                                help_text="How many of a hundred orders are to arrive by the day that is promised.",
                                validators=[
                                    django.core.validators.MinValueValidator(50),
                                    django.core.validators.MaxValueValidator(99),
                                ],
                                verbose_name="promises kept",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "channel policies",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("override_limit__gte", 0), ("override_limit__lte", 100)
                                ),
                                name="orders_override_limit_is_percent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("promise_percentile__range", (50, 99))),
                                name="orders_promise_percentile_in_bounds",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PriceListItem",
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
                            "price_list",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="items",
                                to="orders.pricelist",
                            ),
                        ),
                        (
                            "variant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="inventory.variant",
                            ),
                        ),
                        ("min_quantity", models.PositiveIntegerField(default=1)),
                        ("amount", core.model_fields.AmountField(decimal_places=4, max_digits=18)),
                        ("valid_from", models.DateField(blank=True, null=True)),
                        ("valid_until", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("price_list", "variant", "min_quantity", "valid_from"),
                                name="orders_price_list_item_once",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gte", 0), ("min_quantity__gte", 1)),
                                name="orders_price_list_item_in_bounds",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_from", None),
                                    ("valid_until", None),
                                    ("valid_from__lte", models.F("valid_until")),
                                    _connector="OR",
                                ),
                                name="orders_price_list_item_dates",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Order",
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
                        ("number", models.CharField(max_length=30, unique=True)),
                        (
                            "channel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="orders",
                                to="core.channel",
                            ),
                        ),
                        ("external_id", models.CharField(blank=True, max_length=100)),
                        (
                            "customer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="orders",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "company",
                            models.ForeignKey(
                                blank=True,
                                help_text="For whom the customer bought it; its credit carries what is on account.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="orders",
                                to="customers.company",
                            ),
                        ),
                        (
                            "purchase_order",
                            models.CharField(
                                blank=True,
                                help_text="What the company calls the order in its own books.",
                                max_length=60,
                                verbose_name="purchase-order number",
                            ),
                        ),
                        ("customer_name", models.CharField(blank=True, max_length=200)),
                        ("email", models.EmailField(blank=True, max_length=254)),
                        ("phone", models.CharField(blank=True, max_length=40)),
                        ("language", models.CharField(default="en", max_length=8)),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("open", "Open"),
                                    ("completed", "Completed"),
                                    ("cancelled", "Cancelled"),
                                    ("expired", "Expired"),
                                ],
                                default="draft",
                                max_length=12,
                                protected=True,
                            ),
                        ),
                        (
                            "payment_status",
                            models.CharField(
                                choices=[
                                    ("pending", "Pending"),
                                    ("authorised", "Authorised"),
                                    ("partially_paid", "Partially paid"),
                                    ("paid", "Paid"),
                                    ("overpaid", "Overpaid"),
                                    ("partially_refunded", "Partially refunded"),
                                    ("refunded", "Refunded"),
                                    ("not_due", "Nothing to pay"),
                                ],
                                default="pending",
                                max_length=20,
                            ),
                        ),
                        (
                            "fulfilment_status",
                            models.CharField(
                                choices=[
                                    ("unfulfilled", "Unfulfilled"),
                                    ("backordered", "Backordered"),
                                    ("allocated", "Allocated"),
                                    ("in_progress", "Being picked"),
                                    ("partially_shipped", "Partially shipped"),
                                    ("shipped", "Shipped"),
                                    ("delivered", "Delivered"),
                                    ("not_needed", "Nothing to ship"),
                                ],
                                default="unfulfilled",
                                max_length=20,
                            ),
                        ),
                        (
                            "return_status",
                            models.CharField(
                                choices=[
                                    ("none", "None"),
                                    ("requested", "Return requested"),
                                    ("partially_returned", "Partially returned"),
                                    ("returned", "Returned"),
                                ],
                                default="none",
                                max_length=20,
                            ),
                        ),
                        (
                            "payment_terms",
                            models.CharField(
                                choices=[
                                    ("prepaid", "Paid before shipping"),
                                    ("net", "On account"),
                                ],
                                default="prepaid",
                                max_length=10,
                            ),
                        ),
                        ("currency", core.model_fields.CurrencyField(max_length=3)),
                        ("prices_include_tax", models.BooleanField(default=True)),
                        (
                            "tax_rounding",
                            models.CharField(
                                choices=[
                                    ("line", "Each line by itself"),
                                    ("document", "The sum of the order"),
                                ],
                                db_default="line",
                                default="line",
                                max_length=10,
                            ),
                        ),
                        (
                            "tax_treatment",
                            models.CharField(
                                choices=[
                                    ("taxed", "Taxed"),
                                    ("exempt", "Exempt from tax"),
                                    ("reverse_charge", "Reverse charge: the buyer owes the tax"),
                                ],
                                db_default="taxed",
                                default="taxed",
                                max_length=20,
                            ),
                        ),
                        (
                            "subtotal",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "discount_total",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "shipping_total",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "shipping_tax",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "shipping_tax_rate",
                            core.model_fields.RateField(decimal_places=5, default=0, max_digits=7),
                        ),
                        (
                            "tax_total",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "tax_on_top",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "total",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        ("discount_code", models.CharField(blank=True, max_length=60)),
                        (
                            "credit_total",
                            core.model_fields.AmountField(
                                decimal_places=4,
                                default=0,
                                help_text="Value taken back: cancelled, returned, given as goodwill.",
                                max_digits=18,
                            ),
                        ),
                        (
                            "authorised",
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
                            "refunded",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "may_owe",
                            core.model_fields.AmountField(
                                db_default=0,
                                decimal_places=4,
                                default=0,
                                help_text="What may still be missing when goods paid in advance leave.",
                                max_digits=18,
                            ),
                        ),
                        ("units", models.PositiveIntegerField(default=0)),
                        ("units_cancelled", models.PositiveIntegerField(default=0)),
                        ("units_allocated", models.PositiveIntegerField(default=0)),
                        ("units_shipped", models.PositiveIntegerField(default=0)),
                        ("units_delivered", models.PositiveIntegerField(default=0)),
                        ("units_returned", models.PositiveIntegerField(default=0)),
                        ("units_return_requested", models.PositiveIntegerField(default=0)),
                        (
                            "open_work",
                            models.PositiveSmallIntegerField(
                                default=0, help_text="Fulfilments that a location is working on."
                            ),
                        ),
                        ("open_holds", models.PositiveSmallIntegerField(default=0)),
                        (
                            "ships_complete",
                            models.BooleanField(
                                db_default=False,
                                default=False,
                                help_text="Nothing is handed over before all of it is set aside.",
                            ),
                        ),
                        ("unknown_lines", models.PositiveSmallIntegerField(default=0)),
                        (
                            "risk_level",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("unscored", "Not scored yet"),
                                    ("pass", "Passed"),
                                    ("review", "To review"),
                                    ("hold", "Held for review"),
                                    ("approved", "Approved"),
                                    ("refused", "Refused"),
                                    ("over", "No longer needed"),
                                ],
                                db_default="",
                                default="",
                                max_length=10,
                            ),
                        ),
                        ("risk_score", models.PositiveIntegerField(blank=True, null=True)),
                        (
                            "authorised_until",
                            models.DateTimeField(
                                blank=True,
                                help_text="When the first of its authorisations lapses.",
                                null=True,
                            ),
                        ),
                        (
                            "shipping_service",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.shippingservice",
                            ),
                        ),
                        ("shipping_method", models.CharField(blank=True, max_length=100)),
                        ("billing_address", models.JSONField(blank=True, default=dict)),
                        ("shipping_address", models.JSONField(blank=True, default=dict)),
                        ("ship_country", core.model_fields.CountryField(blank=True, max_length=2)),
                        (
                            "tags",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        (
                            "assignee",
                            models.ForeignKey(
                                blank=True,
                                help_text="Who of the staff takes care of it.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("first_sku", models.CharField(blank=True, max_length=60)),
                        (
                            "is_historical",
                            models.BooleanField(
                                default=False,
                                help_text="Brought in with its history: sends no mail.",
                            ),
                        ),
                        ("placed_at", models.DateTimeField(blank=True, null=True)),
                        ("ship_by", models.DateTimeField(blank=True, null=True)),
                        (
                            "promised_on",
                            models.DateField(
                                blank=True,
                                help_text="The day by which the customer was told it arrives.",
                                null=True,
                            ),
                        ),
                        (
                            "expected_on",
                            models.DateField(
                                blank=True,
                                help_text="When it arrives by all that is known now.",
                                null=True,
                            ),
                        ),
                        ("arrived_on", models.DateField(blank=True, null=True)),
                        ("completed_at", models.DateTimeField(blank=True, null=True)),
                        ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                        ("cancel_reason", models.CharField(blank=True, max_length=300)),
                        ("created_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["-placed_at", "-id"], name="orders_newest"),
                            models.Index(
                                fields=["state", "-placed_at", "-id"], name="orders_by_state"
                            ),
                            models.Index(
                                fields=["payment_status", "-placed_at", "-id"],
                                name="orders_by_payment",
                            ),
                            models.Index(
                                fields=["fulfilment_status", "-placed_at", "-id"],
                                name="orders_by_goods",
                            ),
                            models.Index(
                                fields=["ship_country", "-placed_at", "-id"],
                                name="orders_by_country",
                            ),
                            models.Index(
                                condition=models.Q(("return_status", "none"), _negated=True),
                                fields=["return_status", "-placed_at", "-id"],
                                name="orders_by_returns",
                            ),
                            models.Index(
                                condition=models.Q(("open_holds__gt", 0)),
                                fields=["-placed_at", "-id"],
                                name="orders_held",
                            ),
                            models.Index(fields=["total", "id"], name="orders_sorted_by_total"),
                            models.Index(
                                fields=["customer_name", "id"], name="orders_sorted_by_customer"
                            ),
                            models.Index(fields=["ship_by", "id"], name="orders_sorted_by_ship_by"),
                            models.Index(
                                condition=models.Q(("state", "open")),
                                fields=["ship_by", "id"],
                                name="orders_open_by_date",
                            ),
                            models.Index(
                                condition=models.Q(("promised_on__isnull", False)),
                                fields=["promised_on", "id"],
                                name="orders_promised",
                            ),
                            models.Index(
                                condition=models.Q(("state", "open")),
                                fields=["payment_status", "-placed_at", "-id"],
                                name="orders_open_by_payment",
                            ),
                            models.Index(
                                condition=models.Q(("state", "open")),
                                fields=["fulfilment_status", "-placed_at", "-id"],
                                name="orders_open_by_fulfilment",
                            ),
                            models.Index(
                                fields=["channel", "-placed_at", "-id"], name="orders_by_channel"
                            ),
                            models.Index(
                                condition=models.Q(("company__isnull", False)),
                                fields=["company", "-placed_at", "-id"],
                                name="orders_by_company",
                            ),
                            models.Index(
                                condition=models.Q(("purchase_order", ""), _negated=True),
                                fields=["purchase_order"],
                                name="orders_by_purchase_order",
                            ),
                            models.Index(
                                condition=models.Q(("assignee__isnull", False)),
                                fields=["assignee", "-placed_at", "-id"],
                                name="orders_by_assignee",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("risk_level__in", ("unscored", "review", "hold"))
                                ),
                                fields=["risk_level", "-placed_at", "-id"],
                                name="orders_by_risk",
                            ),
                            models.Index(
                                models.Func(
                                    models.F("phone"),
                                    output_field=models.CharField(max_length=9),
                                    template="right(regexp_replace(%(expressions)s, '[^0-9]', '', 'g'), 9)",
                                ),
                                models.F("placed_at"),
                                condition=models.Q(("phone", ""), _negated=True),
                                name="orders_phone_digits",
                            ),
                            models.Index(
                                condition=models.Q(("tags", []), _negated=True),
                                fields=["-id"],
                                name="orders_tagged",
                            ),
                            models.Index(
                                models.Func(
                                    models.F("number"),
                                    output_field=models.CharField(max_length=30),
                                    template="substring(%(expressions)s, '[0-9]+$')",
                                ),
                                name="orders_number_digits",
                            ),
                            models.Index(
                                django.db.models.functions.text.Upper("email"),
                                name="orders_email_anyhow",
                            ),
                            django.contrib.postgres.indexes.GinIndex(
                                django.contrib.postgres.indexes.OpClass(
                                    django.db.models.functions.text.Upper("customer_name"),
                                    "gin_trgm_ops",
                                ),
                                name="orders_name_anyhow",
                            ),
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["tags"], name="orders_tags"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("external_id", ""), _negated=True),
                                fields=("external_id", "channel"),
                                name="orders_external_id_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "total",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    models.F("subtotal"),
                                                    "-",
                                                    models.F("discount_total"),
                                                ),
                                                "+",
                                                models.F("shipping_total"),
                                            ),
                                            "+",
                                            models.F("tax_on_top"),
                                        ),
                                    )
                                ),
                                name="orders_total_adds_up",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("captured__gte", 0),
                                    ("authorised__gte", 0),
                                    ("refunded__gte", 0),
                                    ("refunded__lte", models.F("captured")),
                                    ("credit_total__gte", 0),
                                    ("credit_total__lte", models.F("total")),
                                ),
                                name="orders_money_in_bounds",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("arrived_on__isnull", True),
                                    ("units_delivered__gt", 0),
                                    _connector="OR",
                                ),
                                name="orders_arrived_with_units",
                            ),
                        ],
                    },
                    bases=(django_fsm.FSMModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="SendingTerms",
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
                            "location",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="inventory.location",
                            ),
                        ),
                        ("currency", core.model_fields.CurrencyField(default="EUR", max_length=3)),
                        (
                            "per_parcel",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "per_unit",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.shippingservice",
                            ),
                        ),
                        (
                            "countries",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=2),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        ("sends_hazardous", models.BooleanField(default=True)),
                    ],
                    options={
                        "verbose_name_plural": "sending terms",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("per_parcel__gte", 0), ("per_unit__gte", 0)),
                                name="orders_sending_costs_something",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ShippingZone",
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
                            "service",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="zones",
                                to="orders.shippingservice",
                            ),
                        ),
                        ("name", models.CharField(max_length=60)),
                        (
                            "countries",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=2), size=None
                            ),
                        ),
                        ("transit_days", models.PositiveSmallIntegerField(default=3)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("service", "name"), name="orders_zone_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StandingOrder",
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
                        ("number", models.CharField(max_length=30, unique=True)),
                        (
                            "channel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.channel",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="standing_orders",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "company",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="standing_orders",
                                to="customers.company",
                            ),
                        ),
                        ("customer_name", models.CharField(blank=True, max_length=200)),
                        ("email", models.EmailField(blank=True, max_length=254)),
                        ("phone", models.CharField(blank=True, max_length=40)),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("active", "Active"),
                                    ("paused", "Paused"),
                                    ("ended", "Ended"),
                                ],
                                default="active",
                                max_length=10,
                                protected=True,
                            ),
                        ),
                        ("every", models.PositiveSmallIntegerField(default=1)),
                        (
                            "unit",
                            models.CharField(
                                choices=[
                                    ("days", "days"),
                                    ("weeks", "weeks"),
                                    ("months", "months"),
                                ],
                                default="months",
                                max_length=6,
                            ),
                        ),
                        ("first_on", models.DateField()),
                        ("next_on", models.DateField()),
                        ("ends_on", models.DateField(blank=True, null=True)),
                        (
                            "purchase_order",
                            models.CharField(
                                blank=True, max_length=60, verbose_name="purchase-order number"
                            ),
                        ),
                        (
                            "payment_terms",
                            models.CharField(
                                choices=[
                                    ("prepaid", "Paid before shipping"),
                                    ("net", "On account"),
                                ],
                                default="prepaid",
                                max_length=10,
                            ),
                        ),
                        ("when_short", models.CharField(max_length=12)),
                        (
                            "shipping_service",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.shippingservice",
                            ),
                        ),
                        ("billing_address", models.JSONField(blank=True, default=dict)),
                        ("shipping_address", models.JSONField(blank=True, default=dict)),
                        ("note", models.TextField(blank=True)),
                        ("created_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "active")),
                                fields=["next_on"],
                                name="orders_standing_due",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("every__gte", 1)), name="orders_standing_every"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("next_on__gte", models.F("first_on"))),
                                name="orders_standing_next_not_before_first",
                            ),
                        ],
                    },
                    bases=(django_fsm.FSMModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="RiskBacktest",
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
                            "rule_set",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="backtests",
                                to="orders.riskruleset",
                            ),
                        ),
                        (
                            "beside",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.riskruleset",
                            ),
                        ),
                        ("digest", models.CharField(max_length=64)),
                        ("days", models.PositiveSmallIntegerField()),
                        (
                            "job",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="core.job",
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                        ("orders", models.PositiveIntegerField(default=0)),
                        ("outcomes", models.JSONField(default=dict)),
                        ("outcomes_beside", models.JSONField(default=dict)),
                        ("scores", models.JSONField(default=list)),
                        ("changed", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ("-asked_at", "-id"),
                    },
                ),
                migrations.CreateModel(
                    name="ChangeSet",
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
                                related_name="change_sets",
                                to="orders.order",
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("open", "Open"),
                                    ("awaiting", "Awaiting approval"),
                                    ("confirmed", "Applied"),
                                    ("declined", "Declined"),
                                    ("discarded", "Discarded"),
                                ],
                                default="open",
                                max_length=10,
                                protected=True,
                            ),
                        ),
                        ("reason", models.CharField(max_length=300)),
                        ("when_short", models.CharField(max_length=10)),
                        ("ships_anyway", models.BooleanField(default=False)),
                        ("based_on", models.PositiveIntegerField()),
                        ("outcome", models.JSONField(default=dict)),
                        ("why_approval", models.CharField(blank=True, max_length=300)),
                        ("requested_key", models.CharField(blank=True, max_length=100)),
                        ("requested_by", models.CharField(max_length=150)),
                        ("requested_at", models.DateTimeField()),
                        ("approved_key", models.CharField(blank=True, max_length=100)),
                        ("approved_by", models.CharField(blank=True, max_length=150)),
                        ("approved_at", models.DateTimeField(blank=True, null=True)),
                        ("declined_by", models.CharField(blank=True, max_length=150)),
                        ("declined_at", models.DateTimeField(blank=True, null=True)),
                        ("declined_reason", models.CharField(blank=True, max_length=300)),
                        ("discarded_by", models.CharField(blank=True, max_length=150)),
                        ("discarded_at", models.DateTimeField(blank=True, null=True)),
                        ("confirmed_by", models.CharField(blank=True, max_length=150)),
                        ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ("-number",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("order", "number"), name="orders_change_number_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "awaiting")),
                                fields=("order",),
                                name="orders_change_awaits_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("approved_at", None),
                                    models.Q(
                                        ("approved_key", models.F("requested_key")), _negated=True
                                    ),
                                    _connector="OR",
                                ),
                                name="orders_change_four_eyes",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("confirmed_at__isnull", False), ("state", "confirmed")
                                    ),
                                    models.Q(
                                        models.Q(("state", "confirmed"), _negated=True),
                                        ("confirmed_at", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="orders_change_confirmed_at",
                            ),
                        ],
                    },
                    bases=(django_fsm.FSMModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="CouponRedemption",
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
                            "coupon",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="redemptions",
                                to="orders.coupon",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="redemptions",
                                to="orders.order",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        ("email", models.EmailField(blank=True, max_length=254)),
                        ("redeemed_at", models.DateTimeField()),
                        ("returned_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("coupon", "order"), name="orders_redemption_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Fulfilment",
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
                                related_name="fulfilments",
                                to="orders.order",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="fulfilments",
                                to="inventory.location",
                            ),
                        ),
                        ("number", models.CharField(max_length=40, unique=True)),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("ready", "Ready to pick"),
                                    ("picking", "Picking"),
                                    ("packed", "Packed"),
                                    ("shipped", "Shipped"),
                                    ("delivered", "Delivered"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="ready",
                                max_length=12,
                                protected=True,
                            ),
                        ),
                        ("ship_by", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField()),
                        ("started_at", models.DateTimeField(blank=True, null=True)),
                        ("packed_at", models.DateTimeField(blank=True, null=True)),
                        ("shipped_at", models.DateTimeField(blank=True, null=True)),
                        ("delivered_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ("ready", "picking", "packed"))),
                                fields=["location", "ship_by", "id"],
                                name="orders_fulfilment_open",
                            )
                        ],
                    },
                    bases=(django_fsm.FSMModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="Hold",
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
                                related_name="holds",
                                to="orders.order",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("fraud", "Fraud check"),
                                    ("address", "Address"),
                                    ("payment", "Payment"),
                                    ("stock", "Stock"),
                                    ("customer", "Customer’s request"),
                                    ("operator", "Operator"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("reason", models.CharField(max_length=300)),
                        ("placed_by", models.CharField(max_length=150)),
                        ("placed_at", models.DateTimeField()),
                        ("until", models.DateTimeField(blank=True, null=True)),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                help_text="Who settles what keeps the order.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("released_by", models.CharField(blank=True, max_length=150)),
                        ("released_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ("-placed_at", "-id"),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("released_at", None)),
                                fields=["until"],
                                name="orders_hold_until",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("released_at", None)),
                                fields=("order", "kind"),
                                name="orders_hold_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MeasuredTransit",
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
                        ("key", models.CharField(max_length=40, unique=True)),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="measured",
                                to="orders.order",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.shippingservice",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.location",
                            ),
                        ),
                        ("country", core.model_fields.CountryField(max_length=2)),
                        ("handed_over_on", models.DateField()),
                        ("delivered_on", models.DateField()),
                        ("days", models.PositiveSmallIntegerField()),
                        ("recorded_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["handed_over_on"], name="orders_measured_by_day")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("delivered_on__gte", models.F("handed_over_on"))
                                ),
                                name="orders_measured_forwards",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Note",
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
                                related_name="notes",
                                to="orders.order",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("staff", "Staff note"),
                                    ("customer", "From the customer"),
                                    ("gift", "Gift message"),
                                    ("packing", "Packing instruction"),
                                ],
                                default="staff",
                                max_length=10,
                            ),
                        ),
                        ("text", models.TextField(max_length=4000)),
                        (
                            "author",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("author_label", models.CharField(max_length=150)),
                        ("written_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ("-written_at", "-id"),
                    },
                ),
                migrations.CreateModel(
                    name="OrderKit",
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
                                related_name="kits",
                                to="orders.order",
                            ),
                        ),
                        (
                            "variant",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="inventory.variant",
                            ),
                        ),
                        ("sku", models.CharField(blank=True, max_length=60, verbose_name="SKU")),
                        ("name", models.CharField(max_length=300)),
                        ("quantity", models.PositiveIntegerField()),
                        (
                            "unit_price",
                            core.model_fields.AmountField(decimal_places=4, max_digits=18),
                        ),
                        ("amount", core.model_fields.AmountField(decimal_places=4, max_digits=18)),
                        (
                            "discount",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        ("total", core.model_fields.AmountField(decimal_places=4, max_digits=18)),
                    ],
                    options={
                        "ordering": ("id",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)), name="orders_kit_quantity"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OrderLink",
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
                                choices=[
                                    ("split", "Split off"),
                                    ("merge", "Merged"),
                                    ("reship", "Sent again"),
                                ],
                                max_length=8,
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_out",
                                to="orders.order",
                            ),
                        ),
                        (
                            "target",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_in",
                                to="orders.order",
                            ),
                        ),
                        ("units", models.PositiveIntegerField()),
                        ("why", models.CharField(blank=True, max_length=300)),
                        ("made_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ("id",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("source", "target"), name="orders_link_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "merge")),
                                fields=("source",),
                                name="orders_merged_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("source", models.F("target")), _negated=True),
                                    ("units__gt", 0),
                                ),
                                name="orders_link_of_two",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OrderOrigin",
                    fields=[
                        (
                            "order",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="origin",
                                serialize=False,
                                to="orders.order",
                            ),
                        ),
                        ("network_key", models.CharField(blank=True, max_length=64)),
                        ("user_agent", models.CharField(blank=True, max_length=300)),
                        ("told_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("network_key", ""), _negated=True),
                                fields=["network_key", "told_at"],
                                name="orders_origin_network",
                            ),
                            models.Index(fields=["told_at"], name="orders_origin_told"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OrderPromise",
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
                                related_name="promises",
                                to="orders.order",
                            ),
                        ),
                        ("promised_on", models.DateField()),
                        ("ship_by", models.DateTimeField(blank=True, null=True)),
                        ("percentile", models.PositiveSmallIntegerField(blank=True, null=True)),
                        (
                            "basis",
                            models.CharField(
                                choices=[
                                    ("lane", "Deliveries on this way"),
                                    ("zone", "Deliveries to this zone"),
                                    ("table", "The carrier’s own days, and one more"),
                                    ("person", "Set by hand"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("inputs", models.JSONField(blank=True, default=dict)),
                        ("reason", models.CharField(blank=True, max_length=300)),
                        ("made_at", models.DateTimeField()),
                        ("made_by", models.CharField(max_length=150)),
                    ],
                    options={
                        "ordering": ("order_id", "id"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("basis", "person"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="orders_promise_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("basis", "person"),
                                    models.Q(
                                        ("percentile__isnull", False), ("ship_by__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="orders_promise_is_reckoned",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Quotation",
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
                        ("number", models.CharField(max_length=30)),
                        ("revision", models.PositiveSmallIntegerField(default=1)),
                        (
                            "replaces",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.quotation",
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
                        (
                            "customer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="quotations",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "company",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="quotations",
                                to="customers.company",
                            ),
                        ),
                        ("customer_name", models.CharField(blank=True, max_length=200)),
                        ("email", models.EmailField(blank=True, max_length=254)),
                        ("phone", models.CharField(blank=True, max_length=40)),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("sent", "Sent"),
                                    ("accepted", "Accepted"),
                                    ("declined", "Declined"),
                                    ("expired", "Expired"),
                                    ("converted", "Ordered"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="draft",
                                max_length=12,
                                protected=True,
                            ),
                        ),
                        ("valid_until", models.DateField()),
                        (
                            "purchase_order",
                            models.CharField(
                                blank=True, max_length=60, verbose_name="purchase-order number"
                            ),
                        ),
                        (
                            "payment_terms",
                            models.CharField(
                                choices=[
                                    ("prepaid", "Paid before shipping"),
                                    ("net", "On account"),
                                ],
                                default="prepaid",
                                max_length=10,
                            ),
                        ),
                        ("when_short", models.CharField(max_length=12)),
                        ("note", models.TextField(blank=True)),
                        (
                            "basket_key",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="Under which name goods were suggested while it was entered.",
                                max_length=100,
                            ),
                        ),
                        ("currency", core.model_fields.CurrencyField(max_length=3)),
                        ("prices_include_tax", models.BooleanField(default=True)),
                        (
                            "tax_rounding",
                            models.CharField(
                                choices=[
                                    ("line", "Each line by itself"),
                                    ("document", "The sum of the order"),
                                ],
                                default="line",
                                max_length=10,
                            ),
                        ),
                        (
                            "tax_treatment",
                            models.CharField(
                                choices=[
                                    ("taxed", "Taxed"),
                                    ("exempt", "Exempt from tax"),
                                    ("reverse_charge", "Reverse charge: the buyer owes the tax"),
                                ],
                                default="taxed",
                                max_length=16,
                            ),
                        ),
                        ("shipping_adjustments", models.JSONField(blank=True, default=list)),
                        (
                            "order_discount",
                            core.model_fields.AmountField(
                                decimal_places=4,
                                default=0,
                                help_text="As it was entered; the lines hold its shares.",
                                max_digits=18,
                            ),
                        ),
                        (
                            "subtotal",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "discount_total",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "shipping_total",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "shipping_tax",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "shipping_tax_rate",
                            core.model_fields.RateField(decimal_places=5, default=0, max_digits=7),
                        ),
                        (
                            "tax_total",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "tax_on_top",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "total",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "shipping_service",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.shippingservice",
                            ),
                        ),
                        ("shipping_method", models.CharField(blank=True, max_length=100)),
                        ("billing_address", models.JSONField(blank=True, default=dict)),
                        ("shipping_address", models.JSONField(blank=True, default=dict)),
                        ("answered_by", models.CharField(blank=True, max_length=200)),
                        ("answer", models.CharField(blank=True, max_length=300)),
                        (
                            "order",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="quotation",
                                to="orders.order",
                            ),
                        ),
                        ("sent_at", models.DateTimeField(blank=True, null=True)),
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["-created_at", "-id"], name="orders_quotations_newest"
                            ),
                            models.Index(
                                condition=models.Q(("state", "sent")),
                                fields=["valid_until"],
                                name="orders_quotations_to_expire",
                            ),
                            django.contrib.postgres.indexes.GinIndex(
                                django.contrib.postgres.indexes.OpClass(
                                    django.db.models.functions.text.Upper("customer_name"),
                                    "gin_trgm_ops",
                                ),
                                name="orders_quotation_name",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("number", "revision"), name="orders_quotation_revision_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("state__in", ("sent", "accepted", "converted"))
                                ),
                                fields=("number",),
                                name="orders_quotation_one_stands",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "draft")),
                                fields=("number",),
                                name="orders_quotation_one_draft",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("order__isnull", False), ("state", "converted")),
                                    models.Q(
                                        models.Q(("state", "converted"), _negated=True),
                                        ("order", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="orders_quotation_converted_has_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "total",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    models.F("subtotal"),
                                                    "-",
                                                    models.F("discount_total"),
                                                ),
                                                "+",
                                                models.F("shipping_total"),
                                            ),
                                            "+",
                                            models.F("tax_on_top"),
                                        ),
                                    )
                                ),
                                name="orders_quotation_adds_up",
                            ),
                        ],
                    },
                    bases=(django_fsm.FSMModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="RecommendationTaken",
                    fields=[
                        (
                            "shown",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="taken",
                                serialize=False,
                                to="orders.recommendationshown",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.order",
                            ),
                        ),
                        ("units", models.PositiveIntegerField()),
                        ("amount", core.model_fields.AmountField(decimal_places=4, max_digits=18)),
                        ("currency", core.model_fields.CurrencyField(max_length=3)),
                        ("taken_at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name_plural": "recommendations taken",
                    },
                ),
                migrations.CreateModel(
                    name="RiskDecision",
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
                                related_name="risk_decisions",
                                to="orders.order",
                            ),
                        ),
                        (
                            "rule_set",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="orders.riskruleset",
                            ),
                        ),
                        ("score", models.PositiveIntegerField()),
                        (
                            "outcome",
                            models.CharField(
                                choices=[("pass", "Pass"), ("review", "Review"), ("hold", "Hold")],
                                max_length=10,
                            ),
                        ),
                        ("reasons", models.JSONField(default=list)),
                        ("inputs", models.JSONField()),
                        (
                            "why",
                            models.CharField(help_text="What it was scored after.", max_length=60),
                        ),
                        ("decided_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ("-decided_at", "-id"),
                        "indexes": [
                            models.Index(fields=["order", "-id"], name="orders_risk_of_order")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RiskSignal",
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
                                related_name="risk_signals",
                                to="orders.order",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("declined", "Payment declined"),
                                    ("disputed", "Payment disputed"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("ref", models.CharField(max_length=200)),
                        ("occurred_at", models.DateTimeField()),
                        ("told_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("kind", "ref"), name="orders_risk_signal_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SourcingDecision",
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
                                related_name="sourcing_decisions",
                                to="orders.order",
                            ),
                        ),
                        ("decided_at", models.DateTimeField()),
                        (
                            "cause",
                            models.CharField(
                                choices=[
                                    ("placed", "Placed"),
                                    ("edited", "Edited"),
                                    ("re-sourced", "Decided again"),
                                    ("overridden", "Overridden"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("nothing", "nothing"),
                                    ("exact", "exact"),
                                    ("programme", "programme"),
                                    ("greedy", "greedy"),
                                    ("hand", "hand"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("why", models.CharField(max_length=500)),
                        ("reason", models.CharField(blank=True, max_length=300)),
                        ("decided_by", models.CharField(max_length=150)),
                        ("inputs", models.JSONField()),
                        ("plans", models.JSONField()),
                        ("taken", models.JSONField()),
                        ("skipped", models.JSONField()),
                        (
                            "rules",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=100), default=list, size=None
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "indexes": [
                            models.Index(fields=["order", "-id"], name="orders_decisions_of_order")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("cause", "overridden"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="orders_override_has_reason",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TrackingLink",
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
                                related_name="tracking_links",
                                to="orders.order",
                            ),
                        ),
                        ("token_hash", models.CharField(max_length=64, unique=True)),
                        ("created_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Watcher",
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
                                related_name="watchers",
                                to="orders.order",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("since", models.DateTimeField()),
                        ("seen_version", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ("since", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "order"), name="orders_watcher_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LaneStatistic",
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
                            "service",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="orders.shippingservice",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="inventory.location",
                            ),
                        ),
                        ("country", core.model_fields.CountryField(blank=True, max_length=2)),
                        (
                            "zone",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="orders.shippingzone",
                            ),
                        ),
                        (
                            "counts",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveIntegerField(), size=None
                            ),
                        ),
                        ("deliveries", models.PositiveIntegerField()),
                        ("refreshed_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("service", "location", "country", "zone"),
                                name="orders_lane_once",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("location__isnull", False), ("zone__isnull", True)),
                                    models.Q(
                                        ("country", ""),
                                        ("location__isnull", True),
                                        ("zone__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="orders_lane_or_zone",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ShippingRate",
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
                            "zone",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rates",
                                to="orders.shippingzone",
                            ),
                        ),
                        ("up_to_g", models.PositiveIntegerField(verbose_name="up to grams")),
                        ("currency", core.model_fields.CurrencyField(max_length=3)),
                        ("amount", core.model_fields.AmountField(decimal_places=4, max_digits=18)),
                        ("cost", core.model_fields.AmountField(decimal_places=4, max_digits=18)),
                    ],
                    options={
                        "ordering": ("up_to_g",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("zone", "currency", "up_to_g"),
                                name="orders_shipping_rate_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TransitTime",
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
                            "zone",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="times",
                                to="orders.shippingzone",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="inventory.location",
                            ),
                        ),
                        (
                            "days",
                            models.PositiveSmallIntegerField(
                                validators=[django.core.validators.MaxValueValidator(60)]
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("zone", "location"),
                                name="orders_transit_time_once",
                                violation_error_message="There are days from this location to the zone already.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StandingOrderLine",
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
                            "standing_order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="orders.standingorder",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        (
                            "variant",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="inventory.variant",
                            ),
                        ),
                        ("sku", models.CharField(max_length=60, verbose_name="SKU")),
                        ("name", models.CharField(max_length=300)),
                        ("quantity", models.PositiveIntegerField()),
                        (
                            "unit_price",
                            core.model_fields.AmountField(
                                blank=True, decimal_places=4, max_digits=18, null=True
                            ),
                        ),
                        ("price_reason", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "ordering": ("position",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("standing_order", "position"),
                                name="orders_standing_position_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)),
                                name="orders_standing_line_quantity",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StandingRun",
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
                            "standing_order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="runs",
                                to="orders.standingorder",
                            ),
                        ),
                        ("due_on", models.DateField()),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("placed", "Ordered"),
                                    ("refused", "Refused"),
                                    ("skipped", "Skipped"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "order",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="standing_run",
                                to="orders.order",
                            ),
                        ),
                        ("detail", models.CharField(blank=True, max_length=500)),
                        ("ran_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ("-due_on",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("standing_order", "due_on"), name="orders_standing_run_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("order__isnull", False), ("outcome", "placed")),
                                    models.Q(
                                        models.Q(("outcome", "placed"), _negated=True),
                                        ("order", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="orders_standing_run_placed_has_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RiskBacktestChange",
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
                            "backtest",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="changes",
                                to="orders.riskbacktest",
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
                        ("score", models.PositiveIntegerField()),
                        (
                            "outcome",
                            models.CharField(
                                choices=[("pass", "Pass"), ("review", "Review"), ("hold", "Hold")],
                                max_length=10,
                            ),
                        ),
                        ("reasons", models.JSONField(default=list)),
                        ("score_beside", models.PositiveIntegerField()),
                        (
                            "outcome_beside",
                            models.CharField(
                                choices=[("pass", "Pass"), ("review", "Review"), ("hold", "Hold")],
                                max_length=10,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-score", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("backtest", "order"), name="orders_risk_change_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OrderLine",
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
                                related_name="lines",
                                to="orders.order",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        (
                            "variant",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="inventory.variant",
                            ),
                        ),
                        (
                            "demand",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.demand",
                            ),
                        ),
                        (
                            "kit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="orders.orderkit",
                            ),
                        ),
                        (
                            "origin",
                            models.ForeignKey(
                                blank=True,
                                help_text="The line of another order whose units these were, or whose units they replace.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="offspring",
                                to="orders.orderline",
                            ),
                        ),
                        ("sku", models.CharField(blank=True, max_length=60, verbose_name="SKU")),
                        ("name", models.CharField(max_length=300)),
                        ("barcode", models.CharField(blank=True, max_length=40)),
                        ("weight_g", models.PositiveIntegerField(default=0)),
                        ("is_physical", models.BooleanField(default=True)),
                        ("quantity", models.PositiveIntegerField()),
                        ("cancelled", models.PositiveIntegerField(default=0)),
                        ("shipped", models.PositiveIntegerField(default=0)),
                        ("delivered", models.PositiveIntegerField(default=0)),
                        ("return_requested", models.PositiveIntegerField(default=0)),
                        ("returned", models.PositiveIntegerField(default=0)),
                        (
                            "unit_price",
                            core.model_fields.AmountField(decimal_places=4, max_digits=18),
                        ),
                        (
                            "list_price",
                            core.model_fields.AmountField(
                                blank=True, decimal_places=4, max_digits=18, null=True
                            ),
                        ),
                        (
                            "price_source",
                            models.CharField(blank=True, db_default="", default="", max_length=160),
                        ),
                        (
                            "price_reason",
                            models.CharField(blank=True, db_default="", default="", max_length=200),
                        ),
                        ("amount", core.model_fields.AmountField(decimal_places=4, max_digits=18)),
                        (
                            "discount",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "tax_rate",
                            core.model_fields.RateField(decimal_places=5, default=0, max_digits=7),
                        ),
                        (
                            "tax",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        ("tax_included", models.BooleanField(default=True)),
                        ("total", core.model_fields.AmountField(decimal_places=4, max_digits=18)),
                        (
                            "credited",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("position",),
                        "indexes": [models.Index(fields=["sku", "-order"], name="orders_line_sku")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("order", "position"), name="orders_line_position_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)), name="orders_line_quantity"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "quantity__gte",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("cancelled"), "+", models.F("shipped")
                                        ),
                                    ),
                                    ("delivered__lte", models.F("shipped")),
                                    (
                                        "shipped__gte",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("returned"), "+", models.F("return_requested")
                                        ),
                                    ),
                                ),
                                name="orders_line_counters",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("credited__gte", 0), ("credited__lte", models.F("total"))
                                ),
                                name="orders_line_credit_within_total",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="QuotationLine",
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
                            "quotation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="orders.quotation",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        (
                            "variant",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="inventory.variant",
                            ),
                        ),
                        ("sku", models.CharField(max_length=60, verbose_name="SKU")),
                        ("name", models.CharField(max_length=300)),
                        ("quantity", models.PositiveIntegerField()),
                        (
                            "unit_price",
                            core.model_fields.AmountField(decimal_places=4, max_digits=18),
                        ),
                        (
                            "list_price",
                            core.model_fields.AmountField(
                                blank=True, decimal_places=4, max_digits=18, null=True
                            ),
                        ),
                        ("price_source", models.CharField(blank=True, max_length=160)),
                        ("price_reason", models.CharField(blank=True, max_length=200)),
                        ("amount", core.model_fields.AmountField(decimal_places=4, max_digits=18)),
                        (
                            "discount",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        ("adjustments", models.JSONField(blank=True, default=list)),
                        (
                            "tax_rate",
                            core.model_fields.RateField(decimal_places=5, default=0, max_digits=7),
                        ),
                        (
                            "tax",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        ("total", core.model_fields.AmountField(decimal_places=4, max_digits=18)),
                    ],
                    options={
                        "ordering": ("position",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("quotation", "position"),
                                name="orders_quotation_position_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)),
                                name="orders_quotation_line_quantity",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="QuotationLink",
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
                            "quotation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links",
                                to="orders.quotation",
                            ),
                        ),
                        ("token_hash", models.CharField(max_length=64, unique=True)),
                        ("created_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="RiskReview",
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
                                related_name="risk_reviews",
                                to="orders.order",
                            ),
                        ),
                        (
                            "decision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.riskdecision",
                            ),
                        ),
                        (
                            "hold",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="orders.hold",
                            ),
                        ),
                        ("opened_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        (
                            "verdict",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("approved", "Released"),
                                    ("refused", "Cancelled"),
                                    ("over", "No longer needed"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=300)),
                        ("closed_by", models.CharField(blank=True, max_length=150)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ("due_at", "id"),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("closed_at", None)),
                                fields=["due_at", "id"],
                                name="orders_risk_to_review",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at", None)),
                                fields=("order",),
                                name="orders_risk_review_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at", None), ("verdict", "")),
                                    models.Q(
                                        ("closed_at__isnull", False),
                                        models.Q(("verdict", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="orders_risk_review_ends_with_verdict",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Adjustment",
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
                            "line",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="adjustments",
                                to="orders.orderline",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="adjustments",
                                to="orders.order",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("given", "Given with the line"),
                                    ("order", "Discount on the order"),
                                    ("promotion", "Promotion"),
                                    ("changed", "Changed after placing"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "promotion",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.promotion",
                            ),
                        ),
                        ("label", models.CharField(max_length=160)),
                        ("code", models.CharField(blank=True, max_length=60)),
                        ("amount", core.model_fields.AmountField(decimal_places=4, max_digits=18)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("line", None), ("order__isnull", False)),
                                    models.Q(("line__isnull", False), ("order", None)),
                                    _connector="OR",
                                ),
                                name="orders_adjustment_of_one",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChangeAction",
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
                            "change_set",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="actions",
                                to="orders.changeset",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("change_price", "Change price"),
                                    ("change_quantity", "Change quantity"),
                                    ("remove_line", "Remove product"),
                                    ("add_line", "Add product"),
                                    ("order_discount", "Discount"),
                                    ("change_shipping", "Change shipping"),
                                    ("change_address", "Change address"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.orderline",
                            ),
                        ),
                        (
                            "kit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.orderkit",
                            ),
                        ),
                        ("values", models.JSONField(default=dict)),
                        ("reason", models.CharField(blank=True, max_length=300)),
                        ("what", models.CharField(max_length=300)),
                        ("before", models.CharField(blank=True, max_length=300)),
                        ("after", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "ordering": ("position",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("change_set", "position"), name="orders_change_action_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FulfilmentLine",
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
                            "fulfilment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="orders.fulfilment",
                            ),
                        ),
                        (
                            "order_line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="fulfilment_lines",
                                to="orders.orderline",
                            ),
                        ),
                        ("quantity", models.PositiveIntegerField()),
                        ("shipped", models.PositiveIntegerField(default=0)),
                        ("short", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ("order_line__position", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("fulfilment", "order_line"),
                                name="orders_fulfilment_line_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("quantity__gt", 0),
                                    (
                                        "quantity__gte",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("shipped"), "+", models.F("short")
                                        ),
                                    ),
                                ),
                                name="orders_fulfilment_line_counters",
                            ),
                        ],
                    },
                ),
                migrations.RunSQL(
                    sql="CREATE SEQUENCE orders_number START 1001",
                    reverse_sql="DROP SEQUENCE orders_number",
                ),
                migrations.RunSQL(
                    sql="CREATE SEQUENCE orders_quotation_number START 1001",
                    reverse_sql="DROP SEQUENCE orders_quotation_number",
                ),
                migrations.RunSQL(
                    sql="CREATE SEQUENCE orders_standing_number START 1001",
                    reverse_sql="DROP SEQUENCE orders_standing_number",
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="changeaction",
                    trigger=pgtrigger.compiler.Trigger(
                        name="change_action_is_append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="dd41445db268c36bb67d8d5068a37f70f26e8bd2",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_change_action_is_append_only_04db8",
                            table="orders_changeaction",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderlink",
                    trigger=pgtrigger.compiler.Trigger(
                        name="order_links_are_kept",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="949481aa83cbc21e8b94606d67411cebf100fe57",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_order_links_are_kept_2a14e",
                            table="orders_orderlink",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderpromise",
                    trigger=pgtrigger.compiler.Trigger(
                        name="promise_is_append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="053e1ef4ff69c272261f819165794713cd8b82f2",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_promise_is_append_only_49855",
                            table="orders_orderpromise",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="adjustment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="orders_adjustment_append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="b5e3b08274327d30d45f27a7b13c90442ad90061",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_orders_adjustment_append_only_0fbcd",
                            table="orders_adjustment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="recommendationshown",
                    trigger=pgtrigger.compiler.Trigger(
                        name="recommendations_shown_are_append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="0c782b804f7b4055aa8bde4a98865261116b2d97",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_recommendations_shown_are_append_only_551a5",
                            table="orders_recommendationshown",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="riskruleset",
                    trigger=pgtrigger.compiler.Trigger(
                        name="risk_rules_are_fixed_once_live",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."state" IN (\'live\', \'retired\') AND (OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."channel_id" IS DISTINCT FROM (NEW."channel_id") OR OLD."weights" IS DISTINCT FROM (NEW."weights") OR OLD."review_at" IS DISTINCT FROM (NEW."review_at") OR OLD."hold_at" IS DISTINCT FROM (NEW."hold_at") OR OLD."review_hours" IS DISTINCT FROM (NEW."review_hours")))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="1d465611cc7c773bbd4948e2d737a8739dd7afbf",
                            operation="UPDATE",
                            pgid="pgtrigger_risk_rules_are_fixed_once_live_f45ea",
                            table="orders_riskruleset",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="riskruleset",
                    trigger=pgtrigger.compiler.Trigger(
                        name="risk_rules_stay_once_live",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.\"state\" IN ('live', 'retired'))",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="ac3b95887676d1c629f3af5eddd1a279f059a3ca",
                            operation="DELETE",
                            pgid="pgtrigger_risk_rules_stay_once_live_86698",
                            table="orders_riskruleset",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="riskruleset",
                    trigger=pgtrigger.compiler.Trigger(
                        name="risk_rules_go_one_way",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE _is_valid_transition BOOLEAN;",
                            func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{draft:live,draft:retired,live:retired}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                            hash="58a2a9b98df0733476d6a1588726701b917676b2",
                            operation="UPDATE",
                            pgid="pgtrigger_risk_rules_go_one_way_fb09d",
                            table="orders_riskruleset",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="riskdecision",
                    trigger=pgtrigger.compiler.Trigger(
                        name="risk_decisions_are_append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="2460f055ad047810af98708a8b86e9c9abfe42e5",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_risk_decisions_are_append_only_89ac9",
                            table="orders_riskdecision",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="risksignal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="risk_signals_are_append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="e1ced09f03e4cac1260d0b19f2f2ab3a4d9f55d6",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_risk_signals_are_append_only_0f6f8",
                            table="orders_risksignal",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="measuredtransit",
                    trigger=pgtrigger.compiler.Trigger(
                        name="measured_transit_is_append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="99d48782c6a34ddba3ee554ed37473dc03d07b62",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_measured_transit_is_append_only_33054",
                            table="orders_measuredtransit",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="sourcingdecision",
                    trigger=pgtrigger.compiler.Trigger(
                        name="sourcing_decision_is_append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="b217c25ede4167894c7048a419dd88427207236f",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_sourcing_decision_is_append_only_ff68f",
                            table="orders_sourcingdecision",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="whatif",
                    trigger=pgtrigger.compiler.Trigger(
                        name="what_if_is_fixed_once_done",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."finished_at" IS NOT NULL AND (OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."days" IS DISTINCT FROM (NEW."days") OR OLD."asked_at" IS DISTINCT FROM (NEW."asked_at") OR OLD."finished_at" IS DISTINCT FROM (NEW."finished_at") OR OLD."scenario" IS DISTINCT FROM (NEW."scenario") OR OLD."changes" IS DISTINCT FROM (NEW."changes") OR OLD."result" IS DISTINCT FROM (NEW."result")))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="74e87461899669e6001777c8999dd14d2eb71b15",
                            operation="UPDATE",
                            pgid="pgtrigger_what_if_is_fixed_once_done_19077",
                            table="orders_whatif",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="recommendationtaken",
                    trigger=pgtrigger.compiler.Trigger(
                        name="recommendations_taken_are_append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="db087d048d70a3ee57b2857650f578711ba4d275",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_recommendations_taken_are_append_only_2dd22",
                            table="orders_recommendationtaken",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        )
    ]

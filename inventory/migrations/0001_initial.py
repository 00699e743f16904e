from decimal import Decimal

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django_fsm
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.model_fields
import core.models.business
import inventory.models.locations
from core.migration_operations import AllAtOnce


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        ("core", "__first__"),
    ]

    operations = [
        AllAtOnce(
            [
                migrations.CreateModel(
                    name="Location",
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
                        ("code", models.SlugField(max_length=20, unique=True)),
                        ("name", models.CharField(max_length=100)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("warehouse", "Warehouse"),
                                    ("store", "Store"),
                                    ("third_party", "Third party"),
                                    ("supplier", "Supplier"),
                                ],
                                default="warehouse",
                                max_length=20,
                            ),
                        ),
                        (
                            "line1",
                            models.CharField(blank=True, max_length=200, verbose_name="street"),
                        ),
                        (
                            "line2",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="building, floor"
                            ),
                        ),
                        ("postal_code", models.CharField(blank=True, max_length=20)),
                        ("city", models.CharField(blank=True, max_length=100)),
                        (
                            "region",
                            models.CharField(
                                blank=True, max_length=100, verbose_name="state or region"
                            ),
                        ),
                        ("country", core.model_fields.CountryField(max_length=2)),
                        (
                            "latitude",
                            models.DecimalField(
                                blank=True,
                                decimal_places=5,
                                max_digits=8,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(-90),
                                    django.core.validators.MaxValueValidator(90),
                                ],
                            ),
                        ),
                        (
                            "longitude",
                            models.DecimalField(
                                blank=True,
                                decimal_places=5,
                                max_digits=8,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(-180),
                                    django.core.validators.MaxValueValidator(180),
                                ],
                            ),
                        ),
                        (
                            "currency",
                            core.model_fields.CurrencyField(
                                default="EUR",
                                help_text="What its stock costs is told in this.",
                                max_length=3,
                            ),
                        ),
                        (
                            "time_zone",
                            models.CharField(
                                default="Europe/Berlin",
                                max_length=50,
                                validators=[core.models.business.validate_time_zone],
                            ),
                        ),
                        ("cut_off", models.TimeField(default="14:00")),
                        (
                            "working_days",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(),
                                default=inventory.models.locations.monday_to_friday,
                                size=None,
                            ),
                        ),
                        (
                            "handling_days",
                            models.PositiveSmallIntegerField(
                                db_default=0,
                                default=0,
                                help_text="Working days between an order’s day and the one on which it leaves.",
                                validators=[django.core.validators.MaxValueValidator(60)],
                            ),
                        ),
                        (
                            "capacity_per_day",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="What it can send at most; empty: no limit.",
                                null=True,
                                verbose_name="orders a day",
                            ),
                        ),
                        (
                            "is_pickup",
                            models.BooleanField(
                                default=False, verbose_name="customers may collect here"
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True)),
                    ],
                    options={
                        "ordering": ("name",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("working_days__len__gt", 0),
                                    ("working_days__contained_by", [0, 1, 2, 3, 4, 5, 6]),
                                ),
                                name="inventory_location_works_some_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("latitude__isnull", True), ("longitude__isnull", True)
                                    ),
                                    models.Q(
                                        ("latitude__range", (-90, 90)),
                                        ("longitude__range", (-180, 180)),
                                    ),
                                    _connector="OR",
                                ),
                                name="inventory_location_on_earth",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Category",
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
                    ],
                    options={
                        "verbose_name_plural": "categories",
                        "ordering": ("name",),
                    },
                ),
                migrations.CreateModel(
                    name="ChannelStockRule",
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
                                related_name="stock_rule",
                                to="core.channel",
                            ),
                        ),
                        (
                            "shelf_life_days",
                            models.PositiveIntegerField(
                                default=0, verbose_name="days goods must still keep"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="PictureFile",
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
                        ("sha256", models.CharField(max_length=64)),
                        ("is_thumbnail", models.BooleanField(default=False)),
                        ("content_type", models.CharField(max_length=30)),
                        ("content", models.BinaryField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("sha256", "is_thumbnail"),
                                name="inventory_picture_file_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Supplier",
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
                        ("code", models.SlugField(max_length=20, unique=True)),
                        ("name", models.CharField(max_length=150)),
                        (
                            "email",
                            models.EmailField(
                                blank=True,
                                help_text="Purchase orders are sent there.",
                                max_length=254,
                            ),
                        ),
                        ("phone", models.CharField(blank=True, max_length=40)),
                        (
                            "line1",
                            models.CharField(blank=True, max_length=200, verbose_name="street"),
                        ),
                        ("postal_code", models.CharField(blank=True, max_length=20)),
                        ("city", models.CharField(blank=True, max_length=100)),
                        ("country", core.model_fields.CountryField(blank=True, max_length=2)),
                        ("currency", core.model_fields.CurrencyField(default="EUR", max_length=3)),
                        (
                            "lead_time_days",
                            models.PositiveSmallIntegerField(
                                default=14, verbose_name="lead time in days"
                            ),
                        ),
                        (
                            "minimum_order",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        (
                            "over_tolerance",
                            models.PositiveSmallIntegerField(
                                default=0, verbose_name="over tolerance in %"
                            ),
                        ),
                        (
                            "short_tolerance",
                            models.PositiveSmallIntegerField(
                                default=0, verbose_name="short tolerance in %"
                            ),
                        ),
                        (
                            "inspects_goods",
                            models.BooleanField(
                                default=False, verbose_name="goods go through quality control"
                            ),
                        ),
                        ("note", models.TextField(blank=True)),
                        ("is_active", models.BooleanField(default=True)),
                    ],
                    options={
                        "ordering": ("name", "id"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("minimum_order__gte", 0)),
                                name="inventory_supplier_minimum",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("over_tolerance__lte", 100), ("short_tolerance__lte", 100)
                                ),
                                name="inventory_supplier_tolerances",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Bin",
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
                                related_name="bins",
                                to="inventory.location",
                            ),
                        ),
                        ("code", models.CharField(max_length=30, verbose_name="bin")),
                        ("zone", models.CharField(blank=True, max_length=30)),
                        ("aisle", models.CharField(blank=True, max_length=30)),
                        ("shelf", models.CharField(blank=True, max_length=30)),
                    ],
                    options={
                        "ordering": ("code", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("location", "code"), name="inventory_bin_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("code", ""), _negated=True),
                                name="inventory_bin_named",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BuyingLimit",
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
                                related_name="buying_limit",
                                to="inventory.location",
                            ),
                        ),
                        (
                            "per_order",
                            core.model_fields.AmountField(
                                decimal_places=4, max_digits=18, verbose_name="at most per order"
                            ),
                        ),
                        (
                            "per_day",
                            core.model_fields.AmountField(
                                decimal_places=4, max_digits=18, verbose_name="at most per day"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("per_order__gte", 0), ("per_day__gte", 0)),
                                name="inventory_buying_limit",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChannelLocation",
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
                                related_name="locations",
                                to="core.channel",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="channels",
                                to="inventory.location",
                            ),
                        ),
                        ("priority", models.PositiveSmallIntegerField(default=10)),
                    ],
                    options={
                        "ordering": ("priority", "location_id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("channel", "location"),
                                name="inventory_channel_location_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Closure",
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
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="closures",
                                to="inventory.location",
                            ),
                        ),
                        ("day", models.DateField()),
                        ("name", models.CharField(max_length=100, verbose_name="reason")),
                    ],
                    options={
                        "ordering": ("day", "id"),
                        "indexes": [models.Index(fields=["day"], name="inventory_closure_day")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("location", "day"),
                                name="inventory_closure_once",
                                nulls_distinct=False,
                                violation_error_message="This day is closed there already.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CountSession",
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
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="counts",
                                to="inventory.location",
                            ),
                        ),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("open", "Being counted"),
                                    ("submitted", "To be approved"),
                                    ("approved", "Booked"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="open",
                                max_length=10,
                                protected=True,
                            ),
                        ),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("all", "Everything there"),
                                    ("bin", "Bins"),
                                    ("category", "A category"),
                                    ("sample", "A random sample"),
                                    ("abc", "A class by what leaves"),
                                    ("skus", "A list of SKUs"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "scope",
                            models.CharField(
                                blank=True, help_text="What was chosen, in words.", max_length=200
                            ),
                        ),
                        (
                            "condition",
                            models.CharField(
                                choices=[
                                    ("sellable", "Sellable"),
                                    ("quality_control", "In quality control"),
                                    ("damaged", "Damaged"),
                                ],
                                default="sellable",
                                max_length=20,
                            ),
                        ),
                        ("is_blind", models.BooleanField(default=True)),
                        ("tolerance_units", models.PositiveIntegerField(default=2)),
                        ("tolerance_percent", models.PositiveSmallIntegerField(default=5)),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("created_by", models.CharField(max_length=150)),
                        ("created_at", models.DateTimeField()),
                        ("submitted_at", models.DateTimeField(blank=True, null=True)),
                        ("approved_at", models.DateTimeField(blank=True, null=True)),
                        ("approved_by", models.CharField(blank=True, max_length=150)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["created_at", "id"], name="inventory_count_created"
                            ),
                            models.Index(
                                condition=models.Q(("state__in", ("open", "submitted"))),
                                fields=["location"],
                                name="inventory_count_open",
                            ),
                        ],
                    },
                    bases=(django_fsm.FSMModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="LocationAccess",
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
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="location_access",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="access",
                                to="inventory.location",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "location access",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "location"), name="inventory_access_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StockSnapshot",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="snapshots",
                                to="inventory.location",
                            ),
                        ),
                        ("name", models.CharField(max_length=200, verbose_name="file")),
                        ("made_by", models.CharField(max_length=150)),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["-created_at", "-id"], name="inventory_snapshot_newest"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Transfer",
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
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="transfers_out",
                                to="inventory.location",
                            ),
                        ),
                        (
                            "target",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="transfers_in",
                                to="inventory.location",
                            ),
                        ),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("shipped", "In transit"),
                                    ("partly_received", "Partly received"),
                                    ("received", "Received"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="draft",
                                max_length=20,
                                protected=True,
                            ),
                        ),
                        (
                            "expected_on",
                            models.DateField(blank=True, null=True, verbose_name="expected on"),
                        ),
                        (
                            "exchange_rate",
                            models.DecimalField(decimal_places=8, default=1, max_digits=18),
                        ),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("created_by", models.CharField(max_length=150)),
                        ("created_at", models.DateTimeField()),
                        ("shipped_at", models.DateTimeField(blank=True, null=True)),
                        ("received_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["created_at", "id"], name="inventory_transfer_created"
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("state__in", ("draft", "shipped", "partly_received"))
                                ),
                                fields=["target", "expected_on"],
                                name="inventory_transfer_coming",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("source", models.F("target")), _negated=True),
                                name="inventory_transfer_goes_elsewhere",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("exchange_rate__gt", 0)),
                                name="inventory_transfer_rate_positive",
                            ),
                        ],
                    },
                    bases=(django_fsm.FSMModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="Product",
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
                        ("description", models.TextField(blank=True)),
                        ("brand", models.CharField(blank=True, max_length=100)),
                        (
                            "category",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="products",
                                to="inventory.category",
                            ),
                        ),
                        ("tax_class", models.SlugField(default="standard", max_length=30)),
                        ("is_active", models.BooleanField(default=True)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "ordering": ("name", "id"),
                    },
                ),
                migrations.CreateModel(
                    name="PurchaseOrder",
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
                        ("number", models.CharField(max_length=20, unique=True)),
                        (
                            "supplier",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="orders",
                                to="inventory.supplier",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="purchase_orders",
                                to="inventory.location",
                            ),
                        ),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("approved", "Approved"),
                                    ("sent", "Sent"),
                                    ("partly_received", "Partly received"),
                                    ("received", "Received"),
                                    ("closed_short", "Closed short"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="draft",
                                max_length=16,
                                protected=True,
                            ),
                        ),
                        ("currency", core.model_fields.CurrencyField(max_length=3)),
                        (
                            "exchange_rate",
                            models.DecimalField(decimal_places=8, default=1, max_digits=18),
                        ),
                        (
                            "total",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        ("expected_on", models.DateField(blank=True, null=True)),
                        ("ship_to", models.JSONField(blank=True, default=dict)),
                        ("ship_to_reference", models.CharField(blank=True, max_length=60)),
                        ("supplier_reference", models.CharField(blank=True, max_length=60)),
                        ("note", models.TextField(blank=True)),
                        (
                            "buyer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "approved_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("close_reason", models.CharField(blank=True, max_length=300)),
                        ("created_at", models.DateTimeField()),
                        ("approved_at", models.DateTimeField(blank=True, null=True)),
                        ("sent_at", models.DateTimeField(blank=True, null=True)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ("-created_at", "-id"),
                        "indexes": [
                            models.Index(
                                fields=["-created_at", "-id"], name="inventory_purchase_newest"
                            ),
                            models.Index(
                                condition=models.Q(("state__in", ("sent", "partly_received"))),
                                fields=["location", "expected_on"],
                                name="inventory_purchase_coming",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("exchange_rate__gt", 0)),
                                name="inventory_purchase_rate_positive",
                            )
                        ],
                    },
                    bases=(django_fsm.FSMModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="RelatedProduct",
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
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="related",
                                to="inventory.product",
                            ),
                        ),
                        (
                            "other",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="related_to",
                                to="inventory.product",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ("position", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("product", "other"), name="inventory_related_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("product", models.F("other")), _negated=True),
                                name="inventory_related_not_itself",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Variant",
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
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="variants",
                                to="inventory.product",
                            ),
                        ),
                        ("sku", models.CharField(max_length=60, unique=True, verbose_name="SKU")),
                        (
                            "name",
                            models.CharField(
                                blank=True,
                                help_text="What tells it from its siblings: “Blue, M”.",
                                max_length=120,
                            ),
                        ),
                        ("barcode", models.CharField(blank=True, max_length=40)),
                        (
                            "weight_g",
                            models.PositiveIntegerField(default=0, verbose_name="weight in grams"),
                        ),
                        ("length_mm", models.PositiveIntegerField(default=0)),
                        ("width_mm", models.PositiveIntegerField(default=0)),
                        ("height_mm", models.PositiveIntegerField(default=0)),
                        (
                            "hs_code",
                            models.CharField(blank=True, max_length=12, verbose_name="HS code"),
                        ),
                        (
                            "origin_country",
                            core.model_fields.CountryField(blank=True, max_length=2),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("stocked", "Stocked"),
                                    ("kit", "Kit, put together when it is sent"),
                                    ("service", "Service, without stock"),
                                ],
                                default="stocked",
                                max_length=10,
                            ),
                        ),
                        (
                            "tracking",
                            models.CharField(
                                choices=[
                                    ("none", "Not tracked"),
                                    ("lot", "By lot"),
                                    ("serial", "By serial number"),
                                ],
                                default="none",
                                max_length=10,
                            ),
                        ),
                        (
                            "shelf_life_days",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="Days from making to expiry, where it expires.",
                                null=True,
                            ),
                        ),
                        (
                            "cost",
                            core.model_fields.CostField(
                                decimal_places=6,
                                default=0,
                                help_text="What a unit costs where no purchase tells it.",
                                max_digits=18,
                                verbose_name="standard cost",
                            ),
                        ),
                        (
                            "can_backorder",
                            models.BooleanField(
                                default=False, verbose_name="may be sold when short"
                            ),
                        ),
                        (
                            "backorder_limit",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="Units that may wait for stock at most; empty: no limit.",
                                null=True,
                            ),
                        ),
                        (
                            "available_from",
                            models.DateField(
                                blank=True,
                                help_text="Sold ahead of this day: a pre-order.",
                                null=True,
                            ),
                        ),
                        (
                            "preorder_limit",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="Units sold ahead of that day at most; empty: no limit.",
                                null=True,
                            ),
                        ),
                        (
                            "order_minimum",
                            models.PositiveIntegerField(
                                default=1,
                                help_text="Units; orders of companies with fewer are refused.",
                                verbose_name="companies take at least",
                            ),
                        ),
                        (
                            "order_multiple",
                            models.PositiveIntegerField(
                                default=1,
                                help_text="Units, such as a case; orders of companies for a part of it are refused.",
                                verbose_name="companies take it in steps of",
                            ),
                        ),
                        (
                            "tax_class",
                            models.SlugField(
                                blank=True,
                                help_text="Where it is taxed otherwise than its product; empty: as the product.",
                                max_length=30,
                                verbose_name="tax class of its own",
                            ),
                        ),
                        (
                            "is_hazardous",
                            models.BooleanField(
                                db_default=False,
                                default=False,
                                help_text="Leaves only from locations that may send it.",
                                verbose_name="hazardous goods",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True)),
                    ],
                    options={
                        "ordering": ("sku",),
                        "indexes": [
                            models.Index(
                                django.db.models.functions.text.Upper("sku"),
                                name="inventory_sku_upper",
                            ),
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["sku"],
                                name="inventory_sku_trgm",
                                opclasses=("gin_trgm_ops",),
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("barcode"),
                                condition=models.Q(("barcode", ""), _negated=True),
                                name="inventory_barcode_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("order_minimum__gte", 1), ("order_multiple__gte", 1)
                                ),
                                name="inventory_packs_hold_units",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LandedCost",
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
                                related_name="landed_costs",
                                to="inventory.purchaseorder",
                            ),
                        ),
                        ("label", models.CharField(max_length=60)),
                        ("amount", core.model_fields.AmountField(decimal_places=4, max_digits=18)),
                        (
                            "split_by",
                            models.CharField(
                                choices=[
                                    ("value", "By value"),
                                    ("quantity", "By quantity"),
                                    ("weight", "By weight"),
                                ],
                                default="value",
                                max_length=10,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("id",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)),
                                name="inventory_landed_positive",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ShipNotice",
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
                                related_name="notices",
                                to="inventory.purchaseorder",
                            ),
                        ),
                        (
                            "reference",
                            models.CharField(max_length=60, verbose_name="delivery note"),
                        ),
                        ("expected_on", models.DateField()),
                        ("carrier", models.CharField(blank=True, max_length=60)),
                        ("tracking_number", models.CharField(blank=True, max_length=80)),
                        ("created_at", models.DateTimeField()),
                        ("arrived_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ("expected_on", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("order", "reference"), name="inventory_notice_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Barcode",
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
                                related_name="barcodes",
                                to="inventory.variant",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(max_length=40, unique=True, verbose_name="barcode"),
                        ),
                        ("units", models.PositiveIntegerField(default=1)),
                        (
                            "label",
                            models.CharField(blank=True, max_length=60, verbose_name="on what"),
                        ),
                    ],
                    options={
                        "ordering": ("units", "code"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("units__gt", 0)), name="inventory_barcode_units"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChannelStock",
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
                        (
                            "variant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="inventory.variant",
                            ),
                        ),
                        ("available", models.PositiveIntegerField()),
                        ("version", models.BigIntegerField()),
                        ("changed_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("channel", "variant"), name="inventory_channel_stock_once"
                            ),
                            models.UniqueConstraint(
                                fields=("channel", "version"),
                                name="inventory_channel_stock_version",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Demand",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="demands",
                                to="inventory.variant",
                            ),
                        ),
                        ("quantity", models.PositiveIntegerField()),
                        ("allocated", models.PositiveIntegerField(default=0)),
                        ("consumed", models.PositiveIntegerField(default=0)),
                        ("cancelled", models.PositiveIntegerField(default=0)),
                        ("priority", models.PositiveSmallIntegerField(default=100)),
                        ("since", models.DateTimeField()),
                        ("reference", models.CharField(blank=True, max_length=60)),
                        (
                            "shelf_life_days",
                            models.PositiveIntegerField(
                                default=0,
                                help_text="Days that a unit must still be usable for when it is set aside.",
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
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(
                                    (
                                        "quantity__gt",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("allocated"), "+", models.F("consumed")
                                            ),
                                            "+",
                                            models.F("cancelled"),
                                        ),
                                    )
                                ),
                                fields=["variant", "priority", "since", "id"],
                                name="inventory_demand_backordered",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)),
                                name="inventory_demand_positive",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "quantity__gte",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("allocated"), "+", models.F("consumed")
                                            ),
                                            "+",
                                            models.F("cancelled"),
                                        ),
                                    )
                                ),
                                name="inventory_demand_counters",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Forecast",
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
                                related_name="forecasts",
                                to="inventory.variant",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="forecasts",
                                to="inventory.location",
                            ),
                        ),
                        ("kind", models.CharField(max_length=12)),
                        ("method", models.CharField(max_length=10)),
                        ("rate", models.FloatField()),
                        ("variance", models.FloatField()),
                        ("interval", models.FloatField(null=True)),
                        ("variability", models.FloatField()),
                        (
                            "weeks",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveIntegerField(), default=list, size=None
                            ),
                        ),
                        ("lead_days", models.FloatField()),
                        ("lead_variance", models.FloatField(default=0)),
                        ("target_fill", models.DecimalField(decimal_places=2, max_digits=5)),
                        ("reorder_point", models.PositiveIntegerField()),
                        ("order_up_to", models.PositiveIntegerField()),
                        ("z_level", models.PositiveIntegerField()),
                        ("made_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("variant", "location"), name="inventory_forecast_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Lot",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lots",
                                to="inventory.variant",
                            ),
                        ),
                        ("code", models.CharField(max_length=60, verbose_name="lot number")),
                        (
                            "made_on",
                            models.DateField(blank=True, null=True, verbose_name="made on"),
                        ),
                        (
                            "expires_on",
                            models.DateField(blank=True, null=True, verbose_name="expires on"),
                        ),
                        ("recalled_at", models.DateTimeField(blank=True, null=True)),
                        ("recall_reason", models.CharField(blank=True, max_length=300)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "ordering": ("expires_on", "id"),
                        "indexes": [
                            models.Index(fields=["expires_on"], name="inventory_lot_expiry")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("variant", "code"), name="inventory_lot_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("made_on__isnull", True),
                                    ("expires_on__isnull", True),
                                    ("made_on__lte", models.F("expires_on")),
                                    _connector="OR",
                                ),
                                name="inventory_lot_made_before_it_expires",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Part",
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
                            "whole",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="parts",
                                to="inventory.variant",
                            ),
                        ),
                        (
                            "part",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="part_of",
                                to="inventory.variant",
                            ),
                        ),
                        ("quantity", models.PositiveIntegerField(default=1)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ("position", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("whole", "part"), name="inventory_part_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)),
                                name="inventory_part_positive",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("whole", models.F("part")), _negated=True),
                                name="inventory_part_not_of_itself",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Picture",
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
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pictures",
                                to="inventory.product",
                            ),
                        ),
                        (
                            "variant",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pictures",
                                to="inventory.variant",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("description", models.CharField(blank=True, max_length=200)),
                        ("sha256", models.CharField(max_length=64)),
                        ("width", models.PositiveIntegerField()),
                        ("height", models.PositiveIntegerField()),
                        ("size", models.PositiveIntegerField()),
                        ("added_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ("position", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("product", "variant", "sha256"),
                                name="inventory_picture_once",
                                nulls_distinct=False,
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PurchaseOrderLine",
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
                                to="inventory.purchaseorder",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        (
                            "variant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="purchase_lines",
                                to="inventory.variant",
                            ),
                        ),
                        ("sku", models.CharField(max_length=60, verbose_name="SKU")),
                        ("name", models.CharField(max_length=330)),
                        ("supplier_sku", models.CharField(blank=True, max_length=60)),
                        ("quantity", models.PositiveIntegerField()),
                        ("received", models.PositiveIntegerField(default=0)),
                        ("over", models.PositiveIntegerField(default=0)),
                        ("cancelled", models.PositiveIntegerField(default=0)),
                        (
                            "unit_cost",
                            core.model_fields.CostField(decimal_places=6, default=0, max_digits=18),
                        ),
                        ("expected_on", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ("position", "id"),
                        "indexes": [
                            models.Index(
                                condition=models.Q(
                                    (
                                        "quantity__gt",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("received"), "+", models.F("cancelled")
                                            ),
                                            "-",
                                            models.F("over"),
                                        ),
                                    )
                                ),
                                fields=["variant"],
                                name="inventory_purchase_line_open",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("order", "position"), name="inventory_purchase_line_place"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0), ("unit_cost__gte", 0)),
                                name="inventory_purchase_line_sensible",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "quantity__gte",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("received"), "+", models.F("cancelled")
                                            ),
                                            "-",
                                            models.F("over"),
                                        ),
                                    ),
                                    ("over__lte", models.F("received")),
                                ),
                                name="inventory_purchase_line_counters",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReorderRule",
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
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reorder_rules",
                                to="inventory.variant",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reorder_rules",
                                to="inventory.location",
                            ),
                        ),
                        (
                            "target_fill",
                            models.DecimalField(
                                decimal_places=2,
                                default=Decimal("95.00"),
                                max_digits=5,
                                validators=[
                                    django.core.validators.MinValueValidator(50),
                                    django.core.validators.MaxValueValidator(Decimal("99.90")),
                                ],
                                verbose_name="served from stock, in %",
                            ),
                        ),
                        (
                            "review_days",
                            models.PositiveSmallIntegerField(
                                default=7,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(180),
                                ],
                                verbose_name="days from one order to the next",
                            ),
                        ),
                        (
                            "minimum",
                            models.PositiveIntegerField(
                                default=0, verbose_name="at least, in units"
                            ),
                        ),
                        (
                            "maximum",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="at most, in units"
                            ),
                        ),
                        (
                            "order_cost",
                            core.model_fields.AmountField(
                                decimal_places=4,
                                default=0,
                                max_digits=18,
                                verbose_name="cost of making one order",
                            ),
                        ),
                        (
                            "is_automatic",
                            models.BooleanField(
                                default=False, verbose_name="orders without asking"
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="planned")),
                    ],
                    options={
                        "ordering": ("location__name", "variant__sku", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("variant", "location"),
                                name="inventory_reorder_rule_once",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("target_fill__gte", 50),
                                    ("target_fill__lte", Decimal("99.9")),
                                    ("review_days__gte", 1),
                                    ("review_days__lte", 180),
                                    ("order_cost__gte", 0),
                                ),
                                name="inventory_reorder_rule_sensible",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("maximum__isnull", True),
                                    ("maximum__gte", models.F("minimum")),
                                    _connector="OR",
                                ),
                                name="inventory_reorder_rule_maximum",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SnapshotLine",
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
                            "snapshot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="inventory.stocksnapshot",
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
                        ("expected", models.PositiveIntegerField()),
                        ("counted", models.PositiveIntegerField()),
                        (
                            "decision",
                            models.CharField(
                                choices=[
                                    ("agrees", "Agrees"),
                                    ("open", "To decide"),
                                    ("accepted", "Booked"),
                                    ("refused", "Left as it is"),
                                ],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        ("decided_by", models.CharField(blank=True, max_length=150)),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("decision", "open")),
                                fields=["snapshot"],
                                name="inventory_snapshot_open",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("snapshot", "variant"), name="inventory_snapshot_line_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decision", "open"), _negated=True),
                                    models.Q(("expected", models.F("counted")), _negated=True),
                                    _connector="OR",
                                ),
                                name="inventory_snapshot_open_differs",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StockLevel",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="levels",
                                to="inventory.variant",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="levels",
                                to="inventory.location",
                            ),
                        ),
                        ("sellable", models.PositiveIntegerField(default=0)),
                        ("quality_control", models.PositiveIntegerField(default=0)),
                        ("damaged", models.PositiveIntegerField(default=0)),
                        ("allocated", models.PositiveIntegerField(default=0)),
                        ("reserved", models.PositiveIntegerField(default=0)),
                        (
                            "safety",
                            models.PositiveIntegerField(default=0, verbose_name="safety stock"),
                        ),
                        ("bin", models.CharField(blank=True, max_length=30)),
                        (
                            "average_cost",
                            core.model_fields.CostField(decimal_places=6, default=0, max_digits=18),
                        ),
                        ("counted_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("variant", "location"), name="inventory_level_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "sellable__gte",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("allocated"), "+", models.F("reserved")
                                        ),
                                    )
                                ),
                                name="inventory_claims_within_sellable",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Substitute",
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
                                related_name="substitutes",
                                to="inventory.variant",
                            ),
                        ),
                        (
                            "substitute",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="stands_in_for",
                                to="inventory.variant",
                            ),
                        ),
                        ("rank", models.PositiveSmallIntegerField(default=1)),
                        ("reason", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "ordering": ("rank", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("variant", "substitute"), name="inventory_substitute_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("variant", models.F("substitute")), _negated=True
                                ),
                                name="inventory_substitute_not_itself",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SupplierItem",
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
                            "supplier",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="items",
                                to="inventory.supplier",
                            ),
                        ),
                        (
                            "variant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="supplier_items",
                                to="inventory.variant",
                            ),
                        ),
                        (
                            "supplier_sku",
                            models.CharField(
                                blank=True, max_length=60, verbose_name="supplier's SKU"
                            ),
                        ),
                        (
                            "price",
                            core.model_fields.CostField(decimal_places=6, default=0, max_digits=18),
                        ),
                        ("minimum_quantity", models.PositiveIntegerField(default=1)),
                        ("pack_size", models.PositiveIntegerField(default=1)),
                        (
                            "lead_time_days",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="lead time in days"
                            ),
                        ),
                        (
                            "is_preferred",
                            models.BooleanField(default=False, verbose_name="bought here first"),
                        ),
                    ],
                    options={
                        "ordering": ("variant__sku", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("supplier", "variant"), name="inventory_supplier_item_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("is_preferred", True)),
                                fields=("variant",),
                                name="inventory_preferred_supplier_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("price__gte", 0),
                                    ("minimum_quantity__gte", 1),
                                    ("pack_size__gte", 1),
                                ),
                                name="inventory_supplier_item_sensible",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Receipt",
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
                        ("number", models.CharField(max_length=20, unique=True)),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="receipts",
                                to="inventory.purchaseorder",
                            ),
                        ),
                        (
                            "notice",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="receipts",
                                to="inventory.shipnotice",
                            ),
                        ),
                        ("key", models.CharField(max_length=80, unique=True)),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("counting", "Being counted"),
                                    ("posted", "Posted"),
                                    ("discarded", "Discarded"),
                                ],
                                default="counting",
                                max_length=10,
                                protected=True,
                            ),
                        ),
                        ("delivery_note", models.CharField(blank=True, max_length=60)),
                        ("started_by", models.CharField(blank=True, max_length=150)),
                        ("started_at", models.DateTimeField()),
                        ("posted_by", models.CharField(blank=True, max_length=150)),
                        ("posted_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ("-id",),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "counting")),
                                fields=("order",),
                                name="inventory_receipt_counted_once",
                            )
                        ],
                    },
                    bases=(django_fsm.FSMModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="AssemblyOrder",
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
                            "variant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assembly_orders",
                                to="inventory.variant",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assembly_orders",
                                to="inventory.location",
                            ),
                        ),
                        (
                            "is_disassembly",
                            models.BooleanField(default=False, verbose_name="take apart"),
                        ),
                        ("quantity", models.PositiveIntegerField()),
                        ("made", models.PositiveIntegerField(default=0)),
                        (
                            "lot",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.lot",
                            ),
                        ),
                        (
                            "unit_cost",
                            core.model_fields.CostField(decimal_places=6, default=0, max_digits=18),
                        ),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("draft", "Planned"),
                                    ("started", "Being made"),
                                    ("done", "Done"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="draft",
                                max_length=10,
                                protected=True,
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("created_by", models.CharField(max_length=150)),
                        ("created_at", models.DateTimeField()),
                        ("started_at", models.DateTimeField(blank=True, null=True)),
                        ("done_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["created_at", "id"], name="inventory_assembly_created"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)),
                                name="inventory_assembly_positive",
                            )
                        ],
                    },
                    bases=(django_fsm.FSMModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="CountLine",
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
                            "session",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="inventory.countsession",
                            ),
                        ),
                        (
                            "variant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="count_lines",
                                to="inventory.variant",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.lot",
                            ),
                        ),
                        ("bin", models.CharField(blank=True, max_length=30)),
                        ("counted", models.PositiveIntegerField(blank=True, null=True)),
                        ("expected", models.PositiveIntegerField(blank=True, null=True)),
                        ("counted_at", models.DateTimeField(blank=True, null=True)),
                        ("counted_by", models.CharField(blank=True, max_length=150)),
                        ("earlier", models.JSONField(blank=True, default=list)),
                        ("is_unexpected", models.BooleanField(default=False)),
                        ("booked", models.IntegerField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ("bin", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("session", "variant", "lot"),
                                name="inventory_count_line_once",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("counted__isnull", True),
                                        ("counted_at__isnull", True),
                                        ("expected__isnull", True),
                                    ),
                                    models.Q(
                                        ("counted__isnull", False),
                                        ("counted_at__isnull", False),
                                        ("expected__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="inventory_count_line_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TransferLine",
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
                            "transfer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="inventory.transfer",
                            ),
                        ),
                        ("position", models.PositiveIntegerField(default=0)),
                        (
                            "variant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="transfer_lines",
                                to="inventory.variant",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.lot",
                            ),
                        ),
                        ("quantity", models.PositiveIntegerField()),
                        ("shipped", models.PositiveIntegerField(default=0)),
                        ("received", models.PositiveIntegerField(default=0)),
                        ("lost", models.PositiveIntegerField(default=0)),
                        ("scanned", models.PositiveIntegerField(default=0)),
                        (
                            "loss_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("not_sent", "Was never in the parcel"),
                                    ("lost", "Lost on the way"),
                                    ("damaged", "Broken on the way, thrown away"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "unit_cost",
                            core.model_fields.CostField(decimal_places=6, default=0, max_digits=18),
                        ),
                    ],
                    options={
                        "ordering": ("position", "id"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)),
                                name="inventory_transfer_line_positive",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("shipped__lte", models.F("quantity")),
                                    (
                                        "shipped__gte",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("received"), "+", models.F("lost")
                                            ),
                                            "+",
                                            models.F("scanned"),
                                        ),
                                    ),
                                ),
                                name="inventory_transfer_line_counters",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LandedShare",
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
                            "cost",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="shares",
                                to="inventory.landedcost",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="landed_shares",
                                to="inventory.purchaseorderline",
                            ),
                        ),
                        ("units", models.PositiveIntegerField()),
                        ("amount", core.model_fields.AmountField(decimal_places=4, max_digits=18)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("cost", "line"), name="inventory_landed_share_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("units__gt", 0)),
                                name="inventory_landed_share_units",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ShipNoticeLine",
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
                            "notice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="inventory.shipnotice",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notice_lines",
                                to="inventory.purchaseorderline",
                            ),
                        ),
                        ("quantity", models.PositiveIntegerField()),
                        (
                            "lot_code",
                            models.CharField(blank=True, max_length=60, verbose_name="lot number"),
                        ),
                        ("expires_on", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ("line__position", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("notice", "line", "lot_code"),
                                name="inventory_notice_line_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)),
                                name="inventory_notice_line_positive",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Allocation",
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
                            "demand",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="allocations",
                                to="inventory.demand",
                            ),
                        ),
                        (
                            "level",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="allocations",
                                to="inventory.stocklevel",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="allocations",
                                to="inventory.lot",
                            ),
                        ),
                        ("quantity", models.PositiveIntegerField()),
                        ("consumed", models.PositiveIntegerField(default=0)),
                        ("released", models.PositiveIntegerField(default=0)),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(
                                    (
                                        "quantity__gt",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("consumed"), "+", models.F("released")
                                        ),
                                    )
                                ),
                                fields=["level", "-id"],
                                name="inventory_allocation_open",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)),
                                name="inventory_allocation_positive",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "quantity__gte",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("consumed"), "+", models.F("released")
                                        ),
                                    )
                                ),
                                name="inventory_allocation_counters",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LotBalance",
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
                            "level",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lots",
                                to="inventory.stocklevel",
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="balances",
                                to="inventory.lot",
                            ),
                        ),
                        ("sellable", models.PositiveIntegerField(default=0)),
                        ("quality_control", models.PositiveIntegerField(default=0)),
                        ("damaged", models.PositiveIntegerField(default=0)),
                        ("allocated", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("level", "lot"), name="inventory_lot_balance_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("allocated__lte", models.F("sellable"))),
                                name="inventory_lot_allocated_within_sellable",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Movement",
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
                            "level",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="movements",
                                to="inventory.stocklevel",
                            ),
                        ),
                        (
                            "condition",
                            models.CharField(
                                choices=[
                                    ("sellable", "Sellable"),
                                    ("quality_control", "In quality control"),
                                    ("damaged", "Damaged"),
                                ],
                                default="sellable",
                                max_length=20,
                            ),
                        ),
                        (
                            "lot",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="movements",
                                to="inventory.lot",
                            ),
                        ),
                        ("quantity", models.IntegerField()),
                        ("balance", models.PositiveIntegerField()),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("opening", "Opening stock"),
                                    ("receipt", "Goods received"),
                                    ("shipment", "Shipped to a customer"),
                                    ("shipment_undone", "Shipment undone"),
                                    ("return", "Returned by a customer"),
                                    ("found", "Found"),
                                    ("lost", "Lost"),
                                    ("damaged", "Damaged"),
                                    ("inspected", "Inspected"),
                                    ("scrapped", "Scrapped"),
                                    ("count", "Count"),
                                    ("correction", "Correction"),
                                    ("transfer_out", "Sent to another location"),
                                    ("transfer_in", "Came from another location"),
                                    ("used", "Used in assembly"),
                                    ("assembled", "Assembled"),
                                    ("supplier_return", "Sent back to the supplier"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("reference", models.CharField(blank=True, max_length=60)),
                        ("note", models.CharField(blank=True, max_length=300)),
                        (
                            "unit_cost",
                            core.model_fields.CostField(decimal_places=6, default=0, max_digits=18),
                        ),
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
                        ("moved_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["level", "-id"], name="inventory_movement_level"),
                            models.Index(fields=["reference"], name="inventory_movement_ref"),
                            models.Index(
                                fields=["-moved_at", "-id"], name="inventory_movement_time"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("quantity", 0), _negated=True),
                                name="inventory_movement_not_zero",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reservation",
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
                        ("key", models.CharField(max_length=80)),
                        (
                            "level",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reservations",
                                to="inventory.stocklevel",
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
                        ("quantity", models.PositiveIntegerField()),
                        ("made_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "end",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("ordered", "Ordered"),
                                    ("released", "Released"),
                                    ("expired", "Expired"),
                                ],
                                max_length=10,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_at", None)),
                                fields=["key"],
                                name="inventory_reservation_key",
                            ),
                            models.Index(
                                condition=models.Q(("ended_at", None)),
                                fields=["expires_at"],
                                name="inventory_reservation_due",
                            ),
                            models.Index(
                                condition=models.Q(("ended_at", None)),
                                fields=["level"],
                                name="inventory_reservation_level",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)),
                                name="inventory_reservation_positive",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("end", ""), ("ended_at__isnull", True)),
                                    models.Q(
                                        ("ended_at__isnull", False),
                                        models.Q(("end", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="inventory_reservation_end_is_told",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Serial",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="serials",
                                to="inventory.variant",
                            ),
                        ),
                        ("code", models.CharField(max_length=80, verbose_name="serial number")),
                        (
                            "lot",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="serials",
                                to="inventory.lot",
                            ),
                        ),
                        (
                            "level",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="serials",
                                to="inventory.stocklevel",
                            ),
                        ),
                        (
                            "condition",
                            models.CharField(
                                choices=[
                                    ("sellable", "Sellable"),
                                    ("quality_control", "In quality control"),
                                    ("damaged", "Damaged"),
                                ],
                                default="sellable",
                                max_length=20,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("in_stock", "In stock"),
                                    ("shipped", "Shipped"),
                                    ("gone", "Gone"),
                                    ("to_find", "To be found"),
                                ],
                                default="in_stock",
                                max_length=12,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("code",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("variant", "code"), name="inventory_serial_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("level__isnull", False), ("state", "in_stock")),
                                    models.Q(
                                        models.Q(("state", "in_stock"), _negated=True),
                                        ("level__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="inventory_serial_in_one_place",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Suggestion",
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
                                choices=[("purchase", "Buy"), ("transfer", "Transfer")],
                                max_length=10,
                            ),
                        ),
                        (
                            "variant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="suggestions",
                                to="inventory.variant",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="suggestions",
                                to="inventory.location",
                            ),
                        ),
                        (
                            "supplier_item",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="inventory.supplieritem",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="inventory.location",
                            ),
                        ),
                        ("quantity", models.PositiveIntegerField()),
                        (
                            "unit_cost",
                            core.model_fields.CostField(decimal_places=6, default=0, max_digits=18),
                        ),
                        ("currency", core.model_fields.CurrencyField(max_length=3)),
                        ("covered_days", models.FloatField(null=True)),
                        ("reasons", models.JSONField(default=dict)),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("open", "Open"),
                                    ("ordered", "Ordered"),
                                    ("dismissed", "Dismissed"),
                                    ("outdated", "No longer needed"),
                                ],
                                default="open",
                                max_length=10,
                                protected=True,
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        ("decided_by", models.CharField(blank=True, max_length=150)),
                        ("quiet_until", models.DateField(blank=True, null=True)),
                        ("reference", models.CharField(blank=True, max_length=30)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["state", "covered_days", "id"],
                                name="inventory_suggestion_state",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "open")),
                                fields=("variant", "location", "kind", "source"),
                                name="inventory_suggestion_open_once",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "transfer"), ("source__isnull", False)),
                                    models.Q(("kind", "purchase"), ("source__isnull", True)),
                                    _connector="OR",
                                ),
                                name="inventory_suggestion_source",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)),
                                name="inventory_suggestion_positive",
                            ),
                        ],
                    },
                    bases=(django_fsm.FSMModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="ReceiptDifference",
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
                            "receipt",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="differences",
                                to="inventory.receipt",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="differences",
                                to="inventory.purchaseorderline",
                            ),
                        ),
                        ("units", models.IntegerField()),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("short_shipped", "Not in the delivery"),
                                    ("refused_damaged", "Damaged, refused at the door"),
                                    ("wrong_item", "Another item came instead"),
                                    ("over_shipped", "More than ordered came"),
                                    ("free_goods", "Free goods or samples"),
                                    ("damaged", "Arrived damaged"),
                                    ("other", "Something else"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "ordering": ("-receipt_id", "line__position", "id"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("units", 0), _negated=True),
                                name="inventory_receipt_difference_not_zero",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReceiptFill",
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
                            "receipt",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="fills",
                                to="inventory.receipt",
                            ),
                        ),
                        (
                            "demand",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="receipt_fills",
                                to="inventory.demand",
                            ),
                        ),
                        ("quantity", models.PositiveIntegerField()),
                    ],
                    options={
                        "ordering": ("id",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("receipt", "demand"), name="inventory_receipt_fill"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReceiptLine",
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
                            "receipt",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="inventory.receipt",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="receipt_lines",
                                to="inventory.purchaseorderline",
                            ),
                        ),
                        ("quantity", models.PositiveIntegerField(default=0)),
                        (
                            "condition",
                            models.CharField(
                                choices=[
                                    ("sellable", "Sellable"),
                                    ("quality_control", "In quality control"),
                                    ("damaged", "Damaged"),
                                ],
                                default="sellable",
                                max_length=20,
                            ),
                        ),
                        (
                            "lot_code",
                            models.CharField(blank=True, max_length=60, verbose_name="lot number"),
                        ),
                        ("made_on", models.DateField(blank=True, null=True)),
                        ("expires_on", models.DateField(blank=True, null=True)),
                        (
                            "lot",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.lot",
                            ),
                        ),
                        (
                            "serials",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=80),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        (
                            "bin",
                            models.CharField(blank=True, max_length=30, verbose_name="put away in"),
                        ),
                        ("note", models.CharField(blank=True, max_length=300)),
                        (
                            "unit_cost",
                            core.model_fields.CostField(decimal_places=6, default=0, max_digits=18),
                        ),
                    ],
                    options={
                        "ordering": ("line__position", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("receipt", "line", "condition", "lot_code"),
                                name="inventory_receipt_line_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AssemblyPart",
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
                                related_name="parts",
                                to="inventory.assemblyorder",
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
                            "lot",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.lot",
                            ),
                        ),
                        ("quantity", models.PositiveIntegerField(help_text="For the whole order.")),
                        ("used", models.PositiveIntegerField(default=0)),
                        (
                            "unit_cost",
                            core.model_fields.CostField(decimal_places=6, default=0, max_digits=18),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ("position", "id"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)),
                                name="inventory_assembly_part_positive",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SerialEvent",
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
                            "serial",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="inventory.serial",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("in_stock", "In stock"),
                                    ("shipped", "Shipped"),
                                    ("gone", "Gone"),
                                    ("to_find", "To be found"),
                                ],
                                max_length=12,
                            ),
                        ),
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
                        ("reference", models.CharField(blank=True, max_length=60)),
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
                        ("happened_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ("id",),
                    },
                ),
                migrations.RunSQL(
                    sql="CREATE SEQUENCE inventory_purchase_number START 1001",
                    reverse_sql="DROP SEQUENCE inventory_purchase_number",
                ),
                migrations.RunSQL(
                    sql="CREATE SEQUENCE inventory_receipt_number START 1001",
                    reverse_sql="DROP SEQUENCE inventory_receipt_number",
                ),
                migrations.RunSQL(
                    sql="CREATE SEQUENCE inventory_transfer_number START 1001",
                    reverse_sql="DROP SEQUENCE inventory_transfer_number",
                ),
                migrations.RunSQL(
                    sql="CREATE SEQUENCE inventory_count_number START 1001",
                    reverse_sql="DROP SEQUENCE inventory_count_number",
                ),
                migrations.RunSQL(
                    sql="CREATE SEQUENCE inventory_assembly_number START 1001",
                    reverse_sql="DROP SEQUENCE inventory_assembly_number",
                ),
                migrations.RunSQL(
                    sql="CREATE SEQUENCE inventory_feed_version",
                    reverse_sql="DROP SEQUENCE inventory_feed_version",
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="serialevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="serial_event_is_append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="c2c6c1cb1c87e8293079054a607eaee11245d8d6",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_serial_event_is_append_only_fa1c8",
                            table="inventory_serialevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="receipt",
                    trigger=pgtrigger.compiler.Trigger(
                        name="receipt_moves",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE _is_valid_transition BOOLEAN;",
                            func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{counting:posted,counting:discarded}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                            hash="6142016eaf26e19e21810cfbd96dbb911e3588d3",
                            operation="UPDATE",
                            pgid="pgtrigger_receipt_moves_1040b",
                            table="inventory_receipt",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="movement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="movement_is_append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="44d49e194ca9c3e8348674688f922789c9024525",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_movement_is_append_only_e2ae4",
                            table="inventory_movement",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="purchaseorder",
                    trigger=pgtrigger.compiler.Trigger(
                        name="purchase_order_moves",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE _is_valid_transition BOOLEAN;",
                            func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{draft:approved,approved:draft,approved:sent,sent:partly_received,sent:received,partly_received:received,sent:closed_short,partly_received:closed_short,draft:cancelled,approved:cancelled,sent:cancelled}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                            hash="99ec7f98a5ed78f87dacc4fbf657ec4d25b19f45",
                            operation="UPDATE",
                            pgid="pgtrigger_purchase_order_moves_8224d",
                            table="inventory_purchaseorder",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        )
    ]

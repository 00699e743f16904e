import django.contrib.postgres.fields
import django.db.models.deletion
import django_fsm
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.model_fields
from core.migration_operations import AllAtOnce


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        ("core", "__first__"),
        ("inventory", "0001_initial"),
        ("orders", "0001_initial"),
    ]

    operations = [
        AllAtOnce(
            [
                migrations.CreateModel(
                    name="LateNotice",
                    fields=[
                        (
                            "fulfilment",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="late_notice",
                                serialize=False,
                                to="orders.fulfilment",
                            ),
                        ),
                        ("ship_by", models.DateTimeField()),
                        ("noticed_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Shipment",
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
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shipments",
                                to="orders.order",
                            ),
                        ),
                        (
                            "fulfilment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shipments",
                                to="orders.fulfilment",
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
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("preparing", "Being packed"),
                                    ("packed", "Packed"),
                                    ("labelled", "Labelled"),
                                    ("dispatched", "Dispatched"),
                                    ("cancelled", "Unpacked"),
                                ],
                                default="preparing",
                                max_length=12,
                                protected=True,
                            ),
                        ),
                        ("ship_to", models.JSONField(blank=True, default=dict)),
                        ("ship_country", core.model_fields.CountryField(blank=True, max_length=2)),
                        (
                            "acknowledged_notes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        (
                            "cost",
                            core.model_fields.AmountField(
                                decimal_places=4,
                                default=0,
                                help_text="What the carrier takes for all labels.",
                                max_digits=18,
                            ),
                        ),
                        ("currency", core.model_fields.CurrencyField(blank=True, max_length=3)),
                        ("created_at", models.DateTimeField()),
                        ("packed_at", models.DateTimeField(blank=True, null=True)),
                        ("packed_by", models.CharField(blank=True, max_length=150)),
                        ("labelled_at", models.DateTimeField(blank=True, null=True)),
                        ("dispatched_at", models.DateTimeField(blank=True, null=True)),
                        ("delivered_at", models.DateTimeField(blank=True, null=True)),
                        ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                        ("cancel_reason", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["-created_at", "-id"], name="shipping_shipment_newest"
                            ),
                            models.Index(
                                fields=["state", "-created_at"], name="shipping_shipment_state"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("state__in", ("preparing", "packed", "labelled"))
                                ),
                                fields=("fulfilment",),
                                name="shipping_shipment_open_once",
                            )
                        ],
                    },
                    bases=(django_fsm.FSMModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="Pick",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="picks",
                                to="orders.fulfilment",
                            ),
                        ),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("open", "Being picked"),
                                    ("done", "Picked"),
                                    ("put_back", "Put back"),
                                    ("closed", "Sent"),
                                ],
                                default="open",
                                max_length=10,
                                protected=True,
                            ),
                        ),
                        (
                            "picker",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("picker_label", models.CharField(max_length=150)),
                        ("started_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                        ("put_back_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ("open", "done"))),
                                fields=("fulfilment",),
                                name="shipping_pick_live_once",
                            )
                        ],
                    },
                    bases=(django_fsm.FSMModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="Parcel",
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
                            "shipment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parcels",
                                to="shipping.shipment",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        (
                            "weight_g",
                            models.PositiveIntegerField(default=0, verbose_name="weight in grams"),
                        ),
                        ("length_mm", models.PositiveIntegerField(default=0)),
                        ("width_mm", models.PositiveIntegerField(default=0)),
                        ("height_mm", models.PositiveIntegerField(default=0)),
                        ("carrier", models.SlugField(blank=True, max_length=30)),
                        ("tracking_number", models.CharField(blank=True, max_length=60)),
                        (
                            "tracking_status",
                            models.CharField(
                                choices=[
                                    ("expected", "Not handed over yet"),
                                    ("dispatched", "On its way"),
                                    ("in_transit", "In transit"),
                                    ("out_for_delivery", "Out for delivery"),
                                    ("attempted", "Delivery attempted"),
                                    ("pickup_ready", "Ready for collection"),
                                    ("problem", "Problem on the way"),
                                    ("lost", "Lost"),
                                    ("delivered", "Delivered"),
                                    ("returning", "On its way back"),
                                    ("returned", "Came back"),
                                ],
                                default="expected",
                                max_length=20,
                            ),
                        ),
                        ("tracked_at", models.DateTimeField(blank=True, null=True)),
                        ("delivered_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "quiet_after",
                            models.DateTimeField(
                                blank=True,
                                help_text="From then on silence of the carrier is a stall.",
                                null=True,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("shipment_id", "position"),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("tracking_number", ""), _negated=True),
                                fields=["tracking_number"],
                                name="shipping_parcel_tracking",
                            ),
                            models.Index(
                                condition=models.Q(("quiet_after__isnull", False)),
                                fields=["quiet_after"],
                                name="shipping_parcel_quiet",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("shipment", "position"),
                                name="shipping_parcel_position_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PickLine",
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
                            "pick",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="shipping.pick",
                            ),
                        ),
                        (
                            "fulfilment_line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pick_lines",
                                to="orders.fulfilmentline",
                            ),
                        ),
                        ("picked", models.PositiveIntegerField(default=0)),
                        ("packed", models.PositiveIntegerField(default=0)),
                        ("short", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pick", "fulfilment_line"), name="shipping_pick_line_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("packed__lte", models.F("picked"))),
                                name="shipping_packed_within_picked",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Label",
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
                            "parcel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="labels",
                                to="shipping.parcel",
                            ),
                        ),
                        (
                            "operation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.externaloperation",
                            ),
                        ),
                        ("carrier", models.SlugField(max_length=30)),
                        ("service_code", models.SlugField(max_length=30)),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("requested", "Being bought"),
                                    ("bought", "Bought"),
                                    ("failed", "Failed"),
                                    ("voiding", "Being voided"),
                                    ("voided", "Voided"),
                                ],
                                default="requested",
                                max_length=10,
                                protected=True,
                            ),
                        ),
                        ("tracking_number", models.CharField(blank=True, max_length=60)),
                        ("provider_ref", models.CharField(blank=True, max_length=120)),
                        (
                            "routing",
                            models.JSONField(
                                blank=True, default=dict, help_text="What the carrier prints on it."
                            ),
                        ),
                        (
                            "cost",
                            core.model_fields.AmountField(
                                decimal_places=4, default=0, max_digits=18
                            ),
                        ),
                        ("currency", core.model_fields.CurrencyField(blank=True, max_length=3)),
                        ("error", models.CharField(blank=True, max_length=300)),
                        ("requested_at", models.DateTimeField()),
                        ("bought_at", models.DateTimeField(blank=True, null=True)),
                        ("voided_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ("-id",),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("state__in", ("requested", "bought", "voiding"))
                                ),
                                fields=("parcel",),
                                name="shipping_label_live_once",
                            )
                        ],
                    },
                    bases=(django_fsm.FSMModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="ParcelLine",
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
                            "parcel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="shipping.parcel",
                            ),
                        ),
                        (
                            "fulfilment_line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parcel_lines",
                                to="orders.fulfilmentline",
                            ),
                        ),
                        ("quantity", models.PositiveIntegerField()),
                    ],
                    options={
                        "ordering": ("fulfilment_line__order_line__position", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("parcel", "fulfilment_line"),
                                name="shipping_parcel_line_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)),
                                name="shipping_parcel_line_positive",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ParcelSerial",
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
                            "parcel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="serials",
                                to="shipping.parcel",
                            ),
                        ),
                        (
                            "fulfilment_line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.fulfilmentline",
                            ),
                        ),
                        (
                            "serial",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.serial",
                            ),
                        ),
                        ("gone_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ("id",),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("gone_at", None)),
                                fields=("serial",),
                                name="shipping_serial_in_one_parcel",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TrackingEvent",
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
                            "parcel",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="shipping.parcel",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("expected", "Not handed over yet"),
                                    ("dispatched", "On its way"),
                                    ("in_transit", "In transit"),
                                    ("out_for_delivery", "Out for delivery"),
                                    ("attempted", "Delivery attempted"),
                                    ("pickup_ready", "Ready for collection"),
                                    ("problem", "Problem on the way"),
                                    ("lost", "Lost"),
                                    ("delivered", "Delivered"),
                                    ("returning", "On its way back"),
                                    ("returned", "Came back"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("occurred_at", models.DateTimeField()),
                        ("text", models.CharField(blank=True, max_length=300)),
                        ("place", models.CharField(blank=True, max_length=120)),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("house", "This house"),
                                    ("staff", "Staff"),
                                    ("command", "File or command"),
                                    ("carrier", "Carrier"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("dedupe", models.CharField(max_length=100)),
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
                        "ordering": ("-occurred_at", "-id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("parcel", "dedupe"), name="shipping_event_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PickScan",
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
                            "pick",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="scans",
                                to="shipping.pick",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="scans",
                                to="shipping.pickline",
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[("pick", "Pick"), ("pack", "Pack")], max_length=4
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("item", "Right item"),
                                    ("typed", "Typed"),
                                    ("bin", "Right bin"),
                                    ("undone", "Taken back"),
                                    ("short", "Not found"),
                                    ("wrong", "Wrong item"),
                                    ("wrong_bin", "Wrong bin"),
                                    ("too_many", "One too many"),
                                    ("unknown", "Unknown code"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("code", models.CharField(blank=True, max_length=100)),
                        ("quantity", models.IntegerField(default=0)),
                        ("text", models.CharField(max_length=300)),
                        ("actor_label", models.CharField(max_length=150)),
                        ("scanned_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ("-id",),
                        "indexes": [
                            models.Index(fields=["pick", "-id"], name="shipping_scan_pick")
                        ],
                    },
                ),
                migrations.RunSQL(
                    sql="CREATE SEQUENCE shipping_number START 1001",
                    reverse_sql="DROP SEQUENCE shipping_number",
                ),
                migrations.RunSQL(
                    sql="CREATE SEQUENCE shipping_own_serial START 100001",
                    reverse_sql="DROP SEQUENCE shipping_own_serial",
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="latenotice",
                    trigger=pgtrigger.compiler.Trigger(
                        name="late_notice_is_append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="c089d9084b8ff9ecf47b84a773427a73bfd432ca",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_late_notice_is_append_only_0d937",
                            table="shipping_latenotice",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="label",
                    trigger=pgtrigger.compiler.Trigger(
                        name="label_moves",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE _is_valid_transition BOOLEAN;",
                            func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{requested:bought,requested:failed,bought:voiding,voiding:voided,voiding:bought}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                            hash="ade6b7a4fa9d74aa266f78538ae1c1ff7f8ade58",
                            operation="UPDATE",
                            pgid="pgtrigger_label_moves_760b0",
                            table="shipping_label",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="parcelline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="no_more_than_asked",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF (\n        SELECT coalesce(sum(pl.quantity), 0) FROM shipping_parcelline pl\n        JOIN shipping_parcel p ON p.id = pl.parcel_id\n        JOIN shipping_shipment s ON s.id = p.shipment_id\n        WHERE pl.fulfilment_line_id = NEW.fulfilment_line_id AND s.state <> 'cancelled'\n    ) > (SELECT quantity FROM orders_fulfilmentline WHERE id = NEW.fulfilment_line_id) THEN\n        RAISE EXCEPTION 'fulfilment line % has more units in parcels than it asks for',\n            NEW.fulfilment_line_id USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                            hash="357bf03bfd5d8a2ff0e57024ac06009e15ddb34b",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_no_more_than_asked_30114",
                            table="shipping_parcelline",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="pickscan",
                    trigger=pgtrigger.compiler.Trigger(
                        name="scan_is_append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="ed8c68e40ad98199c3f4e6ddb4ec510ddbe5d92f",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_scan_is_append_only_23dc2",
                            table="shipping_pickscan",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="shipment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="shipment_moves",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE _is_valid_transition BOOLEAN;",
                            func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{preparing:packed,packed:preparing,packed:labelled,labelled:packed,labelled:dispatched,preparing:cancelled,packed:cancelled}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                            hash="b0f62cb8bc96727355337318330d080babc64057",
                            operation="UPDATE",
                            pgid="pgtrigger_shipment_moves_3bdc8",
                            table="shipping_shipment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="trackingevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="tracking_is_append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="230e7e9408f2e66516c1afcdc1542e44e9a99079",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_tracking_is_append_only_e877e",
                            table="shipping_trackingevent",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        )
    ]

import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import django_fsm
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.model_fields
import core.models.business
from core.migration_operations import AllAtOnce


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        AllAtOnce(
            [
                django.contrib.postgres.operations.TrigramExtension(),
                migrations.CreateModel(
                    name="User",
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
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        (
                            "last_login",
                            models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                        ),
                        (
                            "is_superuser",
                            models.BooleanField(
                                default=False,
                                help_text="Designates that this user has all permissions without explicitly assigning them.",
                                verbose_name="superuser status",
                            ),
                        ),
                        ("email", models.EmailField(max_length=254, unique=True)),
                        ("name", models.CharField(max_length=120)),
                        (
                            "roles",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
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
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        (
                            "is_staff",
                            models.BooleanField(default=False, verbose_name="may open the admin"),
                        ),
                        ("is_active", models.BooleanField(default=True)),
                        ("joined_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "theme",
                            models.CharField(
                                choices=[
                                    ("auto", "As the device"),
                                    ("light", "Light"),
                                    ("dark", "Dark"),
                                ],
                                default="auto",
                                max_length=12,
                            ),
                        ),
                        (
                            "density",
                            models.CharField(
                                choices=[
                                    ("compact", "Compact"),
                                    ("default", "Default"),
                                    ("comfortable", "Comfortable"),
                                ],
                                default="default",
                                max_length=12,
                            ),
                        ),
                        (
                            "has_shortcuts",
                            models.BooleanField(default=True, verbose_name="single-key shortcuts"),
                        ),
                        (
                            "session_round",
                            models.PositiveIntegerField(
                                default=0,
                                help_text="Counted up, it ends every session of this user.",
                            ),
                        ),
                        (
                            "groups",
                            models.ManyToManyField(
                                blank=True,
                                help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.group",
                                verbose_name="groups",
                            ),
                        ),
                        (
                            "user_permissions",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Specific permissions for this user.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.permission",
                                verbose_name="user permissions",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("email"),
                                name="core_user_email_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LegalEntity",
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
                        ("name", models.CharField(max_length=200)),
                        (
                            "line1",
                            models.CharField(blank=True, max_length=200, verbose_name="street"),
                        ),
                        ("postal_code", models.CharField(blank=True, max_length=20)),
                        ("city", models.CharField(blank=True, max_length=100)),
                        ("country", core.model_fields.CountryField(max_length=2)),
                        (
                            "vat_id",
                            models.CharField(blank=True, max_length=20, verbose_name="VAT id"),
                        ),
                        ("email", models.EmailField(blank=True, max_length=254)),
                        (
                            "bank_account",
                            models.CharField(blank=True, max_length=40, verbose_name="IBAN"),
                        ),
                        ("invoice_prefix", models.CharField(default="INV-", max_length=10)),
                        ("credit_note_prefix", models.CharField(default="CN-", max_length=10)),
                    ],
                    options={
                        "verbose_name_plural": "legal entities",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("invoice_prefix",), name="core_invoice_prefix_once"
                            ),
                            models.UniqueConstraint(
                                fields=("credit_note_prefix",), name="core_credit_note_prefix_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("invoice_prefix", models.F("credit_note_prefix")),
                                        _negated=True,
                                    ),
                                    models.Q(("invoice_prefix__regex", "[0-9]$"), _negated=True),
                                    models.Q(
                                        ("credit_note_prefix__regex", "[0-9]$"), _negated=True
                                    ),
                                ),
                                name="core_prefixes_tell_numbers_apart",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CustomField",
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
                        ("subject", models.CharField(max_length=60, verbose_name="belongs to")),
                        (
                            "code",
                            models.CharField(
                                help_text="What files and programs call it, such as care_label. It cannot be changed later.",
                                max_length=30,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^[a-z][a-z0-9_]*\\Z",
                                        "Begin with a letter; use small letters, digits and underscores, such as care_label.",
                                    )
                                ],
                            ),
                        ),
                        ("label", models.CharField(max_length=60)),
                        ("hint", models.CharField(blank=True, max_length=200)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("text", "Text"),
                                    ("number", "Number"),
                                    ("date", "Date"),
                                    ("flag", "Yes or no"),
                                    ("choice", "One of a list"),
                                    ("url", "Web address"),
                                ],
                                default="text",
                                max_length=10,
                            ),
                        ),
                        (
                            "choices",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=100),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        (
                            "is_required",
                            models.BooleanField(default=False, verbose_name="required"),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=50)),
                    ],
                    options={
                        "ordering": ("subject", "position", "label", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("subject", "code"),
                                name="core_custom_code_once",
                                violation_error_message="This kind of thing has a field with that code already.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StoredFact",
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
                        ("name", models.CharField(max_length=80)),
                        ("subject_type", models.CharField(max_length=40)),
                        ("subject_id", models.BigIntegerField()),
                        ("sequence", models.PositiveIntegerField(null=True)),
                        ("payload", models.JSONField(default=dict)),
                        ("changes", models.JSONField(default=dict)),
                        ("sentence", models.CharField(max_length=500)),
                        ("reason", models.CharField(blank=True, max_length=500)),
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
                        ("request_id", models.CharField(blank=True, max_length=64)),
                        (
                            "chain",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(),
                                db_default=models.Value("{}"),
                                default=list,
                                size=None,
                            ),
                        ),
                        ("occurred_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["subject_type", "subject_id", "-id"],
                                name="core_fact_subject",
                            ),
                            models.Index(fields=["name", "-id"], name="core_fact_name"),
                            django.contrib.postgres.indexes.BrinIndex(
                                fields=["occurred_at"], name="core_fact_when"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("subject_type", "subject_id", "sequence"),
                                name="core_fact_sequence_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Document",
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
                        ("kind", models.CharField(max_length=40)),
                        ("label", models.CharField(max_length=80)),
                        ("subject_type", models.CharField(max_length=40)),
                        ("subject_id", models.BigIntegerField()),
                        ("number", models.CharField(blank=True, max_length=60)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "page",
                            models.CharField(
                                choices=[("A4", "A4"), ("label", "Label 100 × 150 mm")],
                                default="A4",
                                max_length=10,
                            ),
                        ),
                        ("is_final", models.BooleanField(default=False)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("pending", "Being made"),
                                    ("ready", "Ready"),
                                    ("failed", "Failed"),
                                ],
                                default="pending",
                                max_length=10,
                            ),
                        ),
                        ("input_hash", models.CharField(blank=True, max_length=64)),
                        ("sha256", models.CharField(blank=True, max_length=64)),
                        ("size", models.PositiveIntegerField(default=0)),
                        ("pages", models.PositiveIntegerField(default=0)),
                        ("requested_at", models.DateTimeField()),
                        ("ready_at", models.DateTimeField(blank=True, null=True)),
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
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status", "pending")),
                                fields=["next_attempt_at", "id"],
                                name="core_document_due",
                            ),
                            models.Index(
                                fields=["subject_type", "subject_id", "-id"],
                                name="core_document_subject",
                            ),
                            models.Index(fields=["kind", "-id"], name="core_document_kind"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("kind", "subject_type", "subject_id", "version"),
                                name="core_document_version_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("status", "pending")),
                                fields=("kind", "subject_type", "subject_id"),
                                name="core_document_pending_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExternalOperation",
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
                        ("kind", models.CharField(max_length=60)),
                        ("provider", models.CharField(max_length=40)),
                        ("idempotency_key", models.CharField(max_length=120, unique=True)),
                        ("subject_type", models.CharField(max_length=40)),
                        ("subject_id", models.BigIntegerField()),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("intended", "Intended"),
                                    ("sent", "Sent"),
                                    ("succeeded", "Succeeded"),
                                    ("failed", "Failed"),
                                    ("unknown", "Outcome unknown"),
                                    ("parked", "Parked"),
                                ],
                                default="intended",
                                max_length=12,
                                protected=True,
                            ),
                        ),
                        ("request", models.JSONField(default=dict)),
                        ("response", models.JSONField(default=dict)),
                        ("provider_ref", models.CharField(blank=True, max_length=120)),
                        ("outcome", models.JSONField(blank=True, null=True)),
                        ("was_sent", models.BooleanField(default=False)),
                        ("intended_at", models.DateTimeField()),
                        ("settled_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ("intended", "sent", "unknown"))),
                                fields=["next_attempt_at", "id"],
                                name="core_operation_due",
                            ),
                            models.Index(
                                fields=["subject_type", "subject_id"], name="core_operation_subject"
                            ),
                        ],
                    },
                    bases=(django_fsm.FSMModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="ImportFile",
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
                        ("sha256", models.CharField(max_length=64, unique=True)),
                        ("content", models.BinaryField()),
                        ("size", models.PositiveIntegerField()),
                        ("kept_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Job",
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
                        ("kind", models.CharField(max_length=60)),
                        ("title", models.CharField(max_length=200)),
                        ("params", models.JSONField(blank=True, default=dict)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("running", "Running"),
                                    ("done", "Done"),
                                    ("parked", "Failed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("right", models.CharField(blank=True, max_length=60)),
                        (
                            "dedupe",
                            models.CharField(blank=True, max_length=120, null=True, unique=True),
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
                        ("request_id", models.CharField(blank=True, max_length=64)),
                        ("progress_done", models.PositiveIntegerField(default=0)),
                        ("progress_total", models.PositiveIntegerField(blank=True, null=True)),
                        ("progress_words", models.CharField(blank=True, max_length=200)),
                        ("checkpoint", models.JSONField(blank=True, null=True)),
                        ("summary", models.CharField(blank=True, max_length=500)),
                        ("is_cancel_asked", models.BooleanField(default=False)),
                        ("started_at", models.DateTimeField()),
                        ("first_run_at", models.DateTimeField(blank=True, null=True)),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status__in", ("waiting", "running"))),
                                fields=["next_attempt_at", "id"],
                                name="core_job_due",
                            ),
                            models.Index(fields=["actor_key", "-id"], name="core_job_actor"),
                            models.Index(fields=["status", "-id"], name="core_job_status"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NumberSeries",
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
                        ("code", models.CharField(max_length=60, unique=True)),
                        ("last", models.PositiveBigIntegerField(default=0)),
                    ],
                    options={
                        "verbose_name_plural": "number series",
                    },
                ),
                migrations.CreateModel(
                    name="Rule",
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
                        ("subject", models.CharField(max_length=40)),
                        ("trigger", models.CharField(max_length=80)),
                        ("position", models.PositiveIntegerField(default=0)),
                        ("number", models.PositiveIntegerField(default=1, verbose_name="version")),
                        ("is_active", models.BooleanField(default=False)),
                        ("failures", models.PositiveSmallIntegerField(default=0)),
                        ("paused_reason", models.CharField(blank=True, max_length=300)),
                        ("created_at", models.DateTimeField()),
                        ("removed_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ("position", "id"),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("is_active", True)),
                                fields=["trigger"],
                                name="core_rule_by_trigger",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("removed_at", None)),
                                fields=("name",),
                                name="core_rule_name_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_active", False),
                                    models.Q(("paused_reason", ""), ("removed_at", None)),
                                    _connector="OR",
                                ),
                                name="core_rule_active_is_well",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StateChange",
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
                        ("subject_type", models.CharField(max_length=40)),
                        ("subject_id", models.BigIntegerField()),
                        ("field", models.CharField(default="state", max_length=30)),
                        ("before", models.CharField(blank=True, max_length=30)),
                        ("after", models.CharField(max_length=30)),
                        ("reason", models.CharField(blank=True, max_length=500)),
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
                        ("occurred_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["subject_type", "subject_id", "-id"],
                                name="core_change_subject",
                            ),
                            django.contrib.postgres.indexes.BrinIndex(
                                fields=["occurred_at"], name="core_change_when"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AttentionItem",
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
                        ("kind", models.CharField(max_length=40)),
                        ("subject_type", models.CharField(max_length=40)),
                        ("subject_id", models.BigIntegerField()),
                        ("title", models.CharField(max_length=200)),
                        ("detail", models.CharField(blank=True, max_length=500)),
                        ("url", models.CharField(blank=True, max_length=300)),
                        ("raised_at", models.DateTimeField()),
                        ("resolved_at", models.DateTimeField(blank=True, null=True)),
                        ("snoozed_until", models.DateTimeField(blank=True, null=True)),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("resolved_at", None)),
                                fields=["kind", "raised_at"],
                                name="core_attention_open",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("resolved_at", None)),
                                fields=("kind", "subject_type", "subject_id"),
                                name="core_attention_open_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FormToken",
                    fields=[
                        ("token", models.UUIDField(primary_key=True, serialize=False)),
                        (
                            "user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("location", models.CharField(blank=True, max_length=500)),
                        ("sent_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="ListPreference",
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
                                related_name="list_preferences",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("listing", models.CharField(max_length=60)),
                        (
                            "columns",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        ("view", models.CharField(blank=True, max_length=40)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "listing"), name="core_list_preference_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SavedView",
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
                        ("listing", models.CharField(max_length=60)),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="saved_views",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("name", models.CharField(max_length=60)),
                        ("query", models.CharField(blank=True, max_length=2000)),
                        (
                            "columns",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        ("is_shared", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "ordering": ("name", "id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("listing", "owner", "name"), name="core_view_name_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("is_shared", True)),
                                fields=("listing", "name"),
                                name="core_shared_view_name_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Channel",
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
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("web", "Web shop"),
                                    ("marketplace", "Marketplace"),
                                    ("store", "Store"),
                                    ("mobile", "Mobile app"),
                                    ("phone", "Phone"),
                                    ("b2b", "B2B"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "legal_entity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="channels",
                                to="core.legalentity",
                            ),
                        ),
                        ("currency", core.model_fields.CurrencyField(max_length=3)),
                        (
                            "time_zone",
                            models.CharField(
                                default="Europe/Berlin",
                                max_length=50,
                                validators=[core.models.business.validate_time_zone],
                            ),
                        ),
                        ("number_prefix", models.CharField(blank=True, max_length=10)),
                        ("prices_include_tax", models.BooleanField(default=True)),
                        (
                            "stock_buffer",
                            models.PositiveIntegerField(
                                default=0,
                                help_text="Units of every SKU that this channel never sells.",
                            ),
                        ),
                        (
                            "unpaid_days",
                            models.PositiveSmallIntegerField(
                                default=14,
                                help_text="Days after which an unpaid order expires.",
                                validators=[django.core.validators.MinValueValidator(1)],
                            ),
                        ),
                        (
                            "is_screened",
                            models.BooleanField(
                                db_default=False,
                                default=False,
                                help_text="What comes in is looked at for risk before it goes on.",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True)),
                    ],
                    options={
                        "ordering": ("name",),
                    },
                ),
                migrations.CreateModel(
                    name="Delivery",
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
                            "fact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="core.storedfact",
                            ),
                        ),
                        ("handler", models.CharField(max_length=120)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("done", "Done"),
                                    ("parked", "Parked"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("done_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "verbose_name_plural": "deliveries",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status", "waiting")),
                                fields=["next_attempt_at", "id"],
                                name="core_delivery_due",
                            ),
                            models.Index(
                                condition=models.Q(("status", "parked")),
                                fields=["-id"],
                                name="core_delivery_parked",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("fact", "handler"), name="core_delivery_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DocumentFile",
                    fields=[
                        (
                            "document",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="file",
                                serialize=False,
                                to="core.document",
                            ),
                        ),
                        ("content", models.BinaryField()),
                    ],
                ),
                migrations.CreateModel(
                    name="DocumentPrint",
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
                            "document",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="prints",
                                to="core.document",
                            ),
                        ),
                        ("printed_at", models.DateTimeField()),
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
                ),
                migrations.CreateModel(
                    name="ImportRun",
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
                        ("kind", models.CharField(max_length=40)),
                        ("format", models.CharField(max_length=40)),
                        ("name", models.CharField(max_length=200)),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="runs",
                                to="core.importfile",
                            ),
                        ),
                        (
                            "errors",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.importfile",
                            ),
                        ),
                        ("options", models.JSONField(blank=True, default=dict)),
                        ("scope", models.CharField(blank=True, max_length=80)),
                        ("is_dry_run", models.BooleanField(default=False)),
                        ("max_errors", models.PositiveIntegerField(blank=True, null=True)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("running", "Running"),
                                    ("done", "Done"),
                                    ("stopped", "Stopped"),
                                    ("failed", "Failed"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("error", models.CharField(blank=True, max_length=500)),
                        ("rows", models.PositiveIntegerField(default=0)),
                        ("created", models.PositiveIntegerField(default=0)),
                        ("updated", models.PositiveIntegerField(default=0)),
                        ("unchanged", models.PositiveIntegerField(default=0)),
                        ("rejected", models.PositiveIntegerField(default=0)),
                        ("warnings", models.PositiveIntegerField(default=0)),
                        ("checkpoint", models.JSONField(blank=True, null=True)),
                        ("encoding", models.CharField(blank=True, max_length=20)),
                        ("delimiter", models.CharField(blank=True, max_length=1)),
                        ("header", models.JSONField(blank=True, default=list)),
                        (
                            "job",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="import_runs",
                                to="core.job",
                            ),
                        ),
                        (
                            "rehearsal",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="core.importrun",
                            ),
                        ),
                        ("started_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
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
                        "indexes": [
                            models.Index(fields=["kind", "-id"], name="core_import_kind"),
                            models.Index(fields=["status", "-id"], name="core_import_status"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="JobFile",
                    fields=[
                        (
                            "job",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="file",
                                serialize=False,
                                to="core.job",
                            ),
                        ),
                        ("name", models.CharField(max_length=150)),
                        ("content_type", models.CharField(max_length=100)),
                        ("content", models.BinaryField()),
                        ("made_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="JobResult",
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
                            "job",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="results",
                                to="core.job",
                            ),
                        ),
                        ("key", models.CharField(max_length=120)),
                        ("label", models.CharField(max_length=200)),
                        ("is_ok", models.BooleanField()),
                        ("message", models.CharField(blank=True, max_length=500)),
                        ("url", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["job", "is_ok", "id"], name="core_job_result_order"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("job", "key"), name="core_job_result_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RuleRun",
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
                            "rule",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="runs",
                                to="core.rule",
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="version")),
                        ("subject_type", models.CharField(max_length=40)),
                        ("subject_id", models.BigIntegerField()),
                        ("label", models.CharField(blank=True, max_length=120)),
                        (
                            "fact",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.storedfact",
                            ),
                        ),
                        ("occasion", models.CharField(max_length=40)),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("done", "Ran"),
                                    ("skipped", "Skipped"),
                                    ("failed", "Failed"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("is_once", models.BooleanField()),
                        ("why", models.CharField(blank=True, max_length=500)),
                        ("reasons", models.JSONField(default=list)),
                        ("effects", models.JSONField(default=list)),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["subject_type", "subject_id", "-id"],
                                name="core_rule_run_about",
                            ),
                            models.Index(fields=["rule", "-id"], name="core_rule_run_newest"),
                            models.Index(
                                fields=["rule", "outcome", "-id"], name="core_rule_run_outcome"
                            ),
                            models.Index(
                                condition=models.Q(("outcome", "skipped")),
                                fields=["at"],
                                name="core_rule_skipped",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("subject_type", "subject_id", "rule", "occasion"),
                                name="core_rule_run_occasion_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("is_once", True), ("outcome", "done")),
                                fields=("subject_type", "subject_id", "rule"),
                                name="core_rule_run_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RuleVersion",
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
                            "rule",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="core.rule",
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("definition", models.JSONField()),
                        ("made_by", models.CharField(max_length=150)),
                        ("made_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("rule", "number"), name="core_rule_version_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ApiKey",
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
                        ("prefix", models.CharField(max_length=12, unique=True)),
                        ("secret_hash", models.CharField(max_length=64, unique=True)),
                        (
                            "previous_hash",
                            models.CharField(blank=True, max_length=64, null=True, unique=True),
                        ),
                        ("previous_until", models.DateTimeField(blank=True, null=True)),
                        (
                            "scopes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=60), default=list, size=None
                            ),
                        ),
                        (
                            "channel",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="api_keys",
                                to="core.channel",
                            ),
                        ),
                        (
                            "per_minute",
                            models.PositiveIntegerField(
                                default=1200,
                                help_text="More than this are refused with 429 until the minute goes on.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(10000000),
                                ],
                                verbose_name="requests a minute",
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        ("last_used_at", models.DateTimeField(blank=True, null=True)),
                        ("revoked_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name": "API key",
                        "ordering": ("name", "id"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("previous_hash", None), ("previous_until", None)),
                                    models.Q(
                                        ("previous_hash__isnull", False),
                                        ("previous_until__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="core_apikey_previous_whole",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Message",
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
                        ("kind", models.CharField(max_length=60)),
                        ("label", models.CharField(max_length=120)),
                        ("subject_type", models.CharField(max_length=40)),
                        ("subject_id", models.BigIntegerField()),
                        ("to", models.CharField(max_length=254)),
                        ("language", models.CharField(blank=True, max_length=10)),
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
                        ("variables", models.JSONField(default=dict)),
                        ("dedupe", models.CharField(max_length=160, unique=True)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("queued", "Queued"),
                                    ("sending", "Being sent"),
                                    ("sent", "Sent"),
                                    ("kept", "Kept here"),
                                    ("failed", "Failed"),
                                    ("unknown", "Outcome unknown"),
                                    ("off", "Switched off"),
                                ],
                                default="queued",
                                max_length=10,
                            ),
                        ),
                        ("subject", models.CharField(blank=True, max_length=300)),
                        ("body", models.TextField(blank=True)),
                        (
                            "resent_of",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="resendings",
                                to="core.message",
                            ),
                        ),
                        ("queued_at", models.DateTimeField()),
                        ("sent_at", models.DateTimeField(blank=True, null=True)),
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
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status__in", ("queued", "sending"))),
                                fields=["next_attempt_at", "id"],
                                name="core_message_due",
                            ),
                            models.Index(
                                fields=["subject_type", "subject_id", "-id"],
                                name="core_message_subject",
                            ),
                            models.Index(fields=["status", "-id"], name="core_message_status"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MessageTemplate",
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
                        ("kind", models.CharField(max_length=60)),
                        ("language", models.CharField(blank=True, max_length=10)),
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
                        ("subject", models.CharField(blank=True, max_length=300)),
                        ("body", models.TextField(blank=True, max_length=20000)),
                        ("is_default", models.BooleanField(default=False)),
                        ("is_on", models.BooleanField(default=True)),
                        ("saved_at", models.DateTimeField()),
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
                        "indexes": [
                            models.Index(
                                fields=["kind", "language", "channel", "-id"],
                                name="core_template_in_force",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WebhookEndpoint",
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
                        ("url", models.CharField(max_length=500, verbose_name="address")),
                        (
                            "event_kinds",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=80), size=None
                            ),
                        ),
                        ("sees_personal", models.BooleanField(default=False)),
                        ("payload_version", models.PositiveSmallIntegerField(default=1)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("active", "Active"),
                                    ("paused", "Paused"),
                                    ("disabled", "Disabled"),
                                ],
                                default="active",
                                max_length=10,
                            ),
                        ),
                        ("disabled_reason", models.CharField(blank=True, max_length=300)),
                        ("secret_number", models.PositiveIntegerField(default=1)),
                        ("previous_until", models.DateTimeField(blank=True, null=True)),
                        ("lane_until", models.DateTimeField(blank=True, null=True)),
                        ("lane_fence", models.PositiveIntegerField(default=0)),
                        ("rest_until", models.DateTimeField(blank=True, null=True)),
                        ("failures", models.PositiveIntegerField(default=0)),
                        ("failing_since", models.DateTimeField(blank=True, null=True)),
                        ("succeeded_at", models.DateTimeField(blank=True, null=True)),
                        ("last_error", models.CharField(blank=True, max_length=300)),
                        ("created_at", models.DateTimeField()),
                        (
                            "channels",
                            models.ManyToManyField(blank=True, related_name="+", to="core.channel"),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ImportIssue",
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
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="issues",
                                to="core.importrun",
                            ),
                        ),
                        ("row", models.PositiveIntegerField()),
                        ("column", models.CharField(blank=True, max_length=120)),
                        ("code", models.CharField(max_length=60)),
                        ("message", models.CharField(max_length=500)),
                        ("raw", models.JSONField(blank=True, default=list)),
                        ("is_rejection", models.BooleanField(default=False)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["run", "row", "id"], name="core_import_issue_row"),
                            models.Index(
                                condition=models.Q(("is_rejection", True)),
                                fields=["run", "row"],
                                name="core_import_rejected_row",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StoredAnswer",
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
                            "api_key",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="answers",
                                to="core.apikey",
                            ),
                        ),
                        ("key", models.CharField(max_length=200)),
                        ("fingerprint", models.CharField(max_length=64)),
                        ("status", models.PositiveSmallIntegerField()),
                        ("headers", models.JSONField(default=dict)),
                        ("body", models.TextField(blank=True)),
                        ("answered_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [models.Index(fields=["answered_at"], name="core_answer_age")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("api_key", "key"), name="core_answer_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WebhookDelivery",
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
                            "endpoint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="core.webhookendpoint",
                            ),
                        ),
                        (
                            "fact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.storedfact",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("delivered", "Delivered"),
                                    ("parked", "Given up"),
                                    ("skipped", "Not for this endpoint"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("delivered_at", models.DateTimeField(blank=True, null=True)),
                        ("replayed_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name_plural": "webhook deliveries",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status", "waiting")),
                                fields=["endpoint", "next_attempt_at", "id"],
                                name="core_webhook_due",
                            ),
                            models.Index(fields=["endpoint", "-id"], name="core_webhook_newest"),
                            models.Index(fields=["delivered_at"], name="core_webhook_done"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("endpoint", "fact"), name="core_webhook_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WebhookAttempt",
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
                            "delivery",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tries",
                                to="core.webhookdelivery",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("status_code", models.PositiveSmallIntegerField(null=True)),
                        ("milliseconds", models.PositiveIntegerField(null=True)),
                        ("error", models.CharField(blank=True, max_length=300)),
                        ("response", models.TextField(blank=True)),
                    ],
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="document",
                    trigger=pgtrigger.compiler.Trigger(
                        name="issued_is_immutable",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF OLD.is_final AND OLD.status = 'ready' THEN\n        RAISE EXCEPTION 'issued document % cannot be changed', OLD.id;\n    END IF;\n    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n    RETURN NEW;\n",
                            hash="cd6f769d1421a78d8c8e23445674ed7700e901bf",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_issued_is_immutable_5aad5",
                            table="core_document",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="statechange",
                    trigger=pgtrigger.compiler.Trigger(
                        name="change_is_append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="fe7e41bd524970edab487048cb6ee77fff4f37d0",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_change_is_append_only_9f75d",
                            table="core_statechange",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="storedfact",
                    trigger=pgtrigger.compiler.Trigger(
                        name="fact_is_append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="70166ded46e8c9376829a7c54d65d74126a15e61",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_fact_is_append_only_a7cd0",
                            table="core_storedfact",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="storedfact",
                    trigger=pgtrigger.compiler.Trigger(
                        name="number_within_subject",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF NEW.sequence IS NOT NULL THEN\n        SELECT coalesce(max(sequence), 0) + 1 INTO NEW.sequence FROM core_storedfact\n        WHERE subject_type = NEW.subject_type AND subject_id = NEW.subject_id;\n    END IF;\n    RETURN NEW;\n",
                            hash="9c39a41a46309296794c71f6ad904e45be012db3",
                            operation="INSERT",
                            pgid="pgtrigger_number_within_subject_95eb2",
                            table="core_storedfact",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="storedfact",
                    trigger=pgtrigger.compiler.Trigger(
                        name="queue_for_those_told",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF EXISTS (SELECT FROM core_webhookendpoint WHERE status <> 'disabled') THEN\n        INSERT INTO core_webhookdelivery\n            (endpoint_id, fact_id, status, attempts, fence, next_attempt_at, last_error)\n        SELECT endpoint.id, fact.id, 'waiting', 0, 0, clock_timestamp(), ''\n        FROM new_facts fact\n        JOIN core_webhookendpoint endpoint\n            ON endpoint.status <> 'disabled' AND fact.name = ANY (endpoint.event_kinds)\n        ORDER BY fact.id, endpoint.id\n        ON CONFLICT DO NOTHING;\n    END IF;\n    IF EXISTS (SELECT FROM core_rule WHERE is_active) THEN\n        INSERT INTO core_delivery\n            (fact_id, handler, status, attempts, fence, next_attempt_at, last_error)\n        SELECT fact.id, 'core.handlers.run_rules', 'waiting', 0, 0,\n            least(clock_timestamp(), fact.occurred_at), ''\n        FROM new_facts fact\n        WHERE EXISTS (\n            SELECT FROM core_rule rule WHERE rule.is_active AND rule.trigger = fact.name\n        )\n        ORDER BY fact.id\n        ON CONFLICT DO NOTHING;\n    END IF;\n    RETURN NULL;\n",
                            hash="74b91232a4ddfcb69f3ea80516fb9f7cb20500f1",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_queue_for_those_told_e519d",
                            referencing="REFERENCING NEW TABLE AS new_facts ",
                            table="core_storedfact",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="documentfile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="file_is_written_once",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="752991f2734e3951fb95b01c70137f8a2e17a594",
                            operation="UPDATE",
                            pgid="pgtrigger_file_is_written_once_e5dc9",
                            table="core_documentfile",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="documentfile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="issued_file_stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF EXISTS (\n        SELECT 1 FROM core_document d\n        WHERE d.id = OLD.document_id AND d.is_final AND d.status = 'ready'\n    ) THEN\n        RAISE EXCEPTION 'issued document % cannot be deleted', OLD.document_id;\n    END IF;\n    RETURN OLD;\n",
                            hash="ae66e23931b4b0c9ae90bd1b5fe29341485d7844",
                            operation="DELETE",
                            pgid="pgtrigger_issued_file_stays_64a69",
                            table="core_documentfile",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="documentprint",
                    trigger=pgtrigger.compiler.Trigger(
                        name="print_is_append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="e4478f0beca195df917f639f06bef5565c3d40e5",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_print_is_append_only_f6607",
                            table="core_documentprint",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="message",
                    trigger=pgtrigger.compiler.Trigger(
                        name="message_is_kept_for_good",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="ff78bf3e0918f7077f460e0be8c61e6ee614ba01",
                            operation="DELETE",
                            pgid="pgtrigger_message_is_kept_for_good_10075",
                            table="core_message",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="messagetemplate",
                    trigger=pgtrigger.compiler.Trigger(
                        name="template_is_append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="60923cb78d1e841c66e7024da37858a3bfad5668",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_template_is_append_only_3fa92",
                            table="core_messagetemplate",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ruleversion",
                    trigger=pgtrigger.compiler.Trigger(
                        name="rule_version_is_append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="9031cbe9005c9212966b85349bf860eac165ee91",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_rule_version_is_append_only_53a92",
                            table="core_ruleversion",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="rulerun",
                    trigger=pgtrigger.compiler.Trigger(
                        name="rule_run_stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="212e415a09f003b98cb7ac88eb179853435dafc1",
                            operation="UPDATE",
                            pgid="pgtrigger_rule_run_stays_96c3e",
                            table="core_rulerun",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="rulerun",
                    trigger=pgtrigger.compiler.Trigger(
                        name="rule_run_is_kept",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.outcome <> 'skipped')",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="81350c83179ab43e6678cc160841cf8da3b447a8",
                            operation="DELETE",
                            pgid="pgtrigger_rule_run_is_kept_7c0ff",
                            table="core_rulerun",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="webhookattempt",
                    trigger=pgtrigger.compiler.Trigger(
                        name="attempt_stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="38b10aa5c12b52a1f039f65eb7e984c67b7cab84",
                            operation="UPDATE",
                            pgid="pgtrigger_attempt_stays_7b3ec",
                            table="core_webhookattempt",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        )
    ]

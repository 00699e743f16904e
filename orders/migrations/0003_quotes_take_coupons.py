"""Quotes keep the coupons whose discount they offer."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0002_blocks_tell_nobody"),
    ]

    operations = [
        migrations.AddField(
            model_name="quotation",
            name="coupons",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40),
                blank=True,
                default=list,
                help_text="Whose discount is quoted; the order takes them for good.",
                size=None,
            ),
        ),
    ]

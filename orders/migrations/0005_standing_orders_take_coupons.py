"""Standing orders keep the coupons that each of their orders asks for."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0004_promised_sort"),
    ]

    operations = [
        migrations.AddField(
            model_name="standingorder",
            name="coupons",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40),
                blank=True,
                default=list,
                help_text="What each order asks for, as far as it holds on the day.",
                size=None,
            ),
        ),
    ]

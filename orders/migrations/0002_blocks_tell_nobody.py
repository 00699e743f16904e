"""Who is blocked is kept as a keyed hash: what stood there in plain text is hashed and forgotten."""

from typing import Any

from django.db import migrations, models
from django.utils.crypto import salted_hmac

HASHED = ("email", "phone", "address")


def hash_values(apps: Any, _editor: Any) -> None:
    entries = apps.get_model("orders", "RiskListEntry")
    for entry in entries.objects.filter(kind__in=HASHED):
        salt = f"orders.blocked.{entry.kind}"
        entry.value = salted_hmac(salt, entry.value, algorithm="sha256").hexdigest()
        entry.save(update_fields=["value"])


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="risklistentry",
            name="hint",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.RunPython(hash_values, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="risklistentry",
            constraint=models.CheckConstraint(
                condition=~models.Q(kind__in=["email", "phone", "address", "network"])
                | models.Q(value__regex="^[0-9a-f]{64}$"),
                name="orders_risk_entry_tells_nobody",
            ),
        ),
    ]

"""The sequences that shipment numbers and our own tracking numbers come from."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shipping", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE shipping_number START 1001; CREATE SEQUENCE shipping_own_serial START 100001;",
            "DROP SEQUENCE shipping_own_serial; DROP SEQUENCE shipping_number;",
        )
    ]

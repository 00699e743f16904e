"""Number series are named by the entity's id: its code may change, its numbers go on."""

from django.db import migrations

RENAME = """
    UPDATE core_numberseries s SET code = k.kind || ':' || {new}
    FROM core_legalentity e, (VALUES ('invoice'), ('credit_note')) AS k (kind)
    WHERE s.code = k.kind || ':' || {old}
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial"), ("core", "0002_number_prefixes")]

    operations = [
        migrations.RunSQL(
            RENAME.format(new="e.id", old="e.code"), RENAME.format(new="e.code", old="e.id")
        )
    ]

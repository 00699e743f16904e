"""Operations of a migration that see the models as they are after the last of them."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from core.migration_operations import AllAtOnce

pytestmark = pytest.mark.django_db

ID = ("id", models.BigAutoField(primary_key=True))
BOOK = migrations.CreateModel(
    "Book", [ID, ("shelf", models.ForeignKey("library.Shelf", models.CASCADE))]
)
SHELF = migrations.CreateModel("Shelf", [ID])
NUMBERS = migrations.RunSQL("CREATE SEQUENCE library_number", "DROP SEQUENCE library_number")


def there(*names):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relname = ANY(%s)",
            [[f"library_{n}" for n in names]],
        )
        return cursor.fetchone()[0]


def test_what_refers_to_each_other_is_made_and_taken_back_whatever_the_order():
    migration = migrations.Migration("0001_initial", "library")
    migration.operations = [AllAtOnce([BOOK, SHELF, NUMBERS])]
    before = ProjectState()
    with connection.schema_editor() as editor:
        after = migration.apply(before.clone(), editor)
    assert there("book", "shelf", "number") == 3
    assert after.apps.get_model("library", "Book").shelf.field.related_model._meta.db_table == (
        "library_shelf"
    )
    with connection.schema_editor() as editor:
        migration.unapply(before.clone(), editor)
    assert there("book", "shelf", "number") == 0


def test_no_model_is_made_before_it_is_asked_for():
    state = ProjectState()
    assert state.apps.get_models() == []
    AllAtOnce([SHELF, BOOK]).state_forwards("library", state)
    assert "apps" not in state.__dict__
    assert {model.__name__ for model in state.apps.get_models()} == {"Shelf", "Book"}


def test_it_is_written_as_it_was_made():
    name, given, named = AllAtOnce([SHELF]).deconstruct()
    assert (name, given, named) == ("AllAtOnce", [[SHELF]], {})

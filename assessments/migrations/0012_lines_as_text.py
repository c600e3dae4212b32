from django.db import migrations

import assessments.models.closes

TABLES = ("teamscore", "memberscore")


def keep_as_text(apps, schema_editor):
    """SQLite has kept JSON as text all along; building its tables anew would only lose the check that it is JSON."""
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"ALTER TABLE assessments_{table} ALTER COLUMN lines TYPE text USING lines::text")


class Migration(migrations.Migration):

    dependencies = [
        ("assessments", "0011_inputs_as_text"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(keep_as_text)],
            state_operations=[
                migrations.AlterField(
                    model_name=table,
                    name="lines",
                    field=assessments.models.closes.CanonicalJSONField(verbose_name="明细"),
                )
                for table in TABLES
            ],
        ),
    ]

from django.db import migrations

import assessments.models.closes


def keep_as_text(apps, schema_editor):
    """SQLite has kept JSON as text all along; building its table anew would only lose the check that it is JSON."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE assessments_monthclose ALTER COLUMN inputs TYPE text USING inputs::text")


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0010_application_reply'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(keep_as_text)],
            state_operations=[
                migrations.AlterField(
                    model_name='monthclose',
                    name='inputs',
                    field=assessments.models.closes.CanonicalJSONField(null=True, verbose_name='输入'),
                ),
            ],
        ),
    ]

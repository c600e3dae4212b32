from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("teams", "0005_documents"),
    ]

    operations = [
        migrations.AddField(
            model_name="team",
            name="style",
            field=models.CharField(blank=True, max_length=100, verbose_name="班风"),
        ),
    ]

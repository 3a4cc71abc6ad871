"""Entries of a kind by their first day: the dossier of a paragraph counts tens of thousands."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0004_flags"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["kind", "-first", "-place", "counted"], name="registry_newest"
            ),
        ),
    ]

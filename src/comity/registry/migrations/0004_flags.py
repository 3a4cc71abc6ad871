"""Agreements are found by what is doubted of them: those held are looked at again in the night."""

import datetime as dt

from django.db import migrations


def due(apps, schema_editor):
    held = apps.get_model("registry", "Entry").objects.filter(kind="agreement")
    held.update(standing_until=dt.date(2000, 1, 1))


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0003_submissions"),
    ]

    operations = [
        migrations.RunPython(due, migrations.RunPython.noop, elidable=True),
    ]

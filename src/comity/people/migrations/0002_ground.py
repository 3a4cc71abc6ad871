"""What the room stands on: the cache table of the rate limits, and the default community."""

from django.core.management import call_command
from django.db import migrations

from comity.kit.tlp import DEFAULT_COMMUNITY


def make_cache_table(apps, editor):
    call_command("createcachetable", "people_cache", database=editor.connection.alias, verbosity=0)


def drop_cache_table(apps, editor):
    editor.execute("DROP TABLE IF EXISTS people_cache")


def make_community(apps, editor):
    apps.get_model("people", "Group").objects.get_or_create(
        pk=DEFAULT_COMMUNITY,
        defaults={"name": "Teams registered in this gateway", "kind": "community"},
    )


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [
        migrations.RunPython(make_cache_table, drop_cache_table),
        migrations.RunPython(make_community, migrations.RunPython.noop),
    ]

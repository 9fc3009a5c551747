"""What the database searches words and melodies with, which is made otherwise on PostgreSQL and on SQLite."""

from django.db import migrations

import webapp.gallery.models
from webapp.gallery.search.indexes import search_dropped, search_made


def make(apps, schema_editor):
    search_made(schema_editor.connection)


def drop(apps, schema_editor):
    search_dropped(schema_editor.connection)


def start_anew(apps, schema_editor):
    """Rows are made again out of the tunes, once all migrations are done."""
    drop(apps, schema_editor)
    apps.get_model("gallery", "Entry").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("gallery", "0001_initial")]

    operations = [
        migrations.RunPython(start_anew, migrations.RunPython.noop),
        migrations.AddField(
            "entry", "runs", webapp.gallery.models.RunsField(help_text="Of the melody, as numbers.", null=True)
        ),
        migrations.RunPython(make, drop),
    ]

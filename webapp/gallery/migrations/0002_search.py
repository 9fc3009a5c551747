"""What the database searches words and melodies with, which is made otherwise on PostgreSQL and on SQLite."""

from django.db import migrations

from webapp.gallery.search.indexes import search_dropped, search_made


def make(apps, schema_editor):
    search_made(schema_editor.connection)


def drop(apps, schema_editor):
    search_dropped(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("gallery", "0001_initial")]

    operations = [migrations.RunPython(make, drop)]

"""Signs of words and melodies in every ranking's index, and pairs of filters in the inverted one."""

from django.db import migrations, models

from webapp.gallery.search.indexes import search_dropped, search_made

FACETS = ("valence", "arousal", "bars", "chords", "style", "key", "mode", "meter", "rhythm")
SIGNS = tuple(f"sign_{number}" for number in range(1, 7))
HELP = {"sign_1": "This and the following: signs of words, then of the melody."}
WALKED = {
    "entry_newest": ["published", "id"],
    "entry_best": ["best", "id"],
    "entry_trending": ["trending", "id"],
    "entry_remixed": ["remixes", "id"],
    "entry_composer_newest": ["composer", "published", "id"],
    "entry_composer_trending": ["composer", "trending", "id"],
}


def make(apps, schema_editor):
    search_made(schema_editor.connection)


def drop(apps, schema_editor):
    search_dropped(schema_editor.connection)


def start_anew(apps, schema_editor):
    """Rows are made again out of the tunes, once all migrations are done."""
    drop(apps, schema_editor)
    apps.get_model("gallery", "Entry").objects.all().delete()


def sign(name):
    column = models.BigIntegerField(help_text=HELP.get(name, ""), default=0)
    return migrations.AddField("entry", name, column, preserve_default=False)


def walked(name, fields):
    include = FACETS if "composer" in fields else (*FACETS, "composer")
    return migrations.AddIndex("entry", models.Index(fields=fields, name=name, include=(*include, *SIGNS)))


class Migration(migrations.Migration):
    dependencies = [("gallery", "0003_composers")]

    operations = [
        migrations.RunPython(start_anew, migrations.RunPython.noop),
        *(migrations.RemoveIndex("entry", name) for name in WALKED),
        *(sign(name) for name in SIGNS),
        *(walked(name, fields) for name, fields in WALKED.items()),
        migrations.RunPython(make, drop),
    ]

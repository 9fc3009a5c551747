"""What was in the gallery is public now, and every tweaked tune learns which tune its family began with."""

from django.db import migrations


def to_public(apps, schema_editor):
    apps.get_model("tunes", "Tune").objects.filter(visibility="gallery").update(visibility="public")


def to_gallery(apps, schema_editor):
    Tune = apps.get_model("tunes", "Tune")
    Tune.objects.filter(visibility="public").update(visibility="gallery")
    Tune.objects.filter(visibility__in=("draft", "private")).update(visibility="unlisted")


def find_roots(apps, schema_editor):
    Tune = apps.get_model("tunes", "Tune")
    # Generation by generation: a parent's root is known before its children ask for it.
    roots = {}
    generation = list(Tune.objects.filter(parent=None, children__isnull=False).values_list("pk", flat=True).distinct())
    while generation:
        found = []
        for parent in generation:
            children = list(Tune.objects.filter(parent_id=parent).values_list("pk", flat=True))
            root = roots.get(parent, parent)
            Tune.objects.filter(pk__in=children).update(root=root)
            roots |= dict.fromkeys(children, root)
            found += children
        generation = found


class Migration(migrations.Migration):
    dependencies = [("tunes", "0003_keeping")]

    operations = [
        migrations.RunPython(to_public, to_gallery),
        migrations.RunPython(find_roots, migrations.RunPython.noop),
    ]

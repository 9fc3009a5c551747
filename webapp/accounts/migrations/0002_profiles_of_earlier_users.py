"""Users from before there were profiles get theirs."""

import secrets

from django.db import migrations


def give_profiles(apps, schema_editor):
    Profile = apps.get_model("accounts", "Profile")
    User = apps.get_model("auth", "User")
    for user in User.objects.filter(profile=None):
        key, slug = f"account-{secrets.token_urlsafe(16)}", f"maker-{secrets.token_hex(4)}"
        Profile.objects.create(user=user, key=key, name=user.first_name or "A maker", slug=slug)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [migrations.RunPython(give_profiles, migrations.RunPython.noop)]

"""`manage.py gallery_refresh`: makes the gallery's rows anew out of the tunes that are public."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from webapp.gallery.filling import gallery_refresh


class Command(BaseCommand):
    help = "Makes the gallery's rows anew out of the tunes that are public."

    def handle(self, *, verbosity: int, **options: object) -> None:
        for done in gallery_refresh():
            if verbosity:
                self.stdout.write(f"{done:,} tunes")
                self.stdout.flush()

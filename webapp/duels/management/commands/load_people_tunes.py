"""`manage.py load_people_tunes`: the books' tunes for "human or machine?", before the first listener asks."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from webapp.duels.stocking import people_load


class Command(BaseCommand):
    help = "Reads the public-domain collections into the table of riddles. The worker does so by itself when asked."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"{sum(people_load())} tunes by people are there.")

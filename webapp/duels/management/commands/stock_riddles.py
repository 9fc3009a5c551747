"""`manage.py stock_riddles`: tunes for "human or machine?", before the first listener asks. Workers call it, too."""

from __future__ import annotations

import os

from django.core.management.base import BaseCommand

from webapp.duels.models import Riddle
from webapp.duels.stocking import riddles_stock

POLITE = 5  # steps behind whatever composes on this machine


class Command(BaseCommand):
    help = "Reads the public-domain collections into the table of riddles, and has some tunes written to go with them."

    def handle(self, *args: object, **options: object) -> None:
        os.nice(POLITE)
        riddles_stock(books=True)
        self.stdout.write(f"{Riddle.objects.count()} riddles are there.")

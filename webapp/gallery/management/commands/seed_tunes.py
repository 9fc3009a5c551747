"""`manage.py seed_tunes N`: a gallery of N made-up tunes, for a look around or for measuring."""

from __future__ import annotations

import time

from django.core.management.base import BaseCommand, CommandError, CommandParser

from webapp.gallery.seeding.sowing import tunes_sown

MOST = 5_000_000
SAY_EVERY = 5.0  # seconds


class Command(BaseCommand):
    help = "Fills the gallery with made-up tunes, their makers, stars and comments."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("tunes", type=int, help="how many")
        parser.add_argument("--seed", type=int, default=0, help="another seed makes other tunes")

    def handle(self, *, tunes: int, seed: int, **options: object) -> None:
        if not 1 <= tunes <= MOST:
            raise CommandError(f"Ask for 1 to {MOST:,} tunes.")
        started = said = time.monotonic()
        self.stdout.write("Composing what the tunes are made from…")
        for done in tunes_sown(tunes, seed):
            if time.monotonic() - said > SAY_EVERY or done == tunes:
                said = time.monotonic()
                self.stdout.write(f"{done:,} of {tunes:,} tunes, {done / (said - started):,.0f} a second")
                self.stdout.flush()
        self.stdout.write(f"Done in {time.monotonic() - started:,.0f} s, indexes included.")

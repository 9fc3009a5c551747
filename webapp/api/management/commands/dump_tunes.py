"""`manage.py dump_tunes`: the nightly dump by hand."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand

from webapp.api.dumping import dump_write


class Command(BaseCommand):
    help = "Writes all public tunes into one file, as is done every night."

    def handle(self, *args: object, **options: object) -> None:
        dump = dump_write()
        self.stdout.write(f"{dump.tunes} tunes, {dump.bytes} bytes: {settings.DUMPS / dump.name}")

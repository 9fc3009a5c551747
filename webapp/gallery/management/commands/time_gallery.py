"""Answers requests that it reads by name, and prints how long each took; the other end of `make bench-gallery`."""

from __future__ import annotations

import json
import sys
import time

from django.core.management.base import BaseCommand
from django.test import Client

from webapp.gallery.measuring.addresses import views
from webapp.gallery.models import Entry


class Command(BaseCommand):
    help = "Prints its views as JSON, then for each line `view number` the milliseconds that its answer took."

    def handle(self, **options: object) -> None:
        addresses, client = views(), Client(SERVER_NAME="localhost")
        client.get("/")  # brings the visitor's cookie
        self._say({"tunes": Entry.objects.count(), "views": list(addresses)})
        for line in sys.stdin:
            view, _, number = line.strip().rpartition(" ")
            address = addresses[view][int(number) % len(addresses[view])]
            started = time.perf_counter()
            answer = client.get(address)
            taken = 1000 * (time.perf_counter() - started)
            if answer.status_code != 200:
                raise SystemExit(f"{address} was answered with {answer.status_code}.")
            self._say({"ms": taken, "address": address})

    def _say(self, told: dict) -> None:
        self.stdout.write(json.dumps(told))
        self.stdout.flush()

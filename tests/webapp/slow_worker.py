"""`manage.py worker` with the real composer, but each finished tune is held for a while before it is kept.

Tunes are written in a few hundredths of a second: too fast to be caught at it. `python -m tests.webapp.slow_worker`.
"""

from __future__ import annotations

import os
import time

import django

HELD = float(os.environ.get("TUNES_HELD", "0.7"))  # seconds


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.settings")
    django.setup()
    from django.core.management import call_command

    from webapp.tunes import composing

    keep = composing._keep

    def keep_later(*arguments: object, **named: object) -> None:
        time.sleep(HELD)
        keep(*arguments, **named)

    composing._keep = keep_later
    call_command("worker")


if __name__ == "__main__":
    main()

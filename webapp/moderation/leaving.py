"""Reports by somebody who leaves are still looked at, and nobody's. The log of the staff's acts stays as it is."""

from __future__ import annotations

from webapp.accounts.leaving import Leaver, on_leaving
from webapp.moderation.models import Report


@on_leaving
def reports_stay(leaver: Leaver) -> None:
    # One key for all of them: each has its own thing, so that no two are alike.
    Report.objects.filter(listener=leaver.key).update(listener=leaver.nobody())
    Report.objects.filter(against=leaver.key).update(against=leaver.nobody())

"""All of one's data, as a zip to take home.

An app that keeps something under a listener's key adds a module `exporting.py` with a function for each file:

    @exports("stars.json")
    def stars(listener: Listener) -> Iterator[dict]:
        for rating in Rating.objects.filter(listener=listener.key).iterator():
            yield {"tune": rating.tune_id, "stars": rating.stars}

The file is a JSON list of what it yields; dates may be dates. Rows are read and written one after another, so that
somebody with ten thousand tunes needs no more memory than somebody with ten. `also_exports` adds files of other kinds.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.serializers.json import DjangoJSONEncoder

from webapp.accounts.visits import browser_words
from webapp.tunes.listeners import Listener

Rows = Callable[[Listener], Iterable[dict]]
Files = Callable[[Listener], Iterable[tuple[str, str | bytes]]]
_lists: dict[str, Rows] = {}
_files: list[Files] = []


def exports(file_name: str) -> Callable[[Rows], Rows]:
    def register(rows: Rows) -> Rows:
        _lists[file_name] = rows
        return rows

    return register


def also_exports(files: Files) -> Files:
    """For a function that yields names and texts, or bytes, of files."""
    _files.append(files)
    return files


def export_of(listener: Listener) -> IO[bytes]:
    """A zip in a file of its own, at its beginning; it is gone when it is closed."""
    kept = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("account.json", _json(_account(listener)))
        for name, rows in sorted(_lists.items()):
            _write_list(archive, name, rows(listener))
        for files in _files:
            for name, content in files(listener):
                archive.writestr(name, content)
    kept.seek(0)
    return kept


def _write_list(archive: zipfile.ZipFile, name: str, rows: Iterable[dict]) -> None:
    with archive.open(name, "w") as file:
        between = "[\n"
        for row in rows:
            file.write(f"{between}{_json(row)}".encode())
            between = ",\n"
        file.write(b"[]\n" if between == "[\n" else b"\n]\n")


def _account(listener: Listener) -> dict:
    """Nearly nothing of somebody without an account."""
    profile = listener.profile
    if profile is None:
        return {"account": None, "browser": listener.key}
    told = {name: getattr(profile, name) for name in ("name", "slug", "about", "starts_as", "created")}
    user = profile.user
    return told | {"joined": user.date_joined, "emails": list(_emails(user.pk)), "sessions": list(_sessions(user.pk))}


def _emails(user_id: int) -> Iterator[dict]:
    for address in EmailAddress.objects.filter(user_id=user_id):
        yield {"email": address.email, "confirmed": address.verified, "primary": address.primary}


def _sessions(user_id: int) -> Iterator[dict]:
    for visit in UserSession.objects.filter(user_id=user_id):
        yield {"since": visit.created_at, "last": visit.last_seen_at, "browser": browser_words(visit.user_agent)}


def _json(value: dict) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)

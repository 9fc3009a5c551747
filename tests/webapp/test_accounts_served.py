"""Over a real server: what a signed-in listener holds open keeps no connection to the database."""

from __future__ import annotations

import http.client
import io
import zipfile
from urllib.parse import urlsplit

from django.db import connection
from django.test import RequestFactory

from tests.builders import Person, a_queued_tune, a_ready_tune, an_account
from tests.webapp.served import ServedCase
from tests.webapp.sse import Stream
from webapp.accounts.views import export

MORE_THAN_THE_POOL_HOLDS = 12


def cookies_of(person: Person) -> str:
    return "; ".join(f"{name}={morsel.value}" for name, morsel in person.cookies.items())


class ServedTest(ServedCase):
    def setUp(self) -> None:
        super().setUp()
        self.alice = an_account("alice")

    def get(self, path: str) -> tuple[int, bytes]:
        link = http.client.HTTPConnection(urlsplit(self.server.url).netloc, timeout=30)
        self.addCleanup(link.close)
        link.request("GET", path, headers={"Cookie": cookies_of(self.alice)})
        answer = link.getresponse()
        return answer.status, answer.read()

    def open_streams(self, path: str) -> None:
        tune = a_queued_tune(self.alice, visibility="private" if path == "/tunes" else "unlisted")
        for _ in range(MORE_THAN_THE_POOL_HOLDS):
            stream = Stream(f"{self.server.url}{path}/{tune.pk}/events/", cookies=cookies_of(self.alice))
            self.addCleanup(stream.link.close)
            stream.next("queued")

    def test_it_serves_pages_while_one_listener_follows_many_tunes(self) -> None:
        self.open_streams("/tunes")
        self.assertEqual(self.get("/my/settings/")[0], 200)

    def test_it_serves_pages_while_a_signed_in_browser_follows_through_the_api(self) -> None:
        self.open_streams("/api/v1/tunes")
        self.assertEqual(self.get("/my/settings/")[0], 200)

    def test_it_sends_the_whole_export(self) -> None:
        tune = a_ready_tune(self.alice)
        status, whole = self.get("/my/export/")
        self.assertEqual(status, 200)
        self.assertTrue(any(tune.pk in name for name in zipfile.ZipFile(io.BytesIO(whole)).namelist()))

    def test_it_holds_no_connection_while_somebody_fetches_an_export_slowly(self) -> None:
        request = RequestFactory().get("/my/export/")
        request.listener = self.alice.listener
        answer = export(request)
        self.assertIsNone(connection.connection)
        self.assertEqual(next(iter(answer.streaming_content))[:2], b"PK")

"""A site that answers over HTTP while the test plays its worker: nothing that is asked for is composed."""

from __future__ import annotations

from unittest import mock

from django.test import TransactionTestCase

from tests.webapp.processes import WebServer


class ServedCase(TransactionTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.server = WebServer().wait_until_ready()
        cls.addClassCleanup(cls.server.stop)

    def setUp(self) -> None:
        patch = mock.patch("webapp.tunes.services.tune_enqueue")
        patch.start()
        self.addCleanup(patch.stop)

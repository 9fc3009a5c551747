"""When a session was last seen is written seldom, and shown in the list of one's sessions."""

from __future__ import annotations

from unittest import mock

from allauth.usersessions.models import UserSession
from django.test import Client, TestCase

from tests.builders import Person, an_account
from webapp.accounts.middleware import SEEN_EVERY


class SessionSeenTest(TestCase):
    def test_it_notes_a_session_once_in_a_while(self) -> None:
        alice = an_account("alice")
        alice.get("/about/")
        first = UserSession.objects.get(user=alice.user).last_seen_at
        alice.get("/about/")
        self.assertEqual(UserSession.objects.get(user=alice.user).last_seen_at, first)
        with mock.patch("webapp.accounts.middleware.SEEN_EVERY", -1):
            alice.get("/about/")
        self.assertGreater(UserSession.objects.get(user=alice.user).last_seen_at, first)
        self.assertLessEqual(SEEN_EVERY, 3600)

    def test_it_asks_the_database_about_a_strangers_notices_alone(self) -> None:
        charlie = Person("charlie")
        with self.assertNumQueries(1):
            charlie.get("/about/")
        with self.assertNumQueries(0):
            Client().get("/about/")

    def test_it_asks_four_questions_about_who_is_signed_in(self) -> None:
        alice = an_account("alice")
        alice.get("/about/")
        with self.assertNumQueries(4):  # session, user, profile, notices
            alice.get("/about/")

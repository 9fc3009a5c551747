"""Where one is signed in: listed in words, and ended one by one or all at once."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.test import Client

from tests.builders import an_account
from tests.webapp.account_forms import ADDRESS, AccountCase


class VisitsTest(AccountCase):
    def setUp(self) -> None:
        super().setUp()
        self.alice = an_account("alice", email=ADDRESS)
        self.phone = Client(
            HTTP_USER_AGENT="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604"
        )
        self.sign_in(self.phone)
        self.alice.get("/about/")

    def test_it_lists_where_one_is_signed_in_in_words_and_without_an_address(self) -> None:
        page = self.alice.get("/account/sessions/")
        self.assertContains(page, "Safari on iPhone")
        self.assertNotContains(page, "127.0.0.1")
        self.assertEqual(set(UserSession.objects.values_list("ip", flat=True)), {"0.0.0.0"})

    def test_it_ends_one_visit(self) -> None:
        visit = UserSession.objects.get(user_agent__contains="iPhone")
        self.alice.post(f"/my/settings/sessions/{visit.pk}/end/")
        self.assertEqual((self.who(self.phone), self.who(self.alice)), ("", "Alice"))

    def test_it_ends_all_the_others(self) -> None:
        self.alice.post("/account/sessions/")
        self.assertEqual((self.who(self.phone), self.who(self.alice)), ("", "Alice"))

    def test_it_ends_nobody_elses(self) -> None:
        visit = UserSession.objects.get(user_agent__contains="iPhone")
        self.assertEqual(an_account("bob").post(f"/my/settings/sessions/{visit.pk}/end/").status_code, 404)
        self.assertEqual(self.who(self.phone), "Alice")

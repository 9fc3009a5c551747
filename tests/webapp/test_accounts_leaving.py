"""Leaving: the account goes with all that is the person's; tunes stay without a name, or go as well."""

from __future__ import annotations

from unittest import mock

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core import mail
from django.utils import timezone

from tests.builders import PASSWORD, Person, a_gallery_tune, a_queued_tune, a_ready_tune, an_account
from tests.webapp.account_forms import ADDRESS, AccountCase
from webapp.accounts.models import Profile
from webapp.ratings.models import Rating
from webapp.ratings.services import tune_rate
from webapp.tunes.claims import let_go
from webapp.tunes.composing import tune_claim
from webapp.tunes.models import Tune


class LeavingTest(AccountCase):
    def setUp(self) -> None:
        super().setUp()
        self.alice = an_account("alice", email=ADDRESS)
        self.key = self.alice.profile.key

    def leave(self, tunes: str) -> object:
        """The choice, then the password, as the pages ask for them."""
        answer = self.alice.post("/my/leave/", {"tunes": tunes})
        self.assertTrue(answer.url.startswith("/account/reauthenticate/"))
        self.assertTrue(User.objects.filter(pk=self.alice.user.pk).exists())
        return self.alice.post(answer.url, {"password": PASSWORD})

    def test_it_says_goodbye_and_signs_out(self) -> None:
        self.alice.get("/about/")
        self.assertEqual(self.leave("keep").url, "/goodbye/")
        self.assertSays(self.alice.get("/goodbye/"), "thank you for the music")
        self.assertEqual(self.who(self.alice), "")

    def test_it_leaves_nothing_of_the_person(self) -> None:
        self.sign_in(Person("alice"))
        self.leave("keep")
        for rows in (User, Profile, EmailAddress, UserSession):
            self.assertFalse(rows.objects.exists(), rows)
        for session in Session.objects.all():
            self.assertNotIn("_auth_user_id", session.get_decoded())

    def test_it_ends_the_visits_of_other_browsers(self) -> None:
        phone = Person("alice")
        self.sign_in(phone)
        self.leave("keep")
        self.assertEqual(self.who(phone), "")

    def test_it_keeps_public_and_unlisted_tunes_without_a_name(self) -> None:
        shown, by_link = a_gallery_tune(self.alice), a_ready_tune(self.alice)
        self.leave("keep")
        for tune in (shown, by_link):
            page = Person("charlie").get(f"/tunes/{tune.pk}/")
            self.assertNotContains(page, "Alice")
            tune.refresh_from_db()
            self.assertIsNone(tune.owner)
            self.assertNotIn(self.key, tune.maker)
        self.assertTrue(shown.in_gallery)
        self.assertEqual(self.alice.get(f"/tunes/{shown.pk}/").context["tune"].is_mine, False)

    def test_it_keeps_nothing_that_only_they_could_see(self) -> None:
        for changes in ({"visibility": "draft"}, {"visibility": "private"}, {"deleted": timezone.now()}):
            a_ready_tune(self.alice, **changes)
        self.leave("keep")
        self.assertFalse(Tune.objects.exists())

    def test_it_deletes_every_tune_with_what_hangs_on_it_and_lets_remixes_live(self) -> None:
        tune, bob = a_gallery_tune(self.alice), Person("bob")
        tune_rate(tune=tune, listener=bob.listener, stars=5)
        remix = a_ready_tune(bob, parent=tune, root=tune.pk)
        a_queued_tune(self.alice)
        self.leave("delete")
        self.assertEqual(list(Tune.objects.values_list("pk", "parent")), [(remix.pk, None)])
        self.assertFalse(Rating.objects.exists())
        self.assertEqual(bob.get(f"/tunes/{remix.pk}/").status_code, 200)
        self.assertEqual(bob.get(f"/tunes/{remix.pk}/family/").status_code, 200)

    def test_it_deletes_a_tune_that_is_being_composed(self) -> None:
        tune = a_queued_tune(self.alice)
        self.addCleanup(let_go, tune_claim(tune_id=tune.pk).claim)
        self.leave("delete")
        self.assertFalse(Tune.objects.exists())

    def test_it_keeps_stars_as_figures_tied_to_nobody(self) -> None:
        tune = a_gallery_tune(Person("bob"))
        tune_rate(tune=tune, listener=self.alice.listener, stars=5)
        self.leave("delete")
        tune.refresh_from_db()
        self.assertEqual((tune.stars_sum, tune.stars_count), (5, 1))
        self.assertTrue(Rating.objects.get().listener.startswith("nobody-"))

    def test_it_tells_the_gallery(self) -> None:
        kept = a_gallery_tune(self.alice)
        with mock.patch("webapp.tunes.leaving.entries_refresh") as refresh:
            self.leave("keep")
        refresh.assert_any_call(tunes=[kept.pk])

    def test_it_takes_nobody_elses_along(self) -> None:
        bob = an_account("bob")
        tune = a_gallery_tune(bob)
        self.leave("delete")
        tune.refresh_from_db()
        self.assertEqual((tune.owner, self.who(bob)), (bob.profile, "Bob"))

    def test_it_writes_a_last_letter(self) -> None:
        self.leave("keep")
        self.assertEqual((mail.outbox[-1].to, mail.outbox[-1].subject), ([ADDRESS], "Your Tunewright account is gone"))

    def test_it_is_done_even_when_the_letter_cannot_be_sent(self) -> None:
        broken = mock.patch("allauth.account.adapter.DefaultAccountAdapter.send_mail", side_effect=OSError)
        with broken, self.assertLogs("webapp.accounts.adapter"):
            self.assertEqual(self.leave("keep").url, "/goodbye/")
        self.assertFalse(User.objects.exists())

    def test_it_wants_the_right_password(self) -> None:
        answer = self.alice.post("/my/leave/", {"tunes": "delete"})
        self.assertSays(self.alice.post(answer.url, {"password": "a guess"}), "That is not your password")
        self.assertEqual(self.who(self.alice), "Alice")

    def test_it_wants_a_clear_choice(self) -> None:
        self.alice.post("/account/reauthenticate/", {"password": PASSWORD})
        for tunes in ("", "both", "\0", "x" * 1_000_000):
            self.assertSays(self.alice.post("/my/leave/", {"tunes": tunes}), "error", 422)
        self.assertEqual(self.who(self.alice), "Alice")

    def test_it_removes_nobody_who_only_looks(self) -> None:
        self.assertSays(self.alice.get("/my/leave/"), "Stars you gave, choices you made and what you reported stay")
        self.assertEqual(self.who(self.alice), "Alice")

    def test_it_frees_the_address_for_a_new_beginning(self) -> None:
        self.leave("keep")
        self.sign_up(self.alice)
        self.assertEqual(Tune.objects.filter(maker=User.objects.get().profile.key).count(), 0)
        self.assertEqual(self.who(self.alice), "Alice")

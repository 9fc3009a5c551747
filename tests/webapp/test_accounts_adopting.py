"""What was composed and rated in a browser comes along into the account, and nothing of anybody else's."""

from __future__ import annotations

from django.contrib.auth.models import User

from tests.builders import Person, a_gallery_tune, a_queued_tune, a_ready_tune, an_account
from tests.webapp.account_forms import ADDRESS, AccountCase
from webapp.ratings.services import tune_rate
from webapp.tunes.claims import let_go
from webapp.tunes.composing import tune_claim
from webapp.tunes.listeners import COOKIE
from webapp.tunes.models import Tune


class ComingAlongTest(AccountCase):
    def test_it_takes_finished_waiting_and_half_composed_tunes_and_stars_along(self) -> None:
        alice, bob = Person("alice"), Person("bob")
        tunes = [a_ready_tune(alice), a_queued_tune(alice), a_queued_tune(alice)]
        claimed = tune_claim(tune_id=tunes[2].pk)
        self.addCleanup(let_go, claimed.claim)
        rated = a_gallery_tune(bob)
        tune_rate(tune=rated, listener=alice.listener, stars=4)
        self.sign_up(alice)
        profile = User.objects.get().profile
        for tune in tunes:
            tune.refresh_from_db()
            self.assertEqual((tune.maker, tune.owner), (profile.key, profile))
        self.assertEqual(tunes[2].claim, claimed.claim)
        self.assertEqual(rated.ratings.get().listener, profile.key)
        self.assertContains(alice.get("/my/tunes/"), tunes[0].title)

    def test_it_takes_them_along_when_signing_in_too(self) -> None:
        alice = an_account("alice", email=ADDRESS)
        phone = Person("alice")
        tune = a_ready_tune(phone)
        self.sign_in(phone)
        tune.refresh_from_db()
        self.assertEqual(tune.owner, alice.profile)

    def test_it_takes_nobody_elses_along(self) -> None:
        tune = a_ready_tune(Person("bob"))
        self.sign_up(Person("alice"))
        tune.refresh_from_db()
        self.assertIsNone(tune.owner)

    def test_it_counts_the_accounts_stars_once(self) -> None:
        alice = an_account("alice", email=ADDRESS)
        phone, tune = Person("alice"), a_gallery_tune(Person("bob"))
        tune_rate(tune=tune, listener=alice.listener, stars=5)
        tune_rate(tune=tune, listener=phone.listener, stars=1)
        self.sign_in(phone)
        tune.refresh_from_db()
        self.assertEqual((tune.stars_sum, tune.stars_count), (5, 1))

    def test_it_does_no_harm_when_one_taps_once_before_and_once_after_signing_in(self) -> None:
        alice = Person("alice")
        sent = {"prompt": "hopeful and full of wonder", "seed": "7", "once": "the-same-tap"}
        first = alice.post("/", sent).url
        self.assertEqual(alice.post("/", sent).url, first)
        self.sign_up(alice)
        second = alice.post("/", sent)
        self.assertEqual(second.status_code, 302)
        self.assertEqual(alice.post("/", sent).url, second.url)
        profile = User.objects.get().profile
        self.assertEqual(set(Tune.objects.values_list("owner", flat=True)), {profile.pk})

    def test_it_gives_the_browser_a_new_key_when_one_signs_out(self) -> None:
        alice = Person("alice")
        before = alice.cookies[COOKIE].value
        tune = a_ready_tune(alice, visibility="private")
        self.sign_up(alice)
        self.sign_out(alice)
        self.assertNotEqual(alice.cookies[COOKIE].value, before)
        self.assertEqual(alice.get(f"/tunes/{tune.pk}/").status_code, 404)
        alice.post("/", {"prompt": "sad", "seed": "1"})
        self.assertEqual(Tune.objects.filter(owner=None).count(), 1)

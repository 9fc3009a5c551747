"""Before the notes: the queue, no worker, cancelling, coming back, a double tap, and pages without JavaScript."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.browsing import DESK, BrowserCase
from tests.browser.servers import start_worker
from tests.builders import Person, a_queued_tune
from webapp.tunes.models import Status, Tune


class WaitingTest(BrowserCase):
    def test_it_says_within_ten_seconds_that_nobody_composes_and_goes_on_when_somebody_comes(self) -> None:
        page = self.visitor()
        self.compose(page, "hopeful and full of wonder")
        expect(page.get_by_text("No composer is")).to_be_visible(timeout=10_000)
        expect(page.get_by_role("button", name="cancel")).to_be_visible()
        # What other tests left in the queue would come first.
        Tune.objects.exclude(pk=page.url.split("/")[-2]).update(status=Status.CANCELLED)
        worker = start_worker()
        self.addCleanup(worker.stop)
        self.finished(page)
        expect(page.get_by_text("No composer is")).to_have_count(0)

    def test_a_double_tap_makes_one_tune(self) -> None:
        before = Tune.objects.count()
        page = self.visitor()
        page.goto("/")
        page.get_by_label("What should it feel like?").fill("two taps, one tune")
        page.get_by_role("button", name="Compose", exact=True).dblclick(no_wait_after=True)
        page.wait_for_url("**/tunes/*/")
        self.assertEqual(Tune.objects.count(), before + 1)

    def test_it_can_be_cancelled_and_composed_after_all(self) -> None:
        page = self.visitor()
        self.compose(page, "a tune nobody waits for")
        page.get_by_role("button", name="cancel").click()
        expect(page.get_by_text("You stopped this one")).to_be_visible()
        page.get_by_role("button", name="Compose it after all").click()
        expect(page.get_by_role("button", name="cancel")).to_be_visible()
        expect(page.get_by_text("in the queue")).to_be_visible()

    def test_it_can_be_cancelled_while_notes_come(self) -> None:
        alice = Person("alice")
        tune = a_queued_tune(alice)
        self.write(tune, 1, "DFAd fdAF|DFAd")
        page = self.visitor(alice)
        page.goto(tune.get_absolute_url())
        expect(page.locator(".sheet .abcjs-note")).to_have_count(12)
        page.get_by_role("button", name="cancel").click()
        expect(page.get_by_text("You stopped this one")).to_be_visible()
        tune.refresh_from_db()
        self.assertEqual(tune.status, Status.CANCELLED)

    def test_a_second_window_sees_the_cancelling(self) -> None:
        alice = Person("alice")
        tune = a_queued_tune(alice)
        page = self.visitor(alice)
        page.goto(tune.get_absolute_url())
        expect(page.get_by_role("button", name="cancel")).to_be_visible()
        Tune.objects.filter(pk=tune.pk).update(status=Status.CANCELLED)
        expect(page.get_by_text("You stopped this one")).to_be_visible()

    def test_a_rejected_attempt_clears_the_staff(self) -> None:
        tune = a_queued_tune(Person("alice"))
        page = self.visitor()
        page.goto(tune.get_absolute_url())
        notes = page.locator(".sheet .abcjs-note")
        self.write(tune, 1, "DFAd fdAF|DFAd")
        expect(notes).to_have_count(12)
        self.write(tune, 1, "DFAd fdAF|DFAd fdAF|DF")
        expect(notes).to_have_count(18)
        expect(page.get_by_text("Composing… bar 3")).to_be_visible()
        self.write(tune, 2, "D4")
        expect(notes).to_have_count(1)
        expect(page.get_by_text("Composing… bar 1")).to_be_visible()

    def test_a_late_or_reloaded_page_shows_what_is_there(self) -> None:
        tune = a_queued_tune(Person("alice"))
        self.write(tune, 1, "DFAd fdAF|DFAd")
        page = self.visitor()
        page.goto(tune.get_absolute_url())
        expect(page.locator(".sheet .abcjs-note")).to_have_count(12)
        page.reload()
        expect(page.locator(".sheet .abcjs-note")).to_have_count(12)

    def test_it_comes_back_by_itself_when_the_connection_was_lost(self) -> None:
        tune = a_queued_tune(Person("alice"))
        page = self.visitor()
        page.route("**/events/", lambda route: route.abort())
        page.goto(tune.get_absolute_url())
        expect(page.get_by_text("The connection was lost.")).to_be_visible()
        page.unroute("**/events/")
        self.write(tune, 1, "DFAd fdAF|DFAd")
        expect(page.locator(".sheet .abcjs-note")).to_have_count(12)
        expect(page.get_by_text("The connection was lost.")).to_be_hidden()
        page.watched.forgive("ERR_FAILED")

    def test_the_staff_and_what_is_below_stay_where_they_are_while_it_grows(self) -> None:
        tune = a_queued_tune(Person("alice"))
        Tune.objects.filter(pk=tune.pk).update(conditions=tune.conditions | {"bars": 16})
        page = self.visitor(viewport=DESK)
        page.goto(tune.get_absolute_url())
        places = []
        for bars in (1, 5, 9, 15):
            self.write(tune, 1, "".join("DFAd fdAF|" + ("\n" if bar % 4 == 3 else "") for bar in range(bars)))
            expect(page.locator(".sheet .abcjs-note")).to_have_count(bars * 8)
            places.append((page.locator(".sheet").bounding_box()["y"], page.locator(".footer").bounding_box()["y"]))
        self.assertEqual(len(set(places)), 1, places)

    def test_a_failed_tune_says_why_and_offers_another_try(self) -> None:
        tune = a_queued_tune(Person("alice"), status=Status.FAILED, reason="Eight attempts were not good enough.")
        page = self.visitor()
        page.goto(tune.get_absolute_url())
        expect(page.get_by_text("Eight attempts were not good enough.")).to_be_visible()
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_text("in the queue")).to_be_visible()

    def test_going_offline_is_said_and_taken_back(self) -> None:
        page = self.visitor()
        page.goto("/about/", wait_until="networkidle")
        page.context.set_offline(True)
        expect(page.get_by_text("You are offline.")).to_be_visible()
        page.context.set_offline(False)
        expect(page.get_by_text("You are offline.")).to_be_hidden()

    def write(self, tune: Tune, attempt: int, body: str) -> None:
        """What a worker writes to the row, at this moment of the composing."""
        header = f"X:1\nT:{tune.title}\nM:4/4\nL:1/8\nQ:1/4=120\nK:D\n"
        Tune.objects.filter(pk=tune.pk).update(status=Status.COMPOSING, attempt=attempt, abc=header + body)

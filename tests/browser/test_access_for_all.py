"""Every page by axe-core's rules of WCAG 2.2 AA, in both themes; at 320 px nothing is wider than the screen."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse

from tests.browser.axe import wrongs
from tests.browser.browsing import NARROW, TOO_WIDE, BrowserCase
from tests.builders import Person, a_comment, a_gallery_tune, a_queued_tune, a_ready_tune, an_account
from tests.webapp.routes import routes
from webapp.tunes.models import Status, Tag

# Addresses that are no pages: files, streams, answers for scripts, and doors that only send somebody on.
NO_PAGES = ("tune-events", "tune-abc", "tune-midi", "worker-status", "healthz")


class AccessForAllTest(BrowserCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.alice = an_account("alice")
        tune = a_gallery_tune(cls.alice, description="For a friend.\nSlowly.")
        tune.tags.add(Tag.objects.get_or_create(name="session")[0])
        child = a_gallery_tune(cls.alice, parent=tune, root=tune.pk, tweak="sadder", valence=-0.5, arousal=-0.5)
        states = [a_queued_tune(cls.alice, status=status, reason="So it goes.") for status in ("queued", "failed")]
        comment = a_comment(cls.alice, tune, "It came from a walk home in the rain.")
        a_comment(cls.alice, tune, "A long one.", parent=comment)
        cls.known = {"comment_id": comment.pk, "tune_id": tune.pk, "slug": cls.alice.profile.slug}
        cls.more = [page.get_absolute_url() for page in (child, *states)]
        a_ready_tune(cls.alice, status=Status.CANCELLED)

    def pages(self, person: Person) -> list[str]:
        """Every address of the URL configuration that answers with a page, a tune, a maker and so on in its place."""
        found = []
        for route in routes():
            if route.is_admin or route.is_api or route.name in NO_PAGES:
                continue
            found.append(reverse(route.name, kwargs=route.filled(**self.known)))
        return [address for address in (*found, *self.more, "/no/such/page/") if _is_page(person.get(address))]

    def walk(self, person: Person, **options: object) -> list[str]:
        page = self.visitor(person, **options)
        found = []
        for address in self.pages(person):
            page.goto(address)
            found += [f"{address}: {wrong}" for wrong in wrongs(page)]
            if (wide := page.evaluate(TOO_WIDE)) > 0:
                found.append(f"{address}: {wide} px wider than the screen")
        page.watched.wrongs.clear()  # pages that are not there say so in the console
        return found

    def test_it_keeps_nobody_out_by_day(self) -> None:
        self.assertEqual(self.walk(self.alice, color_scheme="light", viewport=NARROW), [])

    def test_it_keeps_nobody_out_by_night(self) -> None:
        self.assertEqual(self.walk(self.alice, color_scheme="dark"), [])

    def test_it_keeps_no_stranger_out(self) -> None:
        self.assertEqual(self.walk(Person("charlie"), color_scheme="light"), [])
        self.assertEqual(self.walk(Person("charlie"), color_scheme="dark", viewport=NARROW), [])


def _is_page(answer: HttpResponse) -> bool:
    return answer.status_code in (200, 404) and answer.get("Content-Type", "").startswith("text/html")

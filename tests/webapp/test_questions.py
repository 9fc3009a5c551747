"""No page asks the database more than twelve questions, however much there is to show."""

from __future__ import annotations

from django.db import connection
from django.http import HttpResponse
from django.test import Client, TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.builders import Person, a_comment, a_gallery_tune, a_token, an_account
from tests.webapp.duelling import a_human_riddle, a_machine_riddle, a_vote, an_open_pair
from tests.webapp.routes import Route, routes
from webapp.duels.riddles import riddle_guess
from webapp.tunes.models import Tag

MOST = 12
STREAMS = ("tune-events", "api-tune-events")
FILES = ("export",)  # asks each app for what it keeps
GENEROUS = {"TUNES_PER_MINUTE_VISITOR": 10_000, "TUNES_PER_MINUTE_ADDRESS": 10_000}


@override_settings(**GENEROUS)
class QuestionsTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        with override_settings(**GENEROUS):
            cls.alice = an_account("alice")
            cls.tune = a_gallery_tune(cls.alice)
            for number in range(30):
                child = a_gallery_tune(cls.alice, parent=cls.tune, root=cls.tune.pk, tweak="faster")
                child.tags.add(Tag.objects.get_or_create(name=f"tag {number % 5}")[0])
        for number in range(20):
            thread = a_comment(cls.alice, cls.tune, f"number {number}")
            for person in (cls.alice, an_account(f"number {number}")):
                a_comment(person, cls.tune, "an answer", parent=thread)
        a_human_riddle()
        cls.pair, cls.riddle = an_open_pair(cls.alice), a_machine_riddle()
        a_vote(cls.pair, cls.alice, "folkrnn")
        riddle_guess(riddle=cls.riddle, listener=cls.alice.listener, said="human")
        cls.known = {"tune_id": cls.tune.pk, "comment_id": thread.pk, "slug": cls.alice.profile.slug}
        cls.known |= {"pair_id": cls.pair.pk, "riddle_id": cls.riddle.pk}

    def test_it_asks_at_most_twelve_questions_for_any_page(self) -> None:
        seen = 0
        for person in (self.alice, an_account("bob"), Person("charlie")):
            for route in routes():
                if route.is_admin or route.name in STREAMS or route.name in FILES:
                    continue
                answer, asked = self.ask(person, route)
                seen += answer.status_code == 200
                with self.subTest(route.name):
                    self.assertLessEqual(len(asked), MOST, "\n".join(query["sql"][:200] for query in asked))
        self.assertGreater(seen, 40)

    def test_duels_and_riddles_are_among_the_pages_before_and_after_the_choice(self) -> None:
        for person in (self.alice, an_account("bob")):
            for path in (self.pair.get_absolute_url(), self.riddle.get_absolute_url()):
                self.assertEqual(person.get(path).status_code, 200)

    def test_it_asks_at_most_twelve_questions_for_a_program_with_a_token(self) -> None:
        shown = {"Authorization": f"Bearer {a_token(self.alice)}"}
        seen = 0
        for route in routes():
            if not route.is_api or route.name in STREAMS:
                continue
            answer, asked = self.ask(Client(headers=shown), route)
            seen += answer.status_code == 200
            with self.subTest(route.name):
                self.assertLessEqual(len(asked), MOST, "\n".join(query["sql"][:200] for query in asked))
        self.assertGreater(seen, 10)

    def ask(self, person: Client, route: Route) -> tuple[HttpResponse, list[dict]]:
        where = "/" + route.pattern
        if ":" in route.name or "/" not in route.name:
            where = reverse(route.name, kwargs=route.filled(**self.known))
        with CaptureQueriesContext(connection) as queries:
            answer = person.get(where)
        return answer, [query for query in queries.captured_queries if "SAVEPOINT" not in query["sql"]]

"""The ranking: statistics against known cases, who reckons it and when, and what the page says."""

from __future__ import annotations

import tempfile
import unittest
from datetime import timedelta
from unittest import mock

import numpy as np
from django.test import TestCase
from django.utils import timezone

from tests.builders import Person
from tests.test_border import run_python
from tests.webapp.duelling import a_human_riddle, a_machine_riddle, a_vote, an_open_pair, at_most_queries
from webapp.duels.house import composer_names
from webapp.duels.models import Reckoning, Standing
from webapp.duels.reckoning import standings_reckon
from webapp.duels.reckoning_due import reckoning_request
from webapp.duels.riddles import riddle_guess
from webapp.duels.selectors import fooled, standings, votes_between
from webapp.duels.strengths import share, strengths
from webapp.duels.tasks import night, reckon

NAMES = ("harper", "piper", "fiddler", "drummer")
TRUE = np.array([0.9, 0.3, -0.2, -1.0])


def chance(i: int, j: int) -> float:
    return 1 / (1 + np.exp(TRUE[j] - TRUE[i]))


def simulated(rng: np.random.Generator, votes: int) -> list[tuple[str, str, int]]:
    """Votes on random pairs by listeners who follow the model."""
    out = []
    for _ in range(votes):
        i, j = rng.choice(len(NAMES), 2, replace=False)
        winner, loser = (i, j) if rng.random() < chance(i, j) else (j, i)
        out.append((NAMES[winner], NAMES[loser], 1))
    return out


class StrengthsTest(unittest.TestCase):
    def test_many_votes_bring_back_order_and_shares(self) -> None:
        found = strengths(NAMES, simulated(np.random.default_rng(1), 6000))
        self.assertEqual(sorted(found, key=lambda name: -found[name].value), list(NAMES))
        for i, name in enumerate(NAMES):
            truth = np.mean([chance(i, j) for j in range(len(NAMES)) if j != i])
            self.assertAlmostEqual(found[name].value, truth, delta=0.03)

    def test_intervals_hold_the_truth_about_as_often_as_they_say(self) -> None:
        rng, held, all_of_them = np.random.default_rng(2), 0, 0
        for _ in range(150):
            found = strengths(NAMES, simulated(rng, 120))
            for i, name in enumerate(NAMES):
                truth = np.mean([chance(i, j) for j in range(len(NAMES)) if j != i])
                held += found[name].low <= truth <= found[name].high
                all_of_them += 1
        self.assertGreaterEqual(held / all_of_them, 0.92)
        self.assertLessEqual(held / all_of_them, 0.99)

    def test_of_two_the_share_is_the_share_of_wins(self) -> None:
        found = strengths(("harper", "piper"), [("harper", "piper", 300), ("piper", "harper", 100)])
        self.assertAlmostEqual(found["harper"].value, 0.75, delta=0.002)
        self.assertAlmostEqual(found["harper"].value + found["piper"].value, 1, places=6)
        # Wald's interval on the logit: 0.705 to 0.790.
        self.assertAlmostEqual(found["harper"].low, 0.705, delta=0.008)
        self.assertAlmostEqual(found["harper"].high, 0.790, delta=0.008)

    def test_one_who_never_lost_is_not_infinitely_strong(self) -> None:
        found = strengths(NAMES, [("harper", other, 5) for other in NAMES[1:]])
        self.assertTrue(0.7 < found["harper"].value < 0.99)
        self.assertTrue(all(np.isfinite([one.low, one.high]).all() for one in found.values()))
        self.assertTrue(all(0 < one.low < one.value < one.high < 1 for one in found.values()))

    def test_few_votes_give_wide_intervals(self) -> None:
        few, many = ([("harper", "piper", n), ("piper", "harper", n)] for n in (2, 200))
        few, many = (strengths(("harper", "piper"), votes)["harper"] for votes in (few, many))
        self.assertGreater(few.high - few.low, 5 * (many.high - many.low))

    def test_a_composer_nobody_has_heard_is_anywhere(self) -> None:
        found = strengths(NAMES, [("harper", "piper", 50), ("piper", "harper", 50)])
        self.assertGreater(found["drummer"].high - found["drummer"].low, 0.6)

    def test_without_votes_nobody_leads_and_alone_there_is_no_ranking(self) -> None:
        self.assertEqual({one.value for one in strengths(("a", "b"), []).values()}, {0.5})
        self.assertEqual(strengths(("a",), []), {})

    def test_the_same_votes_give_the_same_figures(self) -> None:
        votes = simulated(np.random.default_rng(3), 50)
        self.assertEqual(strengths(NAMES, votes), strengths(NAMES, votes[::-1]))

    def test_shares_have_wilsons_interval(self) -> None:
        found = share(3, 10)
        self.assertAlmostEqual(found.low, 0.1078, places=3)  # Wilson 1927, worked by hand
        self.assertAlmostEqual(found.high, 0.6032, places=3)
        self.assertEqual((share(0, 0).low, share(0, 0).high), (0, 1))
        self.assertEqual(share(0, 5).low, 0)
        self.assertLess(share(5, 5).low, 1)


class ReckonTest(TestCase):
    def setUp(self) -> None:
        self.people = [Person(f"listener{number}") for number in range(8)]

    def test_votes_become_standings(self) -> None:
        pair = an_open_pair(self.people[0])
        for number, person in enumerate(self.people):
            a_vote(pair, person, "transformer" if number < 6 else "folkrnn")
        self.assertEqual(set(votes_between()), {("transformer", "folkrnn", 6), ("folkrnn", "transformer", 2)})
        standings_reckon()
        told = {row.composer: row for row in standings()}
        first, second = told["transformer"], told["folkrnn"]
        self.assertEqual((first.composer, first.count, first.hits), ("transformer", 8, 6))
        self.assertEqual((second.composer, second.count, second.hits), ("folkrnn", 8, 2))
        self.assertTrue(0.5 < first.value < 0.75 and first.low < first.value < first.high)

    def test_guesses_become_shares_of_the_fooled(self) -> None:
        human, machine = a_human_riddle(), a_machine_riddle()
        for number, person in enumerate(self.people):
            riddle_guess(riddle=machine, listener=person.listener, said="human" if number < 2 else "machine")
            riddle_guess(riddle=human, listener=person.listener, said="machine" if number < 5 else "human")
        standings_reckon()
        told = {(row.kind, row.composer): (row.hits, row.count) for row in fooled()}
        self.assertEqual(told[("fooled", "")], (2, 8))
        self.assertEqual(told[("fooled", machine.composer)], (2, 8))
        self.assertEqual(told[("mistaken", "")], (5, 8))

    def test_reckoned_twice_it_says_the_same_once(self) -> None:
        a_vote(an_open_pair(self.people[0]), self.people[0], "folkrnn")
        reckon()
        before = list(Standing.objects.order_by("kind", "composer").values("kind", "composer", "value", "low", "high"))
        night()
        self.assertEqual(
            list(Standing.objects.order_by("kind", "composer").values("kind", "composer", "value", "low", "high")),
            before,
        )
        self.assertEqual(Reckoning.objects.count(), 1)

    def test_a_skip_counts_for_nobody(self) -> None:
        pair = an_open_pair(self.people[0])
        self.people[0].post(f"/duels/{pair.pk}/choose/", {"skip": "1"})
        self.assertEqual(votes_between(), [])
        self.assertFalse(Reckoning.objects.exists())


class DueTest(TestCase):
    def request(self) -> list[float]:
        """Seconds in which the worker was asked to reckon; empty: it was not asked."""
        with (
            mock.patch("webapp.duels.tasks.reckon.apply_async") as asked,
            self.captureOnCommitCallbacks(execute=True),
        ):
            reckoning_request()
        return [round(call.kwargs["countdown"]) for call in asked.call_args_list]

    def test_the_first_vote_asks_at_once_and_those_that_follow_wait_with_it(self) -> None:
        self.assertEqual(self.request(), [0])
        self.assertEqual(self.request(), [])

    def test_within_a_minute_it_is_put_off_to_the_minutes_end(self) -> None:
        standings_reckon()
        Reckoning.objects.update(made=timezone.now() - timedelta(seconds=20))
        self.assertEqual(self.request(), [40])
        self.assertEqual(self.request(), [])

    def test_one_that_was_lost_is_asked_for_again(self) -> None:
        self.request()
        Reckoning.objects.update(due=timezone.now() - timedelta(minutes=2))
        self.assertEqual(self.request(), [0])

    def test_no_broker_loses_no_vote(self) -> None:
        with (
            mock.patch("webapp.duels.tasks.reckon.apply_async", side_effect=OSError),
            self.assertLogs("webapp.duels.reckoning_due", "ERROR"),
            self.captureOnCommitCallbacks(execute=True),
        ):
            reckoning_request()


class PageTest(TestCase):
    def test_before_the_first_vote_it_says_so(self) -> None:
        page = Person("alice").get("/duels/ranking/")
        self.assertContains(page, "Nobody has chosen yet.")
        self.assertContains(page, "Nobody has guessed yet.")

    def test_it_draws_and_tells_the_same_figures(self) -> None:
        pair, people = an_open_pair(Person("alice")), [Person(f"p{number}") for number in range(4)]
        for person in people:
            a_vote(pair, person, "folkrnn")
        riddle_guess(riddle=a_human_riddle(), listener=people[0].listener, said="machine")
        standings_reckon()
        page = Person("bob").get("/duels/ranking/").content.decode()
        for words in (
            "It rests on 4 choices, which is few",
            "Folk-RNN",
            "Transformer",
            "UTC",
            "1 of 1",
            "95 % interval",
        ):
            self.assertIn(words, page)
        self.assertLess(page.index(">Folk-RNN<"), page.index(">Transformer<"))
        self.assertEqual(page.count('class="chart-dot"'), len(composer_names()))
        self.assertNotIn("style=", page)
        with at_most_queries(self):
            people[0].get("/duels/ranking/")


class SmallWebTest(unittest.TestCase):
    VISIT = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "webapp.settings"
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from generator import composer_cards
from tests.builders import Person
from tests.webapp.duelling import a_human_riddle, a_machine_riddle, a_waiting_pair, finish, BODIES
alice = Person("alice", SERVER_NAME="localhost")
pair = a_waiting_pair(alice)
for side, body in zip(pair.sides.all(), BODIES):
    finish(side.tune, body)
riddles = [a_human_riddle(), a_machine_riddle()]
page = f"/duels/{pair.pk}/"
token = pair.sides.first().token
for answer in (
    alice.get("/duels/"), alice.post("/duels/"), alice.get(page), alice.get(page + "status/"),
    alice.post(page + "choose/", {"side": token}), alice.get(page), alice.get("/duels/human/"),
    alice.post("/duels/human/"), alice.get(f"/duels/human/{riddles[0].pk}/"),
    alice.post(f"/duels/human/{riddles[0].pk}/guess/", {"said": "human"}), alice.get("/duels/ranking/"),
):
    assert answer.status_code in (200, 302), (answer.status_code, answer.content)
sys.exit(", ".join(sorted({"torch", "numba", "scipy", "choix", "music21"} & set(sys.modules))) or 0)
"""

    def test_pages_load_no_statistics_and_no_music21(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            own = {"TUNEWRIGHT_VAR": folder, "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3"}
            done = run_python(self.VISIT, **own, CELERY_BROKER_URL="filesystem://")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

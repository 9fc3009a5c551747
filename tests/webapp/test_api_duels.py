"""Duels and riddles through the API: blind before the choice, one choice each, the ranking for everybody."""

from __future__ import annotations

import json

from tests.builders import a_token
from tests.webapp.duelling import a_human_riddle, a_machine_riddle, a_vote, a_waiting_pair, an_open_pair
from tests.webapp.test_api_tunes import WithPeople
from webapp.duels.models import Guess, Vote
from webapp.duels.reckoning import standings_reckon


class BadDuelTest(WithPeople):
    def test_it_refuses_choices_that_are_none(self) -> None:
        pair = an_open_pair(self.alice)
        a_vote(pair, self.alice, "transformer")
        side = an_open_pair(self.alice).sides.first().token  # of another pair
        for sent in (
            {},
            {"side": ""},
            {"side": side},
            {"side": "x"},
            {"side": "a\x00b"},
            {"side": 7},
            {"side": None},
            {"side": []},
            {"side": pair.sides.first().token, "skip": True},
            {"skip": False},
            {"skip": "perhaps"},
            {"skip": True, "heard": 3},
            {"skip": True, "heard": -1},
            {"skip": True, "listener": "x"},
        ):
            with self.subTest(ascii(sent)):
                self.refused("POST", f"duels/{pair.pk}/vote/", self.bob, sent, 400)
        for rhythm in ("techno", 7, None):
            self.refused("POST", "duels/", self.bob, {"rhythm": rhythm}, 400, "rhythm")
        self.assertFalse(Vote.objects.filter(listener=self.bob.profile.key).exists())

    def test_it_refuses_guesses_that_are_none(self) -> None:
        riddle = a_human_riddle()
        for said in ("", "dog", None, 7, True):
            self.refused("POST", f"duels/human/{riddle.pk}/guess/", self.bob, {"said": said}, 400, "said")
        self.assertFalse(Guess.objects.exists())

    def test_it_has_nothing_elsewhere(self) -> None:
        for where in (f"duels/{'x' * 22}/", f"duels/human/{'x' * 22}/", "duels/x/", "duels/human/x/"):
            self.refused("GET", where, self.bob, None, 404)
        self.refused("POST", f"duels/{'x' * 22}/vote/", self.bob, {"skip": True}, 404)
        self.refused("POST", "duels/", None, {}, 401)

    def test_it_refuses_a_choice_before_both_are_written(self) -> None:
        pair = a_waiting_pair(self.bob)
        self.assertEqual(self.ask("GET", f"duels/{pair.pk}/", self.bob).json()["sides"], [])
        error = self.refused("POST", f"duels/{pair.pk}/vote/", self.bob, {"skip": True}, 409)
        self.assertEqual(error["code"], "not_open")

    def test_it_counts_one_choice_whatever_the_token(self) -> None:
        pair, riddle = an_open_pair(self.alice), a_human_riddle()
        side = self.ask("GET", f"duels/{pair.pk}/", self.bob).json()["sides"][0]["side"]
        vote, guess = f"duels/{pair.pk}/vote/", f"duels/human/{riddle.pk}/guess/"
        self.assertEqual(self.ask("POST", vote, self.bob, {"side": side}).status_code, 200)
        self.assertEqual(self.ask("POST", guess, self.bob, {"said": "human"}).status_code, 200)
        self.tokens[self.bob] = a_token(self.bob)
        for where, sent in ((vote, {"side": side}), (guess, {"said": "machine"})):
            error = self.refused("POST", where, self.bob, sent, 409)
            self.assertEqual(error["code"], "already_said")
        self.assertEqual((Vote.objects.count(), Guess.objects.get().said), (1, "human"))


class DuelApiTest(WithPeople):
    def test_it_tells_no_composer_before_the_choice(self) -> None:
        pair = an_open_pair(self.alice)
        sides = list(pair.sides.select_related("tune"))
        secrets = [word for side in sides for word in (side.composer, side.tune.pk, side.tune.checkpoint)]
        for person in (None, self.bob):
            text = json.dumps(self.ask("GET", f"duels/{pair.pk}/", person).json())
            for secret in secrets:
                self.assertNotIn(secret, text)
        asked = self.ask("POST", "duels/", self.bob, {})
        self.assertEqual((asked.status_code, asked.json()["id"]), (200, pair.pk))
        side = asked.json()["sides"][0]["side"]
        told = self.ask("POST", f"duels/{pair.pk}/vote/", self.bob, {"side": side, "heard": 2}).json()
        self.assertEqual((told["voted"], told["chosen"]), (True, side))
        self.assertEqual({face["told"]["composer"] for face in told["sides"]}, {side.composer for side in sides})
        self.assertEqual([face["told"]["times"] for face in told["sides"] if face["side"] == side], [1])
        self.assertIsNone(self.ask("GET", f"duels/{pair.pk}/", self.alice).json()["sides"][0]["told"])

    def test_it_keeps_a_listeners_order(self) -> None:
        pair = an_open_pair(self.alice)
        orders = {
            str([face["side"] for face in self.ask("GET", f"duels/{pair.pk}/", self.bob).json()["sides"]])
            for _ in "123"
        }
        self.assertEqual(len(orders), 1)

    def test_it_asks_for_a_new_pair_where_there_is_none(self) -> None:
        asked = self.ask("POST", "duels/", self.bob, {"rhythm": "jig"})
        self.assertEqual((asked.status_code, asked.json()["status"]), (202, "composing"))

    def test_it_tells_what_a_riddle_is_after_the_guess(self) -> None:
        waiting = self.ask("POST", "duels/human/", self.bob)
        self.assertEqual((waiting.status_code, waiting.json()), (202, {"riddle": None}))
        human, machine = a_human_riddle(), a_machine_riddle()
        asked = self.ask("POST", "duels/human/", self.bob).json()["riddle"]
        self.assertIn(asked["id"], (human.pk, machine.pk))
        for riddle in (human, machine):
            face = self.ask("GET", f"duels/human/{riddle.pk}/", self.bob).json()
            self.assertEqual((set(face), face["guess"]), ({"id", "abc", "tempo_qpm", "guess"}, None))
            self.assertNotIn(riddle.title, json.dumps(face))
            told = self.ask("POST", f"duels/human/{riddle.pk}/guess/", self.bob, {"said": "human"}).json()["guess"]
            self.assertEqual((told["right"], told["composer"]), (riddle is human, riddle.composer))

    def test_it_ranks_for_everybody(self) -> None:
        a_vote(pair := an_open_pair(self.alice), self.bob, "transformer")
        standings_reckon()
        told = self.ask("GET", "duels/ranking/").json()
        self.assertIsNotNone(told["made"])
        self.assertLessEqual(
            {side.composer for side in pair.sides.all()}, {row["composer"] for row in told["standings"]}
        )
        for row in told["standings"]:
            self.assertLessEqual(row["low"], row["high"])
            self.assertTrue(row["title"])

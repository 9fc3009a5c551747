"""Whose choices count, what of them goes into one's export, and what stays when somebody leaves."""

from __future__ import annotations

import json
import zipfile

from django.test import TestCase

from tests.builders import Person, an_account
from tests.webapp.duelling import a_human_riddle, a_vote, an_open_pair, side_of
from webapp.accounts.exporting import export_of
from webapp.accounts.leaving import account_leave
from webapp.duels.models import Guess, Vote
from webapp.duels.riddles import riddle_guess
from webapp.moderation.models import Block


class PeopleTest(TestCase):
    def setUp(self) -> None:
        self.wren = an_account("wren")
        self.pair, self.riddle = an_open_pair(self.wren), a_human_riddle()

    def test_whom_the_staff_have_blocked_neither_chooses_nor_guesses(self) -> None:
        Block.objects.create(key=self.wren.listener.key)
        chosen = self.wren.post(f"/duels/{self.pair.pk}/choose/", {"side": side_of(self.pair, "folkrnn").token})
        guessed = self.wren.post(f"/duels/human/{self.riddle.pk}/guess/", {"said": "human"})
        self.assertEqual((chosen.status_code, guessed.status_code), (403, 403))
        self.assertFalse(Vote.objects.exists() or Guess.objects.exists())

    def test_choices_and_guesses_can_be_taken_home(self) -> None:
        a_vote(self.pair, self.wren, "folkrnn")
        riddle_guess(riddle=self.riddle, listener=self.wren.listener, said="machine")
        a_vote(self.pair, Person("bob"), "transformer")
        with export_of(self.wren.listener) as kept, zipfile.ZipFile(kept) as archive:
            duels, guesses = (json.loads(archive.read(name)) for name in ("duels.json", "guesses.json"))
        self.assertEqual([row["preferred"] for row in duels], ["folkrnn"])
        self.assertEqual([(row["said"], row["was"]) for row in guesses], [("machine", "human")])

    def test_they_stay_without_the_person_who_leaves(self) -> None:
        a_vote(self.pair, self.wren, "folkrnn")
        a_vote(second := an_open_pair(self.wren), self.wren, "folkrnn")
        riddle_guess(riddle=self.riddle, listener=self.wren.listener, said="human")
        key = self.wren.listener.key
        account_leave(profile=self.wren.profile, with_tunes=True)
        left = [*Vote.objects.values_list("listener", flat=True), *Guess.objects.values_list("listener", flat=True)]
        self.assertEqual(len(set(left)), 3)
        self.assertNotIn(key, left)
        second.refresh_from_db()
        self.assertNotEqual(second.asker, key)

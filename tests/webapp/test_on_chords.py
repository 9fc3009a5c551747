"""Chords alone, and the tune that is composed on them."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

from django.test import TestCase

from generator import Conditions, composer_cards
from tests.builders import Person, a_queued_tune, a_ready_tune
from webapp.tunes import on_chords
from webapp.tunes.composing import tune_compose
from webapp.tunes.models import Status, Tune

FOUND = Conditions(key="E", mode="minor", meter="3/4", bars=4, tempo_qpm=80, chords=("Em", "C,G/B", "Am7", "B7"))


class OnChordsTest(TestCase):
    def setUp(self) -> None:
        self.alice, self.charlie = Person("alice"), Person("charlie")
        self.chords = a_ready_tune(self.alice, composer="chords-alone", conditions=FOUND.as_dict())
        cards = [*composer_cards(), replace(composer_cards()[0], name="chords-alone", kind="chords", takes=())]
        for name in ("webapp.tunes.on_chords.composer_cards", "generator.composer_cards"):
            patcher = patch(name, lambda: cards)
            patcher.start()
            self.addCleanup(patcher.stop)

    def ask(self, person: Person, tune: Tune, **posted: str) -> object:
        return person.post(f"/tunes/{tune.pk}/on-chords/", posted)

    def test_the_page_of_bare_chords_offers_a_tune_on_them(self) -> None:
        self.assertContains(self.alice.get(f"/tunes/{self.chords.pk}/"), "Compose a tune on these chords")

    def test_no_other_page_does(self) -> None:
        tune = a_ready_tune(self.alice)
        self.assertNotContains(self.alice.get(f"/tunes/{tune.pk}/"), "on these chords")
        self.assertEqual(self.ask(self.alice, tune).status_code, 404)
        self.assertEqual(self.alice.get(f"/tunes/{self.chords.pk}/on-chords/").status_code, 405)

    def test_the_flagship_gets_chords_key_meter_and_bars_and_makes_a_child(self) -> None:
        with self.captureOnCommitCallbacks() as jobs:
            answer = self.ask(self.alice, self.chords, once="tap")
        child = Tune.objects.get(pk=answer.url.split("/")[2])
        self.assertEqual((len(jobs), child.status, child.composer), (1, Status.QUEUED, "transformer"))
        self.assertEqual((child.parent, child.root, child.tweak), (self.chords, self.chords.family, "on_chords"))
        for name in on_chords.GIVEN:
            self.assertEqual(child.asked[name], FOUND.as_dict()[name], name)
            self.assertEqual(child.conditions[name], FOUND.as_dict()[name], name)
        self.assertEqual((child.valence, child.arousal), (self.chords.valence, self.chords.arousal))

    def test_a_double_tap_makes_one(self) -> None:
        first, second = (self.ask(self.alice, self.chords, once="same") for _ in range(2))
        self.assertEqual(first.url, second.url)
        self.assertEqual(Tune.objects.count(), 2)

    def test_its_family_says_what_became_of_the_chords(self) -> None:
        self.ask(self.alice, self.chords)
        self.assertContains(self.alice.get(f"/tunes/{self.chords.pk}/"), "a tune on its chords")
        self.assertContains(self.alice.get(f"/tunes/{self.chords.pk}/family/"), "a tune on its chords")

    def test_a_stranger_cannot_ask_for_one_on_private_chords(self) -> None:
        Tune.objects.filter(pk=self.chords.pk).update(visibility="private")
        self.assertEqual(self.ask(self.charlie, self.chords).status_code, 404)


class ShippedTest(TestCase):
    def test_chords_that_are_composed_here_wait_for_a_melody(self) -> None:
        alice = Person("alice")
        tune = a_queued_tune(alice, composer="rbm-mended")
        tune_compose(tune_id=tune.pk)
        tune.refresh_from_db()
        self.assertEqual((tune.status, len(tune.conditions["chords"]), bytes(tune.midi[:4])), ("ready", 16, b"MThd"))
        self.assertContains(alice.get(f"/tunes/{tune.pk}/"), "Compose a tune on these chords")
        alice.post(f"/tunes/{tune.pk}/on-chords/")
        child = Tune.objects.get(parent=tune)
        self.assertEqual(child.conditions["chords"], tune.conditions["chords"])

"""Tweak and again: one tap changes one thing, and the rest stays."""

from __future__ import annotations

from django.test import TestCase

from generator import Conditions, interpret
from tests.builders import Person, a_ready_tune
from webapp.tunes.models import Status, Tune
from webapp.tunes.tweaks import TWEAKS

SAME = ("bars", "form", "tradition")


class AgainTest(TestCase):
    def setUp(self) -> None:
        self.alice = Person("alice")
        self.parent = a_ready_tune(self.alice)

    def child(self, tweak: str, parent: Tune | None = None, **posted: object) -> Tune:
        parent = parent or self.parent
        with self.captureOnCommitCallbacks() as jobs:
            answer = self.alice.post(f"/tunes/{parent.pk}/again/", {"tweak": tweak} | posted)
        self.assertEqual((answer.status_code, len(jobs)), (302, 1))
        child = Tune.objects.get(pk=answer.url.split("/")[2])
        self.assertEqual((child.parent, child.tweak, child.status), (parent, tweak, Status.QUEUED))
        self.assertEqual((child.prompt, child.composer), (parent.prompt, parent.composer))
        return child

    def same(self, child: Tune, *names: str) -> None:
        for name in names:
            self.assertEqual(child.conditions[name], self.parent.conditions[name], name)

    def test_it_refuses_a_tweak_it_does_not_know(self) -> None:
        for tweak in ("", "louder", "\x00", "x" * 5000):
            answer = self.alice.post(f"/tunes/{self.parent.pk}/again/", {"tweak": tweak})
            self.assertEqual(answer.status_code, 400)
        self.assertEqual(Tune.objects.count(), 1)

    def test_it_refuses_a_lock_on_what_does_not_exist(self) -> None:
        answer = self.alice.post(f"/tunes/{self.parent.pk}/again/", {"tweak": "again", "locked": ["door"]})
        self.assertEqual((answer.status_code, Tune.objects.count()), (422, 1))

    def test_it_composes_a_child_for_every_tweak_it_offers(self) -> None:
        for tweak, _ in TWEAKS:
            with self.subTest(tweak):
                self.child(tweak)
        self.assertEqual(self.parent.children.count(), len(TWEAKS))
        page = self.alice.get(f"/tunes/{self.parent.pk}/")
        self.assertEqual(page.context["children"].count(), len(TWEAKS))

    def test_it_keeps_every_condition_and_draws_another_seed_for_again(self) -> None:
        child = self.child("again")
        self.assertEqual(child.conditions, self.parent.conditions)
        self.assertNotEqual(child.seed, self.parent.seed)

    def test_it_moves_the_feeling(self) -> None:
        moves = {"happier": (1, 0), "sadder": (-1, 0), "livelier": (0, 1), "calmer": (0, -1)}
        Tune.objects.update(valence=0.1, arousal=0.1)
        for tweak, (valence, arousal) in moves.items():
            with self.subTest(tweak):
                child = self.child(tweak)
                self.assertEqual(round((child.valence - 0.1) * 2.5), valence)
                self.assertEqual(round((child.arousal - 0.1) * 2.5), arousal)
                self.same(child, *SAME)

    def test_it_keeps_the_feeling_on_the_picture(self) -> None:
        Tune.objects.update(valence=0.9)
        self.assertEqual(self.child("happier").valence, 1.0)

    def test_it_keeps_the_pace_when_gladness_moves_and_the_key_when_liveliness_moves(self) -> None:
        for tweak in ("happier", "sadder"):
            self.same(self.child(tweak), "rhythm", "meter", "tempo_qpm", *SAME)
        for tweak in ("livelier", "calmer"):
            self.same(self.child(tweak), "key", "mode", *SAME)

    def test_it_keeps_what_is_locked(self) -> None:
        for tweak in ("happier", "sadder", "livelier", "calmer"):
            child = self.child(tweak, locked=["key", "mode", "rhythm", "tempo_qpm"])
            self.same(child, "key", "mode", "rhythm", "tempo_qpm")
            self.assertEqual(child.locked, ["key", "mode", "rhythm", "tempo_qpm"])
            self.assertEqual(child.asked["key"], self.parent.conditions["key"])

    def test_it_keeps_a_locked_key_that_has_no_major(self) -> None:
        asked = Conditions(key="Ab", mode="phrygian")
        phrygian = interpret("a tune", asked=asked).conditions.as_dict()
        self.assertEqual(phrygian["key"], "G#")
        parent = a_ready_tune(self.alice, conditions=phrygian)
        self.assertEqual(self.child("again", parent, locked=["key"]).asked["key"], "G#")

    def test_it_plays_faster_and_slower_and_changes_nothing_else(self) -> None:
        was = self.parent.conditions["tempo_qpm"]
        faster, slower = self.child("faster").conditions, self.child("slower").conditions
        self.assertTrue(slower["tempo_qpm"] < was < faster["tempo_qpm"])
        for conditions in (faster, slower):
            self.assertEqual(conditions | {"tempo_qpm": was}, self.parent.conditions)

    def test_it_finds_another_key_with_chords_of_that_key(self) -> None:
        for _ in range(5):
            child = self.child("other_key")
            self.assertNotEqual(child.conditions["key"], self.parent.conditions["key"])
            self.same(child, "mode", "meter", "rhythm", "tempo_qpm", *SAME)

    def test_it_finds_another_key_also_when_the_prompt_names_one(self) -> None:
        parent = a_ready_tune(self.alice, prompt="a happy jig in D")
        self.assertNotEqual(self.child("other_key", parent).conditions["key"], parent.conditions["key"])

    def test_it_makes_one_child_of_a_double_tap(self) -> None:
        for _ in range(2):
            self.alice.post(f"/tunes/{self.parent.pk}/again/", {"tweak": "again", "once": "one tap"})
        self.assertEqual(self.parent.children.count(), 1)
        self.alice.post(f"/tunes/{self.parent.pk}/again/", {"tweak": "happier", "once": "one tap"})
        self.assertEqual(self.parent.children.count(), 2)

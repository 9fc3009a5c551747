"""Tunes composed beside one another: each as if it were alone."""

from unittest import TestCase

from generator import AttemptRejected, Brief, BriefError, Conditions, NotesAdded, compose, compose_together
from generator.together import joined

BRIEFS = [Brief("a glad jig", Conditions(bars=bars), seed=seed) for seed, bars in enumerate((8, 16, 8, 12, 16, 8))]


class TogetherTests(TestCase):
    def test_it_composes_the_same_tunes_in_a_crowd_and_alone(self):
        crowd = [compose_together(brief) for brief in BRIEFS]
        for brief, composing in zip(BRIEFS, crowd, strict=True):
            *_, piece = composing
            *notes, wanted = compose(brief)
            self.assertEqual(piece, wanted)
            self.assertGreater(len(notes), 20)

    def test_its_texts_joined_are_the_tune(self):
        *notes, piece = compose_together(BRIEFS[0])
        last = max(note.attempt for note in notes)
        texts = [note for note in notes if isinstance(note, NotesAdded) and note.attempt == last]
        self.assertEqual("".join(note.text for note in texts), piece.abc)

    def test_it_refuses_what_compose_refuses(self):
        with self.assertRaises(BriefError):
            list(compose_together(Brief("x" * 5000)))

    def test_it_joins_notes_of_one_attempt_only(self):
        events = [NotesAdded(1, 0, "A"), NotesAdded(1, 1, "B"), AttemptRejected(1, "form"), NotesAdded(2, 0, "C")]
        self.assertEqual(list(joined(events)), [NotesAdded(1, 0, "AB"), *events[2:]])

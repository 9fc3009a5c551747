"""What single words do to a reading: negation, intensity, names of musical things."""

import unittest

from generator.brief import Conditions
from generator.prompts.feeling import read_feeling
from generator.prompts.keynames import find_key
from generator.prompts.keywords import find_hits
from generator.prompts.language import detect
from generator.prompts.lexicon import read_terms
from generator.prompts.musicwords import find_music_words


class NegationTests(unittest.TestCase):
    def test_it_turns_a_negated_feeling(self):
        for prompt in (
            "not sad", "without fear", "never lonely again", "no fear any more", "anything but gloomy",
            "free from sorrow", "no longer afraid", "isn't sad", "fearless", "no trace of grief",
            "nicht traurig", "ohne Angst", "keine Angst mehr", "sin miedo", "nunca más triste", "sans peur",
            "je ne suis plus jamais triste", "pas triste", "不悲伤", "不再孤独", "没有恐惧", "毫无恐惧",
        ):  # fmt: skip
            self.assertGreater(read_feeling(prompt).valence, 0, prompt)

    def test_it_turns_a_negated_joy(self):
        for prompt in (
            "not happy", "without hope", "nothing cheerful about it", "anything but cheerful", "hopeless", "joyless",
            "neither joy nor hope", "no joy left", "hardly cheerful", "far from happy", "unloved",
            "ohne Hoffnung", "nicht fröhlich", "kein Glück", "hoffnungslos",
            "sin esperanza", "no es feliz", "sans espoir", "aucune joie",
            "pas heureux", "没有希望", "不快乐", "毫无希望",
        ):  # fmt: skip
            self.assertLess(read_feeling(prompt).valence, 0, prompt)

    def test_it_is_not_fooled_by_what_looks_like_a_negation(self):
        for prompt in (
            "nothing but joy",
            "not only happy but proud",
            "can't wait for the feast",
            "no doubt a happy day",
        ):
            self.assertGreater(read_feeling(prompt).valence, 0, prompt)
        self.assertLess(read_feeling("far from home").valence, 0)

    def test_a_negation_ends_with_its_clause(self):
        marked = {hit.text: hit.negated for hit in find_hits("not sad, but bright and quick", "en")}
        self.assertEqual(marked, {"sad": True, "bright": False, "quick": False})
        marked = {hit.text: hit.negated for hit in find_hits("sin miedo y con esperanza", "es")}
        self.assertEqual(marked, {"miedo": True, "esperanza": False})

    def test_too_turns_down_the_pace_and_leaves_the_mood(self):
        calm = read_feeling("happy but not too excited")
        self.assertTrue(calm.valence > 0.3 and calm.arousal < 0, (calm.valence, calm.arousal))

    def test_two_negations_undo_each_other(self):
        self.assertGreater(read_feeling("not without hope").valence, 0)


class IntensityTests(unittest.TestCase):
    def test_stronger_words_read_stronger(self):
        for weak, plain, strong in (
            ("slightly sad", "sad", "very sad"),
            ("etwas traurig", "traurig", "sehr traurig"),
            ("un poco triste", "triste", "muy triste"),
            ("un peu triste", "triste", "très triste"),
            ("有点悲伤", "悲伤", "非常悲伤"),
        ):
            readings = [read_feeling(prompt).valence for prompt in (weak, plain, strong)]
            self.assertEqual(readings, sorted(readings, reverse=True), (weak, readings))
            self.assertLess(readings[2], readings[0])

    def test_the_keyword_tells_its_intensity(self):
        sizes = [find_hits(prompt, "en")[0].intensity for prompt in ("slightly sad", "sad", "very sad")]
        self.assertTrue(sizes[0] < 1 == sizes[1] < sizes[2], sizes)


class MusicWordTests(unittest.TestCase):
    def test_it_ignores_what_names_no_music(self):
        for prompt in (
            "", "in a quiet place", "A day in A quiet place", "the major came home", "in March", "a minor annoyance",
            "7/8", "not a jig", "ohne Walzer", "the air is cold", "3/0", "the 16 barsoom", "in the minor league",
        ):  # fmt: skip
            self.assertEqual(find_music_words(prompt).conditions, Conditions(), prompt)

    def test_it_reads_keys_in_every_language(self):
        for prompt, key in {
            "in D minor": ("D", "minor"),
            "a reel in G": ("G", None),
            "F# minor": ("F#", "minor"),
            "B flat major": ("Bb", "major"),
            "E Dorian": ("E", "dorian"),
            "in a minor key": (None, "minor"),
            "fis-Moll": ("F#", "minor"),
            "in B-Dur": ("Bb", "major"),
            "h-Moll": ("B", "minor"),
            "en sol mayor": ("G", "major"),
            "si bemol menor": ("Bb", "minor"),
            "en ré mineur": ("D", "minor"),
            "mi bémol majeur": ("Eb", "major"),
            "D小调": ("D", "minor"),
            "降B大调": ("Bb", "major"),
            "G sharp minor": ("Ab", "minor"),
        }.items():
            self.assertEqual(find_key(prompt), key, prompt)

    def test_it_reads_rhythm_meter_bars_form_tempo_and_tradition(self):
        said = find_music_words("An Irish slip jig, 9/8, 24 bars, AABA, 132 bpm").conditions
        self.assertEqual(
            (said.tradition, said.rhythm, said.meter, said.bars, said.form, said.tempo_qpm),
            ("irish", "slip jig", "9/8", 24, "AABA", 132),
        )
        for prompt, rhythm in {
            "ein Walzer": "waltz",
            "un vals": "waltz",
            "une valse": "waltz",
            "圆舞曲": "waltz",
        }.items():
            self.assertEqual(find_music_words(prompt).conditions.rhythm, rhythm)
        for prompt in ("sixteen bars", "sechzehn Takte", "dieciséis compases", "seize mesures", "十六小节"):
            self.assertEqual(find_music_words(prompt).conditions.bars, 16, prompt)

    def test_slow_and_fast_move_the_tempo_in_every_language(self):
        for prompt in ("slow", "langsam", "lento", "lentement", "慢"):
            self.assertLess(find_music_words(prompt).pace, 1, prompt)
        for prompt in ("fast", "schnell", "rápido", "rapide", "快速"):
            self.assertGreater(find_music_words(prompt).pace, 1, prompt)
        self.assertEqual(find_music_words("not fast").pace, 1)


class LexiconTests(unittest.TestCase):
    def test_every_term_is_inside_the_picture_and_found_again(self):
        for term in read_terms():
            self.assertTrue(-1 <= term.valence <= 1 and -1 <= term.arousal <= 1, term)
            found = find_hits(term.text, term.language)
            self.assertTrue(any(hit.term for hit in found), term)

    def test_no_language_is_thin(self):
        for language in ("en", "de", "es", "fr", "zh"):
            self.assertGreater(len({term.text for term in read_terms() if term.language == language}), 500, language)

    def test_it_finds_the_language_of_single_feelings(self):
        self.assertEqual(
            [detect(word) for word in ("Sehnsucht", "悲伤", "añoranza", "sorrow")], ["de", "zh", "es", "en"]
        )

"""From a prompt to an interpretation: bad input, five languages, conditions, determinism."""

import subprocess
import sys
import unittest
from pathlib import Path

from generator.brief import FORMS, METERS, MODES, RHYTHMS, TONICS, TRADITIONS, BriefError, Conditions
from generator.harmony import chord_name, fit_to_mode, parse_chord, part_lengths, pitch_class, signature
from generator.prompts import interpret, style_names

ROOT = Path(__file__).resolve().parents[2]
STRANGE = (
    "", " ", "\n\t", "\x00\x01", "😀😀😀", "a" * 10_000, "好" * 10_000, "<script>alert(1)</script>",
    "<b>sad</b> & 'glad'",
    "(((((", "not not not", "not", "不", "ни радости", "ありがとう", "שלום", "مرحبا بالعالم", "\ud800", "e\u0301" * 300,
    "½ ﬁ ℌ", "%s %n {0} ${x}", "-" * 500, "3/0 0/0 99999999999/4", "in H minor", "1e309 bars", "0 bars", "\u202esad",
)  # fmt: skip


class StrangeInputTests(unittest.TestCase):
    def test_it_answers_any_text_at_all(self):
        for prompt in STRANGE:
            with self.subTest(prompt[:20]):
                said = interpret(prompt)
                self.assertTrue(-1 <= said.valence <= 1 and -1 <= said.arousal <= 1)
                _assert_complete(self, said.conditions)

    def test_it_finds_nothing_in_an_empty_prompt(self):
        said = interpret("")
        self.assertEqual((said.valence, said.arousal, said.keywords, said.language), (0, 0, (), "und"))

    def test_it_names_the_styles_when_an_unknown_one_is_asked(self):
        for asking in ({"style": "polka noir"}, {"asked": Conditions(style="polka noir")}):
            with self.assertRaises(BriefError) as caught:
                interpret("sad", **asking)
            self.assertIn("longing", caught.exception.fields["style"])

    def test_it_holds_a_dragged_feeling_inside_the_picture(self):
        said = interpret("sad", feeling=(7.0, -9.0))
        self.assertEqual((said.valence, said.arousal), (1.0, -1.0))


class LanguageTests(unittest.TestCase):
    def test_it_tells_five_languages_apart(self):
        for prompt, language in {
            "a gentle song for the evening": "en",
            "ein leises Lied für den Abend": "de",
            "una canción para mi abuela": "es",
            "une chanson pour ma grand-mère": "fr",
            "给奶奶的一首歌": "zh",
            "ありがとう": "und",
            "печальная песня": "und",
        }.items():
            self.assertEqual(interpret(prompt).language, language, prompt)

    def test_it_reads_glad_and_sad_in_each(self):
        glad = ("overjoyed at the feast", "ein Freudenfest, alle lachen", "fiesta y risas", "rires et fête", "欢笑庆祝")
        sad = ("mourning by the grave", "Trauer am Grab", "luto en el cementerio", "deuil au cimetière", "坟墓前的哀悼")
        for prompt in glad:
            said = interpret(prompt)
            self.assertTrue(said.valence > 0.2 and said.arousal > 0.1, (prompt, said.valence, said.arousal))
        for prompt in sad:
            said = interpret(prompt)
            self.assertTrue(said.valence < -0.2 and said.arousal < 0, (prompt, said.valence, said.arousal))

    def test_it_reads_words_without_their_accents(self):
        self.assertGreater(interpret("alegria en el jardin").valence, 0.3)
        self.assertLess(interpret("la colere et l'orage").valence, -0.2)

    def test_it_reads_traditional_chinese_and_emoji(self):
        self.assertEqual(interpret("悲傷的夜晚").valence, interpret("悲伤的夜晚").valence)
        self.assertGreater(interpret("🎉💃").valence, 0.3)
        self.assertLess(interpret("😭💔").valence, -0.3)

    def test_it_reads_german_compounds(self):
        self.assertLess(interpret("Trauernacht").valence, 0)


class ConditionTests(unittest.TestCase):
    def test_it_fills_every_condition(self):
        for name in style_names():
            _assert_complete(self, interpret("a tune", style=name).conditions)

    def test_it_ends_every_part_on_the_tonic_chord(self):
        for seed in range(40):
            conditions = interpret("memories of the sea", seed=seed).conditions
            end = 0
            for length in part_lengths(conditions.form, conditions.bars):
                end += length
                self.assertEqual(parse_chord(conditions.chords[end - 1])[0], pitch_class(conditions.key))

    def test_it_draws_free_keys_that_are_easy_to_read(self):
        for seed in range(60):
            conditions = interpret("longing for home", seed=seed).conditions
            self.assertTrue(-2 <= signature(conditions.key, conditions.mode) <= 3)

    def test_the_seed_varies_the_tune_and_nothing_else_does(self):
        seen = {interpret("a joyful dance", seed=seed).conditions for seed in range(12)}
        self.assertGreater(len(seen), 4)
        self.assertEqual(interpret("a joyful dance", seed=3), interpret("a joyful dance", seed=3))

    def test_it_says_the_same_in_another_process(self):
        code = "from generator import interpret; print(interpret('wild geese', seed=5).conditions)"
        said = {_run(code, hash_seed=seed) for seed in ("1", "2")}
        self.assertEqual(len(said), 1)
        self.assertEqual(said.pop().strip(), str(interpret("wild geese", seed=5).conditions))

    def test_what_was_asked_wins_over_the_prompt(self):
        asked = Conditions(key="Eb", mode="lydian", meter="9/8", rhythm="slip jig", bars=20, form="AABA", tempo_qpm=90)
        said = interpret("a fast reel in D minor, 16 bars", asked=asked).conditions
        for name in ("key", "mode", "meter", "rhythm", "bars", "form", "tempo_qpm"):
            self.assertEqual(getattr(said, name), getattr(asked, name))
        self.assertEqual(len(said.chords), 20)

    def test_it_keeps_both_sides_of_a_contradiction_that_was_asked(self):
        said = interpret("happy", asked=Conditions(rhythm="jig", meter="3/4", mode="phrygian")).conditions
        self.assertEqual((said.rhythm, said.meter, said.mode), ("jig", "3/4", "phrygian"))

    def test_a_word_in_the_prompt_gives_way_to_a_locked_meter(self):
        said = interpret("a jig", asked=Conditions(meter="3/4")).conditions
        self.assertEqual(said.meter, "3/4")
        self.assertNotEqual(said.rhythm, "jig")

    def test_it_keeps_chords_that_were_asked(self):
        chords = ("D", "G", "A", "D")
        said = interpret("sixteen bars in C", asked=Conditions(chords=chords)).conditions
        self.assertEqual((said.chords, said.bars), (chords, 4))

    def test_a_dragged_feeling_and_a_chosen_style_shape_the_tune(self):
        said = interpret("sad", feeling=(0.9, 0.8))
        self.assertEqual((said.valence, said.arousal), (0.9, 0.8))
        self.assertNotIn(said.styles[0].name, ("lament", "melancholy"))
        chosen = interpret("joy", style="lament")
        self.assertEqual((chosen.styles[0].name, chosen.conditions.style), ("lament", "lament"))
        self.assertEqual(len({match.name for match in chosen.styles}), 3)

    def test_gladder_prompts_lie_higher_and_livelier_ones_go_faster(self):
        glad, sad = interpret("joyful").conditions, interpret("sorrowful").conditions
        self.assertGreater(glad.register, sad.register)
        quick = interpret("a jig", feeling=(0.5, 0.8)).conditions
        calm = interpret("a jig", feeling=(0.5, -0.6)).conditions
        self.assertGreater(quick.tempo_qpm, calm.tempo_qpm)


class ProgressionTests(unittest.TestCase):
    def test_the_progression_it_tells_is_the_one_the_first_part_is_laid_on(self):
        told = set()
        for seed in range(12):
            said = interpret("hopeful and full of wonder", asked=Conditions(form="AABB", bars=16), seed=seed)
            c, best = said.conditions, said.styles[0]
            first = [chord_name(n, c.key, c.mode) for n in fit_to_mode(best.progression, c.mode)]
            self.assertEqual(list(c.chords[: len(first)]), first, seed)
            told.add(best.progression)
        self.assertGreater(len(told), 1)


class MemoryTests(unittest.TestCase):
    def test_it_never_loads_torch(self):
        said = _run("import sys, generator; generator.interpret('stormy sea'); print('torch' in sys.modules)")
        self.assertEqual(said.strip(), "False")


def _run(code: str, hash_seed: str = "0") -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={"PYTHONHASHSEED": hash_seed}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _assert_complete(case: unittest.TestCase, conditions: Conditions) -> None:
    case.assertIn(conditions.key, TONICS)
    case.assertIn(conditions.mode, MODES)
    case.assertIn(conditions.meter, METERS)
    case.assertIn(conditions.rhythm, RHYTHMS)
    case.assertIn(conditions.form, FORMS)
    case.assertIn(conditions.tradition, (None, *TRADITIONS))
    case.assertTrue(16 <= conditions.bars <= 32)
    case.assertTrue(40 <= conditions.tempo_qpm <= 240)
    case.assertTrue(0 <= conditions.density <= 1)
    case.assertTrue(0 <= conditions.register <= 1)
    case.assertIn(conditions.style, style_names())
    case.assertEqual(len(conditions.chords), conditions.bars)

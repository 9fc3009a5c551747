"""Titles: on one line, at most 60 characters, nothing that ABC would read as its own; names that fit and are new."""

import json
import subprocess
import tempfile
import unittest
from collections import Counter
from pathlib import Path
from unittest import mock

from generator.brief import Brief, Conditions
from generator.engraving import header
from generator.midi import abc2midi_path, midi_bytes
from generator.notation import split_key
from generator.pipeline import compose
from generator.prompts import style_names
from generator.title_words import LANGUAGES, WORDS_PATH, mood_of_style, words_of
from generator.titles import LONGEST, known_names, named, plain_name, title_of

HOSTILE = ("", "   ", "%%MIDI program 1", "joy\nK:Am\nCDE", "joy \u202eyoj\u2066", "<script>alert(1)</script>",
           "\\ $1 \"", "\ud800", "\x00" * 9, "T:" * 250, "👩‍👧", "日本語", "wolves " * 80,
           "A" * 500, "sea," * 120)  # fmt: skip
PROMPTS = ("a candle in the window", "wolves at the door", "lonely and heartbroken", "happy and quick",
           "traurig und einsam am Meer", "una danza feliz en la aldea", "le loup dans la forêt",
           "宁静的月光")  # fmt: skip
SAD = Conditions(style="melancholy", mode="minor", rhythm="waltz")
GLAD = Conditions(style="joyful dance", rhythm="jig")


class TitleTests(unittest.TestCase):
    def test_it_keeps_a_short_prompt_as_it_is(self):
        for prompt in (
            "hopeful and full of wonder",
            "悲伤的夜晚，思念家乡",
            '¿Por qué? <b>joy</b> & "peace"',
            "👩‍👧 love",
        ):
            self.assertEqual(title_of(prompt), prompt)

    def test_it_cuts_at_sixty_characters(self):
        self.assertEqual(title_of("a" * 60), "a" * 60)
        self.assertEqual(title_of("a" * 61), "a" * 59 + "…")
        self.assertEqual(title_of("a" * 58 + " bcd"), "a" * 58 + "…")
        self.assertLessEqual(max(len(title_of("ab c" * n)) for n in range(1, 130)), LONGEST)

    def test_it_never_leaves_its_line(self):
        for prompt in ("joy\nK:Am\nCDE", "joy\r\nX:2", "joy\u2028M:3/4", "joy\u2029", "joy\x0bA", "joy\x85A", "a\tb"):
            title = title_of(prompt)
            self.assertEqual(len(title.splitlines()), 1, repr(title))

    def test_it_means_nothing_to_abc(self):
        for prompt in ("joy % sorrow", "%%MIDI program 1", r"\"a joy", "joy \\", "$1joy"):
            title = title_of(prompt)
            self.assertNotIn("%", title)
            self.assertNotIn("\\", title)
            self.assertTrue(midi_bytes(header(title=title, meter="4/4", key="C", tempo_qpm=100) + "C8 |]\n"))

    def test_it_stands_in_the_midi_file_as_it_was_typed(self):
        with tempfile.TemporaryDirectory() as folder:
            tune = Path(folder, "t.abc")
            tune.write_text(header(title=title_of("100% joy\nX:9"), meter="4/4", key="C", tempo_qpm=100) + "C8 |]\n")
            done = subprocess.run([abc2midi_path(), str(tune), "-o", str(Path(folder, "t.mid"))], capture_output=True,
                                  check=False)  # fmt: skip
            self.assertNotIn(b"rror", done.stdout + done.stderr)

    def test_it_turns_no_direction_of_writing(self):
        self.assertEqual(title_of("joy \u202eyoj\u2066 a\u200f"), "joy yoj a")


class NamedTests(unittest.TestCase):
    def many(self, prompt: str, conditions: Conditions = SAD, seeds: int = 60) -> list[str]:
        return [named(prompt, conditions, seed) for seed in range(seeds)]

    def test_it_is_safe_whatever_the_prompt(self):
        for prompt in HOSTILE:
            for title in self.many(prompt, seeds=20):
                self.assertEqual(title_of(title), title, repr(prompt))
                self.assertTrue(title.strip(), repr(prompt))
                self.assertFalse(set('<>%\\"$:') & set(title), title)

    def test_it_stays_within_sixty_characters(self):
        for prompt in (*PROMPTS, *HOSTILE):
            self.assertLessEqual(max(map(len, self.many(prompt))), LONGEST)

    def test_it_is_the_same_for_the_same_brief(self):
        for prompt in PROMPTS:
            self.assertEqual(self.many(prompt), self.many(prompt))

    def test_it_seldom_repeats_itself(self):
        for prompt in PROMPTS:
            told = Counter(self.many(prompt, seeds=200))
            self.assertGreater(len(told), 80, prompt)
            self.assertLess(max(told.values()), 14, told.most_common(3))

    def test_it_is_never_a_training_tunes_title(self):
        for prompt in PROMPTS:
            self.assertFalse({plain_name(title) for title in self.many(prompt)} & known_names())
        first = named(PROMPTS[0], SAD, 1)
        with mock.patch("generator.titles.known_names", return_value={plain_name(first)}):
            self.assertNotEqual(named(PROMPTS[0], SAD, 1), first)

    def test_it_falls_back_on_the_prompt_where_every_name_is_taken(self):
        class Everything:
            def __contains__(self, name: str) -> bool:
                return True

        with mock.patch("generator.titles.known_names", return_value=Everything()):
            self.assertEqual(named("wolves at the door", SAD, 1), "wolves at the door")

    def test_it_knows_a_title_however_a_collection_writes_it(self):
        for written in ("The Kid on the Mountain", "Kid on the Mountain., The", "KID ON THE MOUNTAIN -- JIG., THE",
                        "Kid on the Mountain (slip jig), The", "*The kid  on the mountain*"):  # fmt: skip
            self.assertEqual(plain_name(written), "kidonthemountain")
        self.assertIn(plain_name("The Enchanted Valley"), known_names())

    def test_it_tells_of_the_prompt(self):
        for prompt, roots in (("a candle in the window", ("Candle", "Window")), ("wolves at the door", ("Wol", "Door")),
                              ("traurig und einsam am Meer", ("Meer",)), ("宁静的月光", ("月",))):  # fmt: skip
            fitting = sum(any(root in title for root in roots) for title in self.many(prompt))
            self.assertGreater(fitting, 35, prompt)

    def test_it_leaves_out_what_is_denied(self):
        titles = self.many("no wolves, no storm, only a quiet harbour")
        self.assertFalse([title for title in titles if "Wolf" in title or "Storm" in title])
        self.assertTrue(any("Harbour" in title for title in titles))

    def test_it_follows_the_feeling(self):
        sad, glad = (" ".join(self.many("a bell", asked)) for asked in (SAD, GLAD))
        for word in ("Lonely", "Weary", "Silent"):
            self.assertTrue(word in sad and word not in glad, word)
        self.assertTrue("Merry" in glad and "Merry" not in sad)

    def test_it_speaks_the_prompts_language(self):
        self.assertTrue(all("\u4e00" <= letter <= "\u9fff" for t in self.many("悲伤的夜晚") for letter in t))
        self.assertIn("Das graue Meer", self.many("traurig am Meer", seeds=400))
        self.assertTrue(any(title.startswith(("Der ", "Die ")) for title in self.many("traurig am Meer")))
        self.assertTrue(any(title.endswith("junto al mar") for title in self.many("triste junto al mar")))
        self.assertTrue(any("au bord de la mer" in title for title in self.many("la mer est triste")))
        self.assertTrue(all(title.isascii() for title in self.many("xqzt")))

    def test_it_agrees_in_gender(self):
        self.assertEqual(words_of("de").described("die Nacht", "müde"), "Die müde Nacht")
        self.assertEqual(words_of("es").described("la noche", "sereno/serena"), "La noche serena")
        self.assertEqual(words_of("fr").described("l'étoile f", "doux/douce"), "L'étoile douce")
        self.assertIsNone(words_of("de").described("Regen", "müde"))
        self.assertIsNone(words_of("en").described("Old Boots", "Young"))
        self.assertEqual(words_of("zh").placed("疲惫的柳树", "夜里"), "夜里疲惫的柳树")

    def test_it_calls_no_puppy_a_kitten(self):
        for prompt in ("a puppy in the garden", "小狗在花园里"):
            self.assertFalse([title for title in self.many(prompt) if "Kitten" in title or "小猫" in title])

    def test_it_dedicates_a_tune_to_whom_the_prompt_names(self):
        self.assertIn("A Waltz for Emily", self.many("a waltz for Emily"))
        self.assertIn("A Jig for Dublin", self.many("a night out in Dublin", GLAD))
        for prompt in ("an Irish jig", "A WALTZ FOR EMILY", "Emily", "The Road Goes Ever On"):
            self.assertFalse([title for title in self.many(prompt) if " for " in title], prompt)

    def test_it_stands_over_the_notes(self):
        events = list(compose(Brief("a candle in the window", seed=3)))
        piece = events[-1]
        self.assertEqual(piece.title, named("a candle in the window", piece.conditions, 3))
        self.assertIn(f"\nT:{piece.title}\n", events[0].text)
        self.assertTrue(split_key(piece.abc.split("\nK:")[1].split("\n")[0]))


class WordTests(unittest.TestCase):
    def test_every_word_is_of_some_kind_and_safe_in_a_field(self):
        table = json.loads(WORDS_PATH.read_text(encoding="utf-8"))
        for language in LANGUAGES:
            for key, texts in table[language]["words"].items():
                self.assertIn(key, table["kinds"], language)
                self.assertTrue(any(texts), key)
                for text in texts:
                    self.assertEqual(title_of(text), text)

    def test_every_style_and_feeling_has_its_words(self):
        moods = {mood_of_style(style, minor=minor, fast=fast)
                 for style in (None, *style_names()) for minor in (False, True) for fast in (False, True)}  # fmt: skip
        for language in LANGUAGES:
            for name in moods:
                mood = words_of(language).mood(name)
                for words in (mood.manners, mood.things, mood.places, mood.doings):
                    self.assertGreater(len(words), 4)
                    self.assertEqual(len(words), len(set(words)))

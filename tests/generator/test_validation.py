"""Every way of asking wrongly, and the sentence that answers it."""

import json
import unittest
from dataclasses import fields
from itertools import product

from generator.brief import (
    FORMS,
    MAX_SEED,
    METERS,
    MODES,
    RHYTHMS,
    TONICS,
    TRADITIONS,
    Brief,
    BriefError,
    Conditions,
)
from generator.notation import KEY_SUFFIX, signature
from generator.prompts import interpret
from generator.validation import RHYTHM_METERS, check_brief, conditions_from_dict, key_conditions

NAN, HUGE = float("nan"), 10**400


def faults_of(brief: Brief) -> dict[str, str]:
    try:
        check_brief(brief)
    except BriefError as wrong:
        return wrong.fields
    return {}


def dict_faults(given: object) -> dict[str, str]:
    try:
        conditions_from_dict(given)
    except BriefError as wrong:
        return wrong.fields
    return {}


class SentenceTests(unittest.TestCase):
    def assert_told(self, told: dict[str, str], *names: str) -> None:
        self.assertEqual(set(told), set(names), told)
        for sentence in told.values():
            self.assertRegex(sentence, r"\A[^\n\x00-\x1f]{10,400}\.\Z")
            sentence.encode()  # a lone surrogate in a message would break the page that shows it


class PromptTests(SentenceTests):
    def test_it_refuses_a_prompt_without_a_word(self):
        for prompt in ("", " ", "\n\t", "\u3000", "\u200b", "🎉🎉", "👩‍👩‍👧", "123", "!?…", "☀️", "\u0301", "<>"):
            with self.subTest(prompt):
                self.assert_told(faults_of(Brief(prompt)), "prompt")

    def test_it_refuses_characters_that_cannot_be_read(self):
        for prompt in ("joy\x00", "joy\x07", "\x1b[31mjoy", "joy\x7f", "joy\x85", "joy\ud800", "\udfff joy"):
            with self.subTest(repr(prompt)):
                self.assert_told(faults_of(Brief(prompt)), "prompt")

    def test_it_refuses_ten_thousand_characters_and_tells_how_many(self):
        told = faults_of(Brief("a" * 10_000))
        self.assert_told(told, "prompt")
        self.assertIn("500", told["prompt"])
        self.assertIn("10000", told["prompt"])

    def test_it_refuses_a_prompt_that_is_no_text(self):
        for prompt in (None, 1, 1.5, True, b"joy", ["joy"], {"text": "joy"}, NAN):
            with self.subTest(repr(prompt)):
                self.assert_told(faults_of(Brief(prompt)), "prompt")

    def test_it_takes_prompts_in_any_script(self):
        for prompt in ("joy", "思念故乡", "радость", "שמחה", "حزن", "ความสุข", "आनंद", "기쁨 🎉", "<b>joy</b>",
                       "two\nlines", "tab\there", "a" * 500, "x"):  # fmt: skip
            with self.subTest(prompt):
                self.assertEqual(faults_of(Brief(prompt)), {})


class NumberTests(SentenceTests):
    def test_it_refuses_seeds_out_of_range_or_no_whole_numbers(self):
        for seed in (-1, MAX_SEED + 1, 2**53, HUGE, -HUGE, 1.0, 1.5, NAN, True, None, "5", [5], {}):
            with self.subTest(repr(seed)[:20]):
                self.assert_told(faults_of(Brief("joy", seed=seed)), "seed")
        self.assertEqual(faults_of(Brief("joy", seed=0)) | faults_of(Brief("joy", seed=MAX_SEED)), {})

    def test_it_refuses_temperatures_out_of_range(self):
        for temperature in (0, 0.09, 2.01, -1, NAN, float("inf"), HUGE, "1", True, None, [1]):
            with self.subTest(repr(temperature)[:20]):
                self.assert_told(faults_of(Brief("joy", temperature=temperature)), "temperature")

    def test_it_refuses_composers_that_are_not_there(self):
        for composer in ("bach", "", "../transformer", None, 5, ["transformer"], "Transformer", "a\x00"):
            with self.subTest(repr(composer)):
                self.assert_told(faults_of(Brief("joy", composer=composer)), "composer")

    def test_it_tells_every_fault_at_once(self):
        brief = Brief("", Conditions(meter="7/13"), seed=-1, composer="bach", temperature=NAN)
        self.assert_told(faults_of(brief), "prompt", "meter", "seed", "composer", "temperature")


class ConditionTypeTests(SentenceTests):
    def test_it_refuses_values_of_wrong_types(self):
        odd = (5, 0.5, True, {"a": 1}, [["D"]], {"a": {"b": [1]}}, HUGE, NAN, b"D")
        for name in ("key", "mode", "meter", "rhythm", "form", "tradition", "style"):
            for value in (*odd, ["D"]):
                with self.subTest(name=name, value=repr(value)[:20]):
                    self.assert_told(dict_faults({name: value}), name)

    def test_it_refuses_numbers_of_wrong_types_or_out_of_range(self):
        for name in ("bars", "tempo_qpm"):
            for value in ("16", 16.0, NAN, True, [16], {"n": 16}, 0, -16, 3, HUGE, -HUGE):
                with self.subTest(name=name, value=repr(value)[:20]):
                    self.assert_told(dict_faults({name: value}), name)
        for name in ("density", "register"):
            for value in ("0.5", NAN, float("inf"), -0.01, 1.01, True, [0.5], {"x": 1}, HUGE):
                with self.subTest(name=name, value=repr(value)[:20]):
                    self.assert_told(dict_faults({name: value}), name)

    def test_it_refuses_chords_that_cannot_be_played(self):
        for value in ("Dm", 5, {"a": "D"}, [1, 2, 3, 4], [["D"]] * 4, [None] * 4, ["D", "H", "G", "A"], ["D"] * 3,
                      ["D"] * 65, ["D,G,A", *"DDD"], ["D,", *"DDD"], ["Dadd9", *"DDD"], ["D\n", *"DDD"],
                      ['D"', *"DDD"], ["", *"DDD"], ["\ud800", *"DDD"]):  # fmt: skip
            with self.subTest(repr(value)[:30]):
                self.assert_told(dict_faults({"chords": value}), "chords")

    def test_it_refuses_what_is_no_object_and_names_it_does_not_know(self):
        for given in (None, [], "D", 5, True, [["key", "D"]]):
            with self.subTest(repr(given)):
                self.assert_told(dict_faults(given), "conditions")
        self.assert_told(dict_faults({"colour": "blue", "bars": 16}), "colour")
        self.assert_told(dict_faults(json.loads('{"chorus": {"deep": {"er": [[]]}}, "meter": 6}')), "chorus", "meter")

    def test_it_refuses_wrong_types_inside_a_brief_too(self):
        self.assert_told(faults_of(Brief("joy", Conditions(bars="16", meter=["6/8"], density=NAN))),
                         "bars", "meter", "density")  # fmt: skip
        self.assert_told(faults_of(Brief("joy", {"bars": 16})), "conditions")
        self.assert_told(faults_of(Brief("joy", None)), "conditions")


class ConditionChoiceTests(SentenceTests):
    def test_it_refuses_words_that_are_no_choice(self):
        for name, values in {
            "meter": ("7/13", "5/4", "6/8\n", "C", "6", "²/4", "0/0"),
            "mode": ("locrian", "Major", "minor "),
            "rhythm": ("tango", "jig\x00", "\ud800"),
            "form": ("AABC", "aabb"),
            "tradition": ("klingon",),
            "style": ("grunge", "\ud800"),
            "key": ("H", "d", "D\n", " D", "D ", "Dx", "D##", "\ud800", "é", "K" * 10_000, "Hm", "D\nX:2", "Dlocrian"),
        }.items():
            for value in values:
                with self.subTest(name=name, value=repr(value)[:20]):
                    self.assert_told(dict_faults({name: value}), name)

    def test_it_refuses_a_key_and_a_mode_that_contradict_each_other(self):
        for key, mode in (("Edor", "major"), ("Am", "major"), ("Em", "dorian"), ("F#m", "lydian"), ("Bbmix", "minor")):
            with self.subTest(key=key, mode=mode):
                told = dict_faults({"key": key, "mode": mode})
                self.assert_told(told, "key")
                self.assertIn(mode, told["key"])

    def test_it_refuses_conditions_that_contradict_each_other(self):
        self.assert_told(dict_faults({"rhythm": "jig", "meter": "3/4"}), "meter")
        self.assert_told(dict_faults({"rhythm": "waltz", "meter": "4/4"}), "meter")
        self.assert_told(dict_faults({"chords": ["D"] * 8, "bars": 16}), "chords")
        self.assert_told(faults_of(Brief("joy", Conditions(rhythm="reel", meter="6/8"))), "meter")

    def test_it_takes_every_choice(self):
        for name, choices in {"mode": MODES, "meter": METERS, "rhythm": RHYTHMS, "form": FORMS,
                              "tradition": TRADITIONS}.items():  # fmt: skip
            for choice in choices:
                self.assertEqual(getattr(conditions_from_dict({name: choice}), name), choice)
        for rhythm, meters in RHYTHM_METERS.items():
            for meter in meters:
                self.assertEqual(dict_faults({"rhythm": rhythm, "meter": meter}), {})


class KeyTests(SentenceTests):
    def test_it_makes_every_tonic_and_mode_a_key_that_can_be_written(self):
        for tonic, mode in product(TONICS, MODES):
            with self.subTest(tonic=tonic, mode=mode):
                made = conditions_from_dict({"key": tonic, "mode": mode})
                self.assertLessEqual(len(signature(made.key + KEY_SUFFIX[made.mode])), 7)

    def test_it_reads_tonic_and_mode_together(self):
        for key, wanted in (("D", ("D", "major")), ("Am", ("A", "minor")), ("Edor", ("E", "dorian")),
                            ("F#m", ("F#", "minor")), ("Bbmix", ("Bb", "mixolydian")), ("Clyd", ("C", "lydian")),
                            ("Ephr", ("E", "phrygian"))):  # fmt: skip
            named = key_conditions(key)
            self.assertEqual((named.key, named.mode), wanted)
            if wanted[1] != "major":
                both = conditions_from_dict({"key": key})
                self.assertEqual((both.key, both.mode), wanted)

    def test_it_takes_a_key_that_some_mode_can_be_written_in_while_the_mode_is_free(self):
        for key in ("G#", "D#", "A#", "E#", "Fb"):
            with self.subTest(key):
                self.assertEqual(conditions_from_dict({"key": key}).key, key)
                whole = interpret("a sad tune", asked=Conditions(key=key)).conditions
                self.assertEqual(dict_faults(whole.as_dict()), {})
        self.assert_told(dict_faults({"key": "B#"}), "key")

    def test_it_takes_null_and_empty_for_free(self):
        names = [field.name for field in fields(Conditions)]
        self.assertEqual(conditions_from_dict(dict.fromkeys(names)), Conditions())
        self.assertEqual(conditions_from_dict(dict.fromkeys(names, "")), Conditions())
        self.assertEqual(conditions_from_dict({}), Conditions())

    def test_it_reads_back_what_it_wrote(self):
        whole = Conditions("D", "dorian", "6/8", "jig", 16, "AABB", 120, 0.6, 0.5, "irish", None, ("Dm", "C") * 8)
        self.assertEqual(conditions_from_dict(json.loads(json.dumps(whole.as_dict()))), whole)

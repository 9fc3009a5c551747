"""The front page: what is refused and how, and what becomes of what is not."""

from __future__ import annotations

import json

from django.test import Client, TestCase

from generator import DEFAULT_COMPOSER, FORMS, MAX_PROMPT_CHARACTERS, MAX_SEED, title_of
from tests.builders import Person, assert_plain_words
from webapp.tunes.models import Status, Tune

GOOD = {"prompt": "hopeful and full of wonder"}


class RefusedBriefTest(TestCase):
    """Every refusal: 422, a sentence beside the field, everything typed still there, nothing stored."""

    def setUp(self) -> None:
        self.alice = Person("alice")

    def refused(self, field: str, **typed: object) -> str:
        with self.captureOnCommitCallbacks() as jobs:
            answer = self.alice.post("/", GOOD | typed)
        self.assertEqual(answer.status_code, 422, f"{typed} was taken")
        self.assertEqual((Tune.objects.count(), jobs), (0, []))
        errors = answer.context["form"].errors
        self.assertIn(field, errors)
        assert_plain_words(self, errors[field][0])
        return answer.content.decode()

    def test_it_refuses_an_empty_prompt(self) -> None:
        self.refused("prompt", prompt="")

    def test_it_refuses_blanks(self) -> None:
        self.refused("prompt", prompt=" \t\n\u3000 ")

    def test_it_refuses_ten_thousand_characters(self) -> None:
        self.refused("prompt", prompt="sad " * 2500)

    def test_it_refuses_one_character_too_many(self) -> None:
        self.refused("prompt", prompt="a" * (MAX_PROMPT_CHARACTERS + 1))

    def test_it_refuses_emoji_alone(self) -> None:
        self.refused("prompt", prompt="🎻🌧️😭")

    def test_it_refuses_control_characters(self) -> None:
        for character in ("\x00", "\x07", "\x1b", "\x7f"):
            with self.subTest(repr(character)):
                self.refused("prompt", prompt=f"sad{character}song")

    def test_it_refuses_a_composer_it_does_not_know(self) -> None:
        self.refused("composer", composer="mozart")

    def test_it_refuses_seeds_out_of_range(self) -> None:
        for seed in (-1, MAX_SEED + 1, 10**400, "seven", "1.5", "\x00"):
            with self.subTest(str(seed)[:20]):
                self.refused("seed", seed=str(seed))

    def test_it_refuses_temperatures_out_of_range(self) -> None:
        for temperature in ("0", "-1", "9", "nan", "inf", "warm"):
            with self.subTest(temperature):
                self.refused("temperature", temperature=temperature)

    def test_it_refuses_a_meter_that_does_not_exist(self) -> None:
        self.refused("meter", meter="7/0")

    def test_it_refuses_conditions_that_do_not_exist(self) -> None:
        wrong = {"key": "H", "mode": "happy", "rhythm": "techno", "form": "XYZ", "tradition": "martian", "style": "zzz"}
        for field, value in wrong.items():
            with self.subTest(field):
                self.refused(field, **{field: value})

    def test_it_refuses_bars_and_tempi_out_of_range(self) -> None:
        for field, value in (("bars", 0), ("bars", 10**9), ("bars", "many"), ("tempo_qpm", 1), ("tempo_qpm", 10**9)):
            with self.subTest(f"{field} {value}"):
                self.refused(field, **{field: value})

    def test_it_refuses_a_feeling_outside_the_picture(self) -> None:
        for value in ("2", "-1.01", "nan", "glad"):
            with self.subTest(value):
                self.refused("feeling_v", feeling_v=value, feeling_a="0")

    def test_it_refuses_a_lock_on_what_does_not_exist(self) -> None:
        self.refused("locked", locked=["key", "door"])

    def test_it_says_what_contradicts_itself(self) -> None:
        with self.captureOnCommitCallbacks():
            answer = self.alice.post("/", GOOD | {"rhythm": "waltz", "meter": "6/8"})
        self.assertEqual(answer.status_code, 422)
        self.assertEqual(Tune.objects.count(), 0)

    def test_it_keeps_what_was_typed(self) -> None:
        page = self.refused("meter", prompt='a "quiet" <evening>', meter="17/99", bars="24", once="my-tap")
        for kept in ("a &quot;quiet&quot; &lt;evening&gt;", 'value="24"', 'value="my-tap"'):
            self.assertIn(kept, page)

    def test_it_refuses_lone_surrogates_and_broken_bytes_without_falling_over(self) -> None:
        for raw in (b"prompt=%ED%A0%80", b"prompt=%FF%FE", b"prompt=\xed\xa0\x80", b"\x00=\x00", b"%00%00%00"):
            with self.subTest(raw):
                answer = self.alice.post("/", raw, content_type="application/x-www-form-urlencoded")
                self.assertLess(answer.status_code, 500)

    def test_it_refuses_other_methods(self) -> None:
        for method in ("PUT", "DELETE", "PATCH"):
            self.assertEqual(self.alice.generic(method, "/").status_code, 405)


class TakenBriefTest(TestCase):
    def setUp(self) -> None:
        self.alice = Person("alice")

    def taken(self, **typed: object) -> Tune:
        with self.captureOnCommitCallbacks() as jobs:
            answer = self.alice.post("/", GOOD | typed)
        self.assertEqual(answer.status_code, 302, getattr(answer, "context", None) and answer.context["form"].errors)
        self.assertEqual(len(jobs), 1)
        tune = Tune.objects.latest("created")
        self.assertEqual(answer.url, f"/tunes/{tune.pk}/")
        return tune

    def test_it_saves_the_row_and_enqueues_once_on_commit(self) -> None:
        tune = self.taken()
        self.assertEqual((tune.status, tune.maker), (Status.QUEUED, self.alice.listener.key))

    def test_it_stores_what_it_takes_to_compose_again(self) -> None:
        tune = self.taken(seed="41", temperature="0.7", key="D", mode="dorian", locked=["key", "mode"])
        self.assertEqual((tune.seed, tune.temperature, tune.composer), (41, 0.7, "transformer"))
        self.assertEqual((tune.asked["key"], tune.asked["meter"]), ("D", None))
        self.assertEqual((tune.conditions["key"], tune.conditions["mode"]), ("D", "dorian"))
        self.assertTrue(tune.conditions["meter"] and tune.conditions["chords"])
        self.assertEqual(tune.locked, ["key", "mode"])
        self.assertTrue(tune.keywords and tune.styles)

    def test_it_takes_a_dragged_feeling(self) -> None:
        tune = self.taken(feeling_v="-0.8", feeling_a="0.9")
        self.assertEqual((tune.valence, tune.arousal, tune.mood), (-0.8, 0.9, "sad-loud"))

    def test_it_takes_every_form_it_offers(self) -> None:
        page = self.alice.get("/")
        forms = page.context["choices"]["forms"]
        self.assertEqual([name for name, _ in forms], list(FORMS))
        for name, label in forms:
            self.assertContains(page, f'<option value="{name}">{label}</option>', html=True)
            self.assertEqual(self.taken(form=name, bars="32").asked["form"], name)

    def test_it_takes_any_script(self) -> None:
        for prompt in ("悲しい雨", "грусть и дождь", "فرح", "旋律 gladness", "ελπίδα", "ਖੁਸ਼ੀ", "e\u0301te\u0301 triste"):
            with self.subTest(prompt):
                self.assertEqual(self.taken(prompt=prompt).prompt, prompt)

    def test_it_shows_html_as_words(self) -> None:
        tune = self.taken(prompt="<script>alert('sad')</script> song")
        page = self.alice.get(f"/tunes/{tune.pk}/").content.decode()
        self.assertNotIn("<script>alert", page)
        self.assertIn("&lt;script&gt;alert", page)

    def test_it_gives_a_tune_without_a_title_its_prompt_cut_at_60(self) -> None:
        title = self.taken(prompt="a long day by the sea " * 10).title
        self.assertTrue(title.startswith("a long day by the sea") and title.endswith("…"))
        self.assertLessEqual(len(title), 60)

    def test_it_calls_a_waiting_tune_what_the_finished_one_is_called(self) -> None:
        for prompt in ("100% joy", "joy \u202eyoj"):
            self.assertEqual(self.taken(prompt=prompt).title, title_of(prompt))

    def test_it_gives_ids_nobody_guesses(self) -> None:
        ids = {self.taken().pk for _ in range(5)}
        self.assertEqual(len(ids), 5)
        self.assertEqual({len(pk) for pk in ids}, {22})

    def test_it_offers_the_flagship_first_so_that_who_chooses_nothing_gets_it(self) -> None:
        offered = self.alice.get("/").context["choices"]["composers"]
        self.assertEqual(offered[0][0], DEFAULT_COMPOSER)
        self.assertGreater(len(offered), 1)

    def test_it_draws_another_seed_each_time(self) -> None:
        self.assertGreater(len({self.taken().seed for _ in range(5)}), 3)

    def test_it_answers_a_double_tap_with_one_tune(self) -> None:
        first = self.taken(once="a-tap")
        answer = self.alice.post("/", GOOD | {"once": "a-tap"})
        self.assertRedirects(answer, f"/tunes/{first.pk}/", fetch_redirect_response=False)
        self.assertEqual(Tune.objects.count(), 1)

    def test_it_composes_anew_when_the_page_comes_back_and_asks_for_something_else(self) -> None:
        first = self.taken(once="a-tap")
        self.assertNotEqual(self.taken(once="a-tap", prompt="sad").pk, first.pk)

    def test_it_does_not_mix_up_the_taps_of_two_listeners(self) -> None:
        mine = self.taken(once="a-tap")
        answer = Person("bob").post("/", GOOD | {"once": "a-tap"})
        self.assertNotEqual(answer.url, f"/tunes/{mine.pk}/")


class FrontPageTest(TestCase):
    def test_it_offers_what_the_page_needs(self) -> None:
        context = Client().get("/").context
        for name in ("form", "examples", "liked", "choices", "once", "seed", "locked"):
            self.assertIn(name, context)
        self.assertGreater(len(context["examples"]), 2)
        self.assertEqual(set(map(len, context["choices"]["composers"])), {2})

    def test_it_needs_the_csrf_token(self) -> None:
        strict = Client(enforce_csrf_checks=True)
        self.assertEqual(strict.post("/", GOOD).status_code, 403)
        self.assertEqual(strict.post("/interpret/", GOOD).status_code, 403)


class PreviewTest(TestCase):
    def setUp(self) -> None:
        self.alice = Person("alice")

    def test_it_says_what_it_understood(self) -> None:
        heard = self.alice.post("/interpret/", GOOD | {"seed": "3"}).json()
        names = {"keywords", "valence", "arousal", "language", "styles", "conditions", "summary"}
        self.assertEqual(set(heard), names)
        self.assertEqual(len(heard["styles"]), 3)
        self.assertRegex(heard["summary"], r"^[A-Z].*: .+, an? .+ in [A-G]")

    def test_it_honours_what_was_set(self) -> None:
        set_by_hand = {"key": "A", "mode": "minor", "feeling_v": "1", "feeling_a": "1"}
        heard = self.alice.post("/interpret/", GOOD | set_by_hand).json()
        self.assertEqual((heard["conditions"]["key"], heard["conditions"]["mode"]), ("A", "minor"))
        self.assertEqual((heard["valence"], heard["arousal"]), (1, 1))

    def test_it_answers_bad_input_with_a_sentence_a_field(self) -> None:
        answer = self.alice.post("/interpret/", {"prompt": "sad", "meter": "7/0"})
        self.assertEqual(answer.status_code, 422)
        self.assertIn("meter", answer.json()["errors"])

    def test_it_keeps_nothing(self) -> None:
        self.alice.post("/interpret/", GOOD)
        self.assertEqual(Tune.objects.count(), 0)

    def test_it_can_write_down_every_answer(self) -> None:
        for prompt in ("\x00", "😭", "a" * 9999, "'; drop table tunes; --", "{{ 7*7 }}", "\u202e backwards"):
            answer = self.alice.post("/interpret/", {"prompt": prompt})
            self.assertIn(answer.status_code, (200, 422))
            json.loads(answer.content)

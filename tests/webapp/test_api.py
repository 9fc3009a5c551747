"""The JSON API: its shapes, its one error shape, and what it does with everything that is not a brief."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout

from django.core.management import call_command
from django.test import Client, TestCase, override_settings

from generator import MAX_SEED
from tests.builders import ABC, Person, a_queued_tune, a_ready_tune, assert_plain_words
from webapp.tunes.models import Status, Tune

GOOD = {"prompt": "hopeful and full of wonder"}


class ApiCase(TestCase):
    def setUp(self) -> None:
        self.program = Client()

    def send(self, body: object, where: str = "tunes/", **headers: str):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.program.post(f"/api/v1/{where}", raw, content_type="application/json", headers=headers)

    def assert_error(self, answer, status: int, *fields: str) -> dict:
        self.assertEqual(answer.status_code, status, answer.content[:300])
        self.assertEqual(answer["Content-Type"].split(";")[0], "application/json")
        body = answer.json()
        self.assertEqual(set(body), {"error"})
        self.assertEqual(set(body["error"]), {"code", "message", "fields"})
        assert_plain_words(self, body["error"]["message"])
        for field in fields:
            self.assertIn(field, body["error"]["fields"])
            assert_plain_words(self, body["error"]["fields"][field])
        return body["error"]


class BadRequestTest(ApiCase):
    def refused(self, body: object, *fields: str, where: str = "tunes/", status: int = 400) -> None:
        with self.captureOnCommitCallbacks() as jobs:
            self.assert_error(self.send(body, where), status, *fields)
        self.assertEqual((Tune.objects.count(), jobs), (0, []))

    def test_it_refuses_what_is_not_json(self) -> None:
        for raw in (b"", b"{", b"prompt=sad", b"\xff\xfe", b"{'prompt': 'sad'}", b'{"prompt": NaN}', b"\x00"):
            with self.subTest(raw):
                self.refused(raw)

    def test_it_refuses_json_that_is_no_object(self) -> None:
        for body in ([], "sad", 7, None, True, [GOOD]):
            with self.subTest(str(body)):
                self.refused(body)

    def test_it_refuses_json_nested_without_end(self) -> None:
        self.refused(b"[" * 60_000)
        self.refused(b'{"prompt":' * 6_000)

    def test_it_refuses_bodies_that_are_too_large(self) -> None:
        self.refused({"prompt": "a" * 100_000}, status=413)

    def test_it_refuses_prompts_that_say_nothing(self) -> None:
        for prompt in ("", "  ", "a" * 10_000, "🎻", "sad\x00", "sad\x07", "\ud800", "sad \udfff", "123"):
            with self.subTest(ascii(prompt)[:20]):
                self.refused({"prompt": prompt}, "prompt")
                self.refused({"prompt": prompt}, "prompt", where="interpret/")

    def test_it_refuses_prompts_that_are_no_text(self) -> None:
        for prompt in (None, {}, [], ["sad"], True):
            with self.subTest(str(prompt)):
                self.refused({"prompt": prompt}, "prompt")
        self.refused({}, "prompt")

    def test_it_refuses_seeds_out_of_range(self) -> None:
        for seed in (-1, MAX_SEED + 1, 10**300, 1.5, "x", True, [], {}):
            with self.subTest(str(seed)[:20]):
                self.refused(GOOD | {"seed": seed}, "seed")
        self.refused(b'{"prompt": "sad", "seed": 1' + b"0" * 6000 + b"}")

    def test_it_refuses_composers_it_does_not_know(self) -> None:
        for composer in ("mozart", "", "../x", "\x00", "\ud800", "x" * 5000, 7, [], {}):
            with self.subTest(ascii(composer)[:20]):
                answer = self.send(GOOD | {"composer": composer})
                self.assert_error(answer, 400, "composer")

    def test_it_refuses_temperatures_out_of_range(self) -> None:
        for temperature in (0, -1, 99, "warm", [], 10**400):
            with self.subTest(str(temperature)[:10]):
                self.refused(GOOD | {"temperature": temperature}, "temperature")
        self.refused(b'{"prompt": "sad", "temperature": Infinity}')
        self.refused(b'{"prompt": "sad", "temperature": 1e999}')

    def test_it_refuses_conditions_that_are_none(self) -> None:
        for conditions in ([], "D", 7, True):
            with self.subTest(str(conditions)):
                self.refused(GOOD | {"conditions": conditions}, "conditions")

    def test_it_refuses_each_wrong_condition_by_its_name(self) -> None:
        wrong = {
            "key": ["H", 7, {}, "\ud800", "D" * 9999],
            "mode": ["happy", 1, {}],
            "meter": ["7/0", "4", 4, "\x00"],
            "rhythm": ["techno", False],
            "bars": [0, -8, 10**9, "many", 15.5, True, {}],
            "form": ["XYZ", 3],
            "tempo_qpm": [0, 10**9, "fast", -1, {}],
            "density": [-0.1, 1.1, "much"],
            "register": [2, "high"],
            "tradition": ["martian", 0],
            "style": ["no such style", 3],
            "chords": ["Dm", [1], ["H#dim9"], [None], {}, ["\ud800"], ["D"] * 10_000],
        }
        for name, values in wrong.items():
            for value in values:
                Tune.objects.all().delete()
                with self.subTest(f"{name}={ascii(value)[:30]}"):
                    self.refused(GOOD | {"conditions": {name: value}}, name)
                    self.refused(GOOD | {"conditions": {name: value}}, name, where="interpret/")

    def test_it_refuses_conditions_without_a_meaning(self) -> None:
        self.refused(GOOD | {"conditions": {"colour": "blue"}}, "colour")
        self.refused(GOOD | {"conditions": {"\ud800": 1}})

    def test_it_refuses_conditions_that_contradict_each_other(self) -> None:
        self.refused(GOOD | {"conditions": {"rhythm": "waltz", "meter": "6/8"}})

    def test_it_names_every_fault_at_once(self) -> None:
        body = {"prompt": "", "composer": "mozart", "conditions": {"meter": "7/0"}}
        self.refused(body, "prompt", "composer", "meter")

    def test_it_refuses_feelings_outside_the_picture(self) -> None:
        for feeling in ([2, 0], [0], [0, 0, 0], "sad", [None, 1], {}, ["a", "b"]):
            with self.subTest(str(feeling)):
                self.refused(GOOD | {"feeling": feeling})
        self.refused(b'{"prompt": "sad", "feeling": [NaN, 0]}')

    def test_it_refuses_other_media(self) -> None:
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "nonsense"):
            answer = self.program.generic("POST", "/api/v1/tunes/", b"prompt=sad", content_type=kind)
            self.assert_error(answer, 415)

    def test_it_refuses_other_charsets_without_falling_over(self) -> None:
        answer = self.program.generic("POST", "/api/v1/tunes/", b"{}", content_type="application/json; charset=klingon")
        self.assert_error(answer, 400)

    def test_it_refuses_other_methods(self) -> None:
        tune = a_queued_tune(Person("alice"))
        for method, where in (
            ("PUT", "tunes/"),
            ("POST", f"tunes/{tune.pk}/"),
            ("POST", f"tunes/{tune.pk}/events/"),
            ("GET", f"tunes/{tune.pk}/cancel/"),
            ("GET", "interpret/"),
            ("PUT", "composers/"),
            ("POST", "schema/"),
        ):
            with self.subTest(f"{method} {where}"):
                self.assert_error(self.program.generic(method, f"/api/v1/{where}"), 405)

    def test_it_has_nothing_elsewhere(self) -> None:
        addresses = ("", "tunes", "nothing/", "tunes/x/", f"tunes/{'x' * 22}/", f"tunes/{'x' * 5000}/", "tunes/%00/")
        events = ("tunes/x/events/", f"tunes/{'x' * 22}/events/", "tunes/%00/events/", "tunes/%ED%A0%80/events/")
        for where in (*addresses, *events):
            with self.subTest(where[:40]):
                self.assert_error(self.program.get(f"/api/v1/{where}"), 404)
        self.assert_error(self.program.post("/api/v2/tunes/", GOOD, content_type="application/json"), 404)
        self.assert_error(self.send({}, f"tunes/{'x' * 22}/cancel/"), 404)

    def test_it_accepts_no_other_kind_of_answer(self) -> None:
        self.assert_error(self.program.get("/api/v1/composers/", headers={"Accept": "text/html"}), 406)

    def test_it_refuses_idempotency_keys_of_any_length(self) -> None:
        answer = self.send(GOOD, **{"Idempotency-Key": "k" * 256})
        self.assert_error(answer, 400, "Idempotency-Key")


@override_settings(DEBUG=False)
class BrokenServerTest(ApiCase):
    def test_it_keeps_the_shape_when_something_breaks(self) -> None:
        from unittest import mock

        self.program.raise_request_exception = False
        with mock.patch("webapp.api.views.composer_cards", side_effect=RuntimeError), self.assertLogs("django.request"):
            self.assert_error(self.program.get("/api/v1/composers/"), 500)


class AcceptedTest(ApiCase):
    def accepted(self, body: dict, **headers: str) -> dict:
        answer = self.send(body, **headers)
        self.assertEqual(answer.status_code, 202, answer.content)
        return answer.json()

    def test_it_accepts_a_brief(self) -> None:
        with self.captureOnCommitCallbacks() as jobs:
            body = self.accepted(GOOD)
        self.assertEqual(set(body), {"id", "status", "url"})
        self.assertEqual((body["status"], len(jobs)), ("queued", 1))
        self.assertEqual(self.program.get(body["url"]).status_code, 200)

    def test_it_takes_seed_composer_and_conditions(self) -> None:
        asked = {"key": "D", "mode": "dorian", "meter": "6/8", "rhythm": "jig", "bars": 16, "form": "AABB"}
        body = self.accepted(
            GOOD | {"seed": MAX_SEED, "composer": "transformer", "conditions": asked | {"chords": None}}
        )
        tune = Tune.objects.get(pk=body["id"])
        self.assertEqual((tune.seed, tune.composer), (MAX_SEED, "transformer"))
        self.assertEqual({name: tune.conditions[name] for name in asked}, asked)
        self.assertEqual(len(tune.conditions["chords"]), 16)

    def test_it_takes_null_for_free(self) -> None:
        self.accepted(GOOD | {"seed": None, "composer": None, "conditions": None, "temperature": None, "feeling": None})

    def test_it_needs_no_csrf_token(self) -> None:
        self.program = Client(enforce_csrf_checks=True)
        self.accepted(GOOD)

    def test_it_refuses_an_idempotency_key_that_came_with_another_request(self) -> None:
        first = self.accepted(GOOD | {"seed": 7}, **{"Idempotency-Key": "one"})
        for other in (GOOD | {"seed": 8}, GOOD, {"prompt": "sad"}, GOOD | {"seed": 7, "conditions": {"key": "D"}}):
            error = self.assert_error(self.send(other, **{"Idempotency-Key": "one"}), 409)
            self.assertEqual(error["code"], "idempotency_key_reused")
        self.assertEqual(self.accepted({"seed": 7} | GOOD, **{"Idempotency-Key": "one"}), first)
        self.assertEqual(Tune.objects.count(), 1)

    def test_it_gives_one_tune_for_one_idempotency_key(self) -> None:
        first = self.accepted(GOOD, **{"Idempotency-Key": "one"})
        # With the cookie that the first answer brought, and without it: both are the same program.
        self.assertEqual(self.accepted(GOOD, **{"Idempotency-Key": "one"}), first)
        self.program = Client()
        self.assertEqual(self.accepted(GOOD, **{"Idempotency-Key": "one"}), first)
        self.assertNotEqual(self.accepted(GOOD, **{"Idempotency-Key": "two"})["id"], first["id"])

    def test_it_keeps_the_keys_of_two_callers_apart(self) -> None:
        first = self.accepted(GOOD, **{"Idempotency-Key": "one"})
        self.program = Client(REMOTE_ADDR="10.1.2.3")
        self.assertNotEqual(self.accepted(GOOD, **{"Idempotency-Key": "one"})["id"], first["id"])
        self.program = Person("bob")
        self.assertNotEqual(self.accepted(GOOD, **{"Idempotency-Key": "one"})["id"], first["id"])

    def test_it_takes_strange_idempotency_keys(self) -> None:
        for key in ("é ü", "'; --", "\\u0000", "🎻".encode().decode("latin-1")):
            self.assertEqual(self.accepted(GOOD, **{"Idempotency-Key": key})["status"], "queued")


class TuneApiTest(ApiCase):
    def test_it_shows_a_tune_that_waits(self) -> None:
        tune = self.program.get(f"/api/v1/tunes/{a_queued_tune(Person('alice')).pk}/").json()
        self.assertEqual(tune["status"], "queued")
        self.assertEqual([tune[name] for name in ("abc", "conditions", "checks", "reason")], [None] * 4)

    def test_it_shows_a_tune_that_is_ready(self) -> None:
        row = a_ready_tune(Person("alice"), checks={"bars": {"ok": True, "value": 1.0}})
        tune = self.program.get(f"/api/v1/tunes/{row.pk}/").json()
        self.assertEqual((tune["status"], tune["abc"]), ("ready", ABC))
        self.assertEqual(tune["checks"], {"bars": {"ok": True, "value": 1.0}})
        self.assertEqual(tune["conditions"], row.conditions)

    def test_it_tells_why_a_tune_failed(self) -> None:
        row = a_ready_tune(Person("alice"), status=Status.FAILED, reason="No good tune came of it.")
        tune = self.program.get(f"/api/v1/tunes/{row.pk}/").json()
        self.assertEqual((tune["status"], tune["reason"], tune["abc"]), ("failed", "No good tune came of it.", None))

    def test_it_lets_a_program_cancel_its_tune(self) -> None:
        tune_id = self.send(GOOD).json()["id"]
        self.program = Client()
        self.assertEqual(self.send({}, f"tunes/{tune_id}/cancel/").json()["status"], "cancelled")
        self.assertEqual(self.send({}, f"tunes/{tune_id}/cancel/").json()["status"], "cancelled")

    def test_it_lets_no_program_cancel_a_listeners_tune(self) -> None:
        tune = a_queued_tune(Person("alice"))
        self.assert_error(self.send({}, f"tunes/{tune.pk}/cancel/"), 403)
        self.assertEqual(Tune.objects.get().status, Status.QUEUED)

    def test_it_interprets(self) -> None:
        heard = self.send(GOOD, "interpret/").json()
        self.assertEqual(set(heard), {"keywords", "valence", "arousal", "language", "styles", "conditions"})
        self.assertEqual(set(heard["keywords"][0]), {"text", "negated", "intensity"})
        self.assertEqual([set(style) for style in heard["styles"]], [{"name", "progression", "score"}] * 3)

    def test_it_lists_composers(self) -> None:
        cards = self.program.get("/api/v1/composers/").json()
        self.assertIn("transformer", [card["name"] for card in cards])
        self.assertLessEqual({"name", "parameters", "trained_on", "bits_per_character"}, set(cards[0]))

    def test_it_describes_itself_without_a_warning(self) -> None:
        with redirect_stdout(io.StringIO()) as schema:
            call_command("spectacular", "--validate", "--fail-on-warn")
        for path in ("/tunes/", "/tunes/{tune_id}/events/", "/tunes/{tune_id}/cancel/", "/interpret/", "/composers/"):
            self.assertIn(f"/api/v1{path}", schema.getvalue())
        self.assertEqual(self.program.get("/api/v1/schema/").status_code, 200)

"""Nothing that is served before the choice tells whose tune is whose."""

from __future__ import annotations

import re
from pathlib import Path

from django.test import TestCase

from generator import composer_cards
from tests.builders import Person
from tests.webapp.duelling import BODIES, a_human_riddle, a_machine_riddle, a_vote, an_open_pair, tokens_on
from webapp.duels.house import composer_names
from webapp.duels.models import Pair, Riddle

ROOT = Path(__file__).resolve().parents[2]


def words_of_composers() -> set[str]:
    rivals = [card for card in composer_cards() if card.name in composer_names()]
    return {word.lower() for card in rivals for word in (card.name, card.title, card.checkpoint)}


MUSIC = re.compile(r"(<template data-abc>|<pre class=\"abc\">).*?(</template>|</pre>)", re.DOTALL)


def abc_on(page: str) -> list[str]:
    return re.findall(r"<template data-abc>(.*?)</template>", page, re.DOTALL)


class LeakCase(TestCase):
    def setUp(self) -> None:
        self.alice, self.bob = Person("alice"), Person("bob")

    def served(self, path: str) -> str:
        """All that comes back: headers and page, and the scripts and sheets that the page loads of its own."""
        answer = self.bob.get(path)
        self.assertEqual(answer.status_code, 200)
        page = answer.content.decode()
        files = re.findall(r'(?:src|href)="/static/((?:js|css)/[^"?]+)', page)
        self.assertIn("js/duel.js", files)
        texts = [(ROOT / "static" / file).read_text() for file in files]
        cookies = "\n".join(str(morsel) for morsel in answer.cookies.values())
        return "\n".join([str(answer.headers), cookies, page, *texts])

    def assert_silent(self, text: str, secrets: set[str]) -> None:
        for secret in secrets:
            self.assertGreaterEqual(len(secret), 4)
            self.assertNotIn(secret.lower(), text.lower())


class DuelLeakTest(LeakCase):
    def setUp(self) -> None:
        super().setUp()
        self.pair = an_open_pair(self.alice)
        a_vote(self.pair, self.alice, "transformer")  # what others chose is not told either

    def secrets(self) -> set[str]:
        told = set()
        for side in self.pair.sides.all():
            tune = side.tune
            told |= {tune.pk, tune.title, tune.checkpoint, tune.composer, str(tune.finished.isoformat())}
        return told | words_of_composers()

    def test_the_page_and_all_it_loads_name_nobody(self) -> None:
        text = self.served(f"/duels/{self.pair.pk}/")
        self.assert_silent(text, self.secrets())
        self.assertNotIn("/composers/#", text)

    def test_the_status_and_a_refusal_name_nobody(self) -> None:
        for answer in (
            self.bob.get(f"/duels/{self.pair.pk}/status/"),
            self.bob.post(f"/duels/{self.pair.pk}/choose/", {"side": "nonsense"}),
        ):
            self.assert_silent(str(answer.headers) + answer.content.decode(), self.secrets())

    def test_it_would_find_a_name(self) -> None:
        a_vote(self.pair, self.bob, "folkrnn")
        with self.assertRaises(AssertionError):
            self.assert_silent(self.served(f"/duels/{self.pair.pk}/"), self.secrets())

    def test_both_stand_in_the_same_form(self) -> None:
        one, other = abc_on(self.bob.get(f"/duels/{self.pair.pk}/").content.decode())
        heads = [re.findall(r"^([A-Z]:.*)$", abc, re.MULTILINE) for abc in (one, other)]
        self.assertEqual(heads[0], heads[1])
        self.assertEqual([line[0] for line in heads[0]], ["X", "M", "L", "Q", "K"])
        self.assertNotEqual(one, other)
        for abc in (one, other):
            self.assertNotIn("%", abc)

    def test_the_two_halves_of_the_page_differ_in_notes_and_tokens_alone(self) -> None:
        page = self.bob.get(f"/duels/{self.pair.pk}/").content.decode()
        sections = re.findall(r"<section class=\"duel-side\".*?</section>", page, re.DOTALL)
        plain = []
        for section, token, which, at in zip(sections, tokens_on(page), ("first", "second"), "12", strict=True):
            plain.append(
                MUSIC.sub("", section)
                .replace(token, "T")
                .replace(which.capitalize(), "W")
                .replace(which, "W")
                .replace(f"tune-{at}", "N")
            )
        self.assertEqual(plain[0], plain[1])

    def test_chords_over_one_alone_are_left_away(self) -> None:
        Pair.objects.all().delete()
        bare = BODIES[0].replace('"D"', "").replace('"G"', "").replace('"A"', "")
        for bodies, chords in (((BODIES[0], bare), 0), ((bare, BODIES[1]), 0), ((BODIES[0], BODIES[1]), 2)):
            pair = an_open_pair(self.alice, bodies)
            texts = abc_on(self.bob.get(f"/duels/{pair.pk}/").content.decode())
            self.assertEqual(sum("&quot;D&quot;" in abc for abc in texts), chords)
            a_vote(pair, self.alice, "folkrnn")


class RiddleLeakTest(LeakCase):
    def setUp(self) -> None:
        super().setUp()
        self.human = a_human_riddle()
        self.machine = a_machine_riddle()

    def test_neither_page_says_what_it_is(self) -> None:
        for riddle in (self.human, self.machine):
            text = self.served(f"/duels/human/{riddle.pk}/")
            secrets = {riddle.title, riddle.source} | words_of_composers()
            if riddle.tune:
                secrets |= {riddle.tune.pk, riddle.tune.prompt, riddle.tune.checkpoint}
            self.assert_silent(text, {secret for secret in secrets if secret})

    def test_the_two_pages_differ_in_the_tune_alone(self) -> None:
        plain = []
        for riddle in (self.human, self.machine):
            page = self.bob.get(f"/duels/human/{riddle.pk}/").content.decode().replace(riddle.pk, "ID")
            page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
            plain.append(MUSIC.sub("", page))
        self.assertEqual(plain[0], plain[1])

    def test_headers_are_the_same_but_for_their_length(self) -> None:
        of = [dict(self.bob.get(f"/duels/human/{riddle.pk}/").headers) for riddle in Riddle.objects.all()]
        for headers in of:
            headers.pop("Content-Length", None)
            headers.pop("Expires", None)
        self.assertEqual(of[0], of[1])

    def test_a_tune_is_asked_of_a_composer_in_what_the_model_is_known_by(self) -> None:
        asked = self.machine.tune.asked
        for name in ("key", "mode", "meter", "rhythm", "bars", "form", "tempo_qpm"):
            self.assertEqual(asked[name], self.human.conditions[name], name)

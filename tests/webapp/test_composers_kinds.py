"""Composers that go a road of their own: what they are asked for, what they are not, what becomes of their pieces."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.test import TestCase

from generator import Brief, ComposerCard, Conditions, composer_cards
from generator import composers as module
from tests.builders import (
    MIDI,
    TWO_STAVES,
    Person,
    a_gallery_tune,
    a_keyboard_piece,
    a_queued_tune,
    a_ready_tune,
    a_token,
    an_account,
    assert_plain_words,
)
from webapp.duels.house import composer_names as house_composers
from webapp.gallery.models import Entry
from webapp.tunes.composing import tune_compose
from webapp.tunes.models import Status, Tune

LETTERS = "X:1\nT:Letters\nM:4/4\nL:1/8\nK:D\nDFAd d2fd|A2FA D4|DFAd d2fd|A2FA D4|]\n"


def a_card(**changes: object) -> ComposerCard:
    told = {"name": "keys", "title": "Keys", "summary": "It plays. It always plays.", "parameters": 1}
    told |= {"trained_on": "little", "bits_per_character": None, "checkpoint": "keys-1"}
    return ComposerCard(**(told | {"kind": "piece", "takes": ("tempo_qpm",), "hears": False} | changes))


@contextmanager
def composers(*cards: ComposerCard) -> Iterator[None]:
    """As if these could be asked for, too."""
    known = {card.name: card for card in (*composer_cards(), *cards)}
    shipped = module._card  # those that only play are asked for on a tune's page
    names = patch.object(module, "composer_names", lambda: tuple(sorted(known)))
    with names, patch.object(module, "_card", lambda name: known.get(name) or shipped(name)):
        yield


class MidiBornTest(TestCase):
    def setUp(self) -> None:
        self.alice = an_account("alice")
        self.tune = a_keyboard_piece(self.alice)

    def test_it_keeps_the_midi_of_a_piece(self) -> None:
        from generator import Piece

        piece = Piece(TWO_STAVES, "A Small Piece", "glad", Conditions(), "keys", "keys-1", 7, {}, MIDI)
        tune = a_queued_tune(self.alice)
        with patch("webapp.tunes.composing.compose", lambda brief, *, interpretation: (event for event in (piece,))):
            tune_compose(tune_id=tune.pk)
        tune.refresh_from_db()
        self.assertEqual((tune.status, bytes(tune.midi), tune.abc), (Status.READY, MIDI, TWO_STAVES))

    def test_its_midi_is_given_as_it_is(self) -> None:
        self.assertEqual(self.alice.get(f"{self.tune.get_absolute_url()[:-1]}.mid").content, MIDI)
        self.assertEqual(self.alice.get(f"/api/v1/tunes/{self.tune.pk}.mid").content, MIDI)

    def test_its_pages_open(self) -> None:
        url = self.tune.get_absolute_url()
        for address in (
            url,
            f"{url}print/",
            f"{url}family/",
            f"{url[:-1]}.abc",
            "/gallery/",
            f"/api/v1/tunes/{self.tune.pk}/",
        ):
            self.assertEqual(self.alice.get(address).status_code, 200, address)

    def test_its_card_shows_the_first_bars_of_both_staves(self) -> None:
        opening = self.tune.opening_abc
        self.assertIn("V:1 clef=treble", opening)
        self.assertIn("V:1\n[CEG]4z4 c4e4 | d4c4 B4[Gc]4- |", opening)
        self.assertTrue(opening.endswith("V:2\nC,4E,4 G,4C4 | G,,8 G,8 |"), opening)

    def test_it_is_found_by_the_melody_of_its_top_voice(self) -> None:
        self.assertTrue(Entry.objects.get(tune=self.tune).melody)
        found = self.alice.get("/gallery/", {"notes": "G c e d c B"}).content.decode()
        self.assertIn("A Small Piece", found)

    def test_nothing_can_be_made_of_its_notes_and_it_says_why(self) -> None:
        page = self.alice.get(self.tune.get_absolute_url()).content.decode()
        self.assertNotIn('name="task"', page.split('class="works"')[1].split("</section>")[0])
        self.assertIn("This piece has several voices.", page)

    def test_work_asked_for_anyway_is_refused_in_a_sentence(self) -> None:
        for sent in ({"task": "vary"}, {"task": "fill", "bars": "2"}, {"task": "continue"}, {"task": "chords"}):
            answer = self.alice.post(f"{self.tune.get_absolute_url()}rework/", sent)
            self.assertContains(answer, "several voices", status_code=422)
        token = {"Authorization": f"Bearer {a_token(self.alice)}"}
        for task in ("vary", "chords"):
            address = f"/api/v1/tunes/{self.tune.pk}/rework/"
            answer = Person("program").post(address, {"task": task}, content_type="application/json", headers=token)
            self.assertEqual(answer.status_code, 400)
            assert_plain_words(self, answer.json()["error"]["fields"]["task"])

    def test_it_is_no_given_music_either(self) -> None:
        sent = {"prompt": "glad", "given": {"tune": self.tune.pk, "task": "vary"}}
        answer = self.alice.post("/api/v1/tunes/", sent, content_type="application/json")
        self.assertEqual((answer.status_code, list(answer.json()["error"]["fields"])), (400, ["abc"]))

    def test_it_goes_home_with_everything_else(self) -> None:
        from io import BytesIO
        from zipfile import ZipFile

        from webapp.accounts.exporting import export_of

        with export_of(self.alice.listener) as file, ZipFile(BytesIO(file.read())) as archive:
            names = [name for name in archive.namelist() if self.tune.pk in name]
            self.assertEqual(sorted(name.rpartition(".")[2] for name in names), ["abc", "mid"])
            self.assertEqual(archive.read(next(name for name in names if name.endswith(".mid"))), MIDI)


class OwnRoadTest(TestCase):
    def setUp(self) -> None:
        self.alice = Person("alice")

    def ask(self, card: ComposerCard, **sent: object) -> object:
        with composers(card):
            return self.alice.post("/", {"prompt": "hopeful", "composer": card.name, **sent})

    def test_a_condition_that_it_cannot_take_is_refused_beside_its_field(self) -> None:
        answer = self.ask(a_card(), key="D")
        self.assertContains(answer, "Keys cannot be asked for this", status_code=422)

    def test_a_feeling_that_it_cannot_hear_is_refused(self) -> None:
        self.assertContains(self.ask(a_card(), feeling_v="0.5", feeling_a="0.5"), "hears no feeling", status_code=422)

    def test_it_is_given_what_it_is_asked_for_and_nothing_that_was_understood(self) -> None:
        self.assertEqual(self.ask(a_card(), tempo_qpm="90").status_code, 302)
        tune = Tune.objects.get()
        self.assertEqual(tune.conditions, Conditions(tempo_qpm=90).as_dict())
        self.assertTrue(tune.keywords)

    def test_its_page_says_that_it_heard_nothing(self) -> None:
        tune = a_ready_tune(self.alice, composer="keys", abc=LETTERS)
        with composers(a_card()):
            self.assertContains(self.alice.get(tune.get_absolute_url()), "Keys hears no feeling")

    def test_the_menu_tells_each_composer_in_a_sentence(self) -> None:
        with composers(
            a_card(), a_card(name="all", title="All", kind="tune", hears=True, takes=tuple(Conditions().as_dict()))
        ):
            page = self.alice.get("/").content.decode()
        self.assertIn('data-takes="tempo_qpm" data-hears="no"', page)
        self.assertIn("It plays. It hears no feeling. It takes tempo, not key, mode, meter", page)
        self.assertIn("</span>It plays.</p>", page)

    def test_programs_are_told_what_it_takes(self) -> None:
        with composers(a_card(mends="old")):
            told = next(one for one in self.alice.get("/api/v1/composers/").json() if one["name"] == "keys")
        self.assertEqual(
            (told["kind"], told["takes"], told["mends"], told["hears"]), ("piece", ["tempo_qpm"], "old", False)
        )

    def test_only_taps_that_reach_it_are_offered(self) -> None:
        tune = a_ready_tune(self.alice, composer="keys", conditions=Conditions(tempo_qpm=90).as_dict())
        with composers(a_card()):
            page = self.alice.get(tune.get_absolute_url()).content.decode()
            refused = self.alice.post(f"{tune.get_absolute_url()}again/", {"tweak": "happier"})
            faster = self.alice.post(f"{tune.get_absolute_url()}again/", {"tweak": "faster"})
        self.assertIn('value="faster"', page)
        self.assertNotIn('value="happier"', page)
        self.assertContains(refused, "Keys cannot be asked for this", status_code=422)
        self.assertEqual(faster.status_code, 302)
        self.assertEqual(Tune.objects.get(parent=tune).asked["tempo_qpm"], 103)

    def test_trying_again_asks_for_the_same_once_more(self) -> None:
        asked = Conditions(tempo_qpm=90).as_dict()
        tune = a_ready_tune(
            self.alice, composer="keys", asked=asked, conditions=Conditions(key="C", mode="major").as_dict()
        )
        with composers(a_card()):
            self.alice.post(f"{tune.get_absolute_url()}again/", {"tweak": "again", "locked": ["key"]})
        self.assertEqual(Tune.objects.get(parent=tune).asked, asked)

    def test_it_is_no_rival_in_duels(self) -> None:
        with composers(a_card(takes=tuple(Conditions().as_dict()))):
            self.assertNotIn("keys", house_composers())

    def test_letters_that_are_a_tune_can_be_worked_on_by_the_usual_composer(self) -> None:
        tune = a_ready_tune(self.alice, composer="keys", abc=LETTERS)
        with composers(a_card(kind="text")):
            answer = self.alice.post(f"{tune.get_absolute_url()}rework/", {"task": "vary", "strength": "0.5"})
        self.assertEqual(answer.status_code, 302, answer.content.decode().split("works-title")[-1][:900])
        self.assertEqual(Tune.objects.get(parent=tune).composer, Brief("a").composer)

    def test_letters_that_are_no_tune_break_nothing(self) -> None:
        for abc in (
            "no music at all",
            'X:1\nK:D\n]]|[[::(((3 "\n!',
            "X:1\nK:D\n",
            "X:1\nM:4/4\nK:D\nABc|V:2\nX:2\nK:G\nGAB|",
            "\x7f" * 900,
        ):
            tune = a_gallery_tune(self.alice, composer="keys", abc=abc)
            url = tune.get_absolute_url()
            with composers(a_card(kind="text")), self.subTest(abc):
                for address in (url, f"{url}print/", "/gallery/", f"/api/v1/tunes/{tune.pk}/", f"{url[:-1]}.abc"):
                    self.assertEqual(self.alice.get(address).status_code, 200, address)
                self.assertIn(self.alice.get(f"{url[:-1]}.mid").status_code, (200, 422))
                for task in ("vary", "chords"):
                    self.assertEqual(self.alice.post(f"{url}rework/", {"task": task}).status_code, 422)
                self.assertTrue(tune.opening_abc is not None)

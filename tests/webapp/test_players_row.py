"""A player's row on the page of composers: recordings of what it plays, and nothing at all while none ships."""

from __future__ import annotations

import io
import json
import tempfile
import wave
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

import torch
from django.test import TestCase

from generator import checkpoints, composer_cards, composer_story, player_cards
from generator.composers.wavenet import WaveNet, WaveNetConfig
from generator.sounds import RATE
from tests.builders import Person
from tests.made_up_composers import composers_folder, look_again, put_card
from webapp.ops import render_played

SMALL = WaveNetConfig(stacks=2, layers=4, residual=8, skip=16, told=8)
HISTORY = [{"minutes": 1, "loss": 5.0}, {"minutes": 2, "loss": 4.0}]


class PlayersRowTest(TestCase):
    def setUp(self) -> None:
        self.folder = self.enterContext(composers_folder())
        self.static = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.enterContext(patch.object(render_played, "BARS", 1))
        for name in ("wavenet.card.json", "wavenet.safetensors", "wavenet.examples.json"):
            (self.folder / name).unlink(missing_ok=True)

    def train(self) -> None:
        torch.manual_seed(0)
        path = self.folder / "wavenet.safetensors"
        checkpoints.save(path, WaveNet(SMALL), composer="wavenet", record={"history": HISTORY})

    def record(self) -> list[dict[str, str]]:
        with redirect_stdout(io.StringIO()):
            render_played.write("wavenet", static=self.static, composers=self.folder)
        return json.loads((self.folder / "wavenet.examples.json").read_text())

    def ship(self) -> None:
        put_card(self.folder, "wavenet", title="A Player", kind="sound", takes=[], menu="It plays.", year=2016)

    def page(self) -> str:
        return Person("alice").get("/composers/").content.decode()

    def test_three_recordings_are_made_of_what_is_drawn_beside_them(self) -> None:
        self.train()
        told = self.record()
        self.assertEqual(len({one["abc"].split("M:")[1][:3] for one in told}), 3)
        for one in told:
            with wave.open(str(self.static / one["sound"])) as file:
                self.assertEqual((file.getframerate(), file.getnchannels()), (RATE, 1))
                self.assertTrue(RATE / 2 < file.getnframes() < 12 * RATE, file.getnframes() / RATE)
            self.assertIn("not chosen", one["told"])

    def test_the_page_shows_them_once_its_card_ships(self) -> None:
        self.train()
        told = self.record()
        self.assertNotIn(told[0]["title"], self.page())
        self.ship()
        look_again()
        page = self.page()
        for one in told:
            self.assertIn(f'src="/static/{one["sound"]}"', page)
        row = page.split('id="wavenet"')[1].split("</section>")[0]
        self.assertIn("it writes no tunes: it plays them", row)
        self.assertIn("2\u00a0min", row)
        self.assertNotIn("data-card-play", row)

    def test_it_is_no_composer_and_has_a_story(self) -> None:
        self.train()
        self.record()
        self.ship()
        self.assertEqual([card.name for card in player_cards()], ["wavenet"])
        self.assertNotIn("wavenet", [card.name for card in composer_cards()])
        self.assertEqual(len(composer_story("wavenet").examples), 3)

    def test_without_a_checkpoint_it_says_so(self) -> None:
        said = io.StringIO()
        with redirect_stderr(said), patch.object(render_played, "COMPOSERS", self.folder):
            self.assertEqual(render_played.main([]), 2)
        self.assertIn("There is no checkpoint", said.getvalue())

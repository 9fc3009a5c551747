"""Every composer trained by one command: from folders, one after another, resumed, and a table in the end."""

from __future__ import annotations

import io
import json
import sys
import tempfile
import unittest
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from generator import train_all
from generator.keyboard_sheets import cache_of
from generator.train_all import DataError, Files, configurations, files_in, main, table

RECORD = {"composer": "folkrnn", "checkpoint": "out/model.safetensors", "bits_per_character": 1.4, "minutes": 2.0}


class FoldersTest(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def write(self, *names: str) -> None:
        for name in names:
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text("")

    def test_it_tells_tunes_measured_tunes_and_midi_apart(self) -> None:
        self.write(
            "a/one.abc", "tunes-train.jsonl.gz", "tunes-valid.jsonl.gz", "tunes-test.jsonl", "b/two.MID", "notes.txt"
        )
        found = files_in([self.folder])
        self.assertEqual([Path(name).name for name in found.tunes], ["one.abc", "tunes-train.jsonl.gz"])
        self.assertEqual([Path(name).name for name in found.valid], ["tunes-valid.jsonl.gz"])
        self.assertEqual(found.midi, (str(self.folder),))

    def test_without_folders_the_bundled_collections_stand_for_all(self) -> None:
        self.assertEqual(files_in([]).options("irish"), ["--data", "music21"])
        self.assertEqual(files_in([]).options("chordnotes-mended"), ["--data", "music21"])

    def test_who_knows_a_pianists_symbols_alone_gets_no_chorales(self) -> None:
        self.assertEqual(files_in([]).options("gan"), ["--data", "music21-keyboard"])
        self.assertEqual(files_in([]).told("gan"), "music21's keyboard works")

    def test_each_composer_gets_its_own_kind(self) -> None:
        files = Files(("one.abc",), ("one-valid.abc",), ("folder",))
        self.assertEqual(files.options("irish"), ["--data", "one.abc", "--valid", "one-valid.abc"])
        self.assertEqual(files.options("biaxial"), ["--data", "music21", "folder"])

    def test_progressions_go_to_those_who_learn_from_chords(self) -> None:
        self.write("tunes.abc", "chords/progressions.json", "chords/styles.json")
        found = files_in([self.folder])
        tunes, chords = str(self.folder / "tunes.abc"), str(self.folder / "chords" / "progressions.json")
        self.assertEqual(found.options("rbm-mended"), ["--data", tunes, chords])
        self.assertEqual(found.options("irish"), ["--data", tunes])

    def test_a_folder_may_hold_progressions_alone(self) -> None:
        self.write("chords/progressions.json")
        found = files_in([self.folder])
        self.assertEqual(found.options("rbm")[:2], ["--data", "music21"])
        self.assertIn("your own", found.told("rbm"))

    def test_a_folder_that_cannot_be_used_is_refused_in_a_sentence(self) -> None:
        self.write("notes.txt")
        for folder in (self.folder, self.folder / "none", self.folder / "notes.txt"):
            with self.subTest(folder), self.assertRaises(DataError):
                files_in([folder])


class TrainAllTest(unittest.TestCase):
    def setUp(self) -> None:
        self.out = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.ran: list[list[str]] = []
        self.status = 0

    def run_all(self, *arguments: str) -> tuple[int, str, str]:
        said, told = io.StringIO(), io.StringIO()
        with redirect_stdout(said), redirect_stderr(told), patch.object(train_all, "run", self._trained):
            status = main(["--out", str(self.out), "--data", "--only", *arguments])
        return status, said.getvalue(), told.getvalue()

    def _trained(self, command: list[str]) -> tuple[int, str, str]:
        self.ran.append(command)
        return self.status, f"{json.dumps(RECORD)}\n", "" if not self.status else "These files hold too few tunes."

    def test_it_knows_every_configuration_and_ours_comes_first(self) -> None:
        names = [path.stem for path in configurations()]
        self.assertEqual(names[:3], ["charlstm", "folkrnn", "transformer"])
        self.assertFalse([name for name in names if "." in name])

    def test_what_the_course_says_is_passed_on_and_its_last_words_are_kept(self) -> None:
        told = io.StringIO()
        code = "import sys; print('record'); sys.stderr.write('half\\rway\\nToo few tunes.'); sys.exit(2)"
        with redirect_stderr(told):
            self.assertEqual(train_all.run([sys.executable, "-c", code]), (2, "record\n", "Too few tunes."))
        self.assertEqual(told.getvalue(), "half\rway\nToo few tunes.\n")

    def test_composers_of_keyboard_music_read_it_once_for_all(self) -> None:
        self.run_all("folkrnn")
        self.assertEqual(cache_of(self.out / "gan"), cache_of(self.out / "biaxial"))

    def test_it_trains_each_shows_how_far_it_is_and_ends_with_a_table(self) -> None:
        status, said, told = self.run_all("folkrnn", "charlstm")
        self.assertEqual((status, len(self.ran)), (0, 2))
        self.assertIn("[2 of 2] folkrnn", told)
        self.assertIn("| folkrnn | trained | 2.0 | bits_per_character 1.4 | out/model.safetensors |", said)

    def test_what_is_done_is_not_done_again_unless_something_changed(self) -> None:
        self.run_all("folkrnn")
        _, said, _ = self.run_all("folkrnn")
        self.assertIn("was trained already", said)
        self.assertEqual(len(self.ran), 1)
        with patch.object(train_all, "_minutes", lambda text: 3.0):
            self.run_all("folkrnn")
        self.assertEqual(len(self.ran), 2)
        budget = json.loads((self.out / "folkrnn" / "folkrnn.json").read_text())
        self.assertEqual(budget["training"]["minutes"], 3.0)

    def test_without_the_tunes_of_its_account_a_composer_learns_from_all_and_the_table_says_so(self) -> None:
        _, said, told = self.run_all("irish", "folkrnn")
        self.assertIn("| irish | trained, without the tunes of mit_irish |", said)
        self.assertIn("irish asks for the tunes of mit_irish; DATA=FOLDER gives them.", told)
        self.assertIn("| folkrnn | trained |", said)
        _, said, _ = self.run_all("irish")
        self.assertIn("| irish | was trained already, without the tunes of mit_irish |", said)
        self.assertEqual(json.loads((self.out / "irish" / "irish.json").read_text())["training"]["source"], "")

    def test_one_that_fails_keeps_no_other_back(self) -> None:
        self.status = 2
        status, said, _ = self.run_all("folkrnn", "charlstm")
        self.assertEqual((status, len(self.ran)), (1, 2))
        self.assertEqual(said.count("not trained: These files hold too few tunes."), 2)

    def test_it_stops_when_it_is_told_to(self) -> None:
        self.status = 130
        status, _, told = self.run_all("folkrnn", "charlstm")
        self.assertEqual((status, len(self.ran)), (130, 1))
        self.assertIn("the same command goes on", told)

    def test_a_composer_that_is_not_there_is_refused_in_a_sentence(self) -> None:
        status, _, told = self.run_all("nobody")
        self.assertEqual((status, told.count("\n")), (2, 1))
        self.assertIn("There is no composer called nobody", told)

    def test_a_record_without_figures_leaves_dashes(self) -> None:
        self.assertIn("| one | trained | – | – | – |", table([train_all.Trained("one", "trained", {})]))

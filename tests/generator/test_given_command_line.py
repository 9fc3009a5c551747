"""`continue`, `vary`, `fill` and `harmonise` as another program sees them: status, stdout, stderr."""

import io
import json
import re
import subprocess
import sys
import tempfile
import unittest
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

from generator.__main__ import main
from generator.commands.fill import bars_of
from tests.generator.own_music import BAD, HEAD, KESH, OPENING

ROOT = Path(__file__).resolve().parents[2]
TASKS = (("continue",), ("vary",), ("fill", "--bars", "2-3"))


def told(*arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
    """(status, stdout, stderr)"""
    out, err = io.StringIO(), io.StringIO()
    fake = mock.Mock(buffer=io.BytesIO(stdin))
    with redirect_stdout(out), redirect_stderr(err), mock.patch("sys.stdin", fake):
        try:
            status = main(list(arguments))
        except SystemExit as leaving:
            status = leaving.code
    return status, out.getvalue(), err.getvalue()


class RefusalTests(unittest.TestCase):
    def assert_refused(self, *arguments: str, word: str = "", stdin: bytes = b"") -> None:
        status, out, said = told(*arguments, stdin=stdin)
        self.assertEqual((status, out), (2, ""), said)
        self.assertRegex(said, r"\A[^a-z\s][^\n]{8,310}\.\n\Z")
        self.assertIn(word, said)

    def test_it_refuses_bad_music_in_one_sentence(self):
        for abc, word in BAD.items():
            for command, *more in (*TASKS, ("harmonise",)):
                if not (command == "continue" and word == "2 bars"):
                    with self.subTest(command, abc=abc[:40]):
                        self.assert_refused(command, "-", *more, word=word, stdin=abc.encode("utf-8", "replace"))

    def test_it_refuses_files_that_are_none(self):
        for command, *more in (*TASKS, ("harmonise",)):
            self.assert_refused(command, "/no/such/tune.abc", *more, word="/no/such/tune.abc")
            self.assert_refused(command, "/", *more)
            self.assert_refused(command, "-", *more, stdin=b"A" * 3_000_000, word="bytes")
            self.assert_refused(command, "-", *more, stdin=bytes(range(256)) * 8)
            self.assert_refused(command)

    def test_it_refuses_wishes_that_cannot_be(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "tune.abc")
            file.write_text(KESH)
            tune = str(file)
            self.assert_refused("fill", tune, word="--bars")
            for bars, word in (("17", "bar 17"), ("0", "bar 0"), ("1-16", "All bars"), ("8-5", "5-8"), ("five", "five"),
                               ("1-", "1-"), ("", "bars"), ("3-4000", "bar 17"), ("9" * 50, "bars")):  # fmt: skip
                with self.subTest(bars):
                    self.assert_refused("fill", tune, f"--bars={bars}", word=word)
            self.assert_refused("vary", tune, "--strength", "2", word="0 to 1")
            self.assert_refused("vary", tune, "--strength", "much")
            self.assert_refused("continue", tune, "--bars", "8", word="already fills the 8 bars")
            self.assert_refused("continue", tune, "--bars", "2000", word="64")
            self.assert_refused("continue", tune, "--form", "XYZ", word="form")
            self.assert_refused("vary", tune, "--seed", "-1", word="seed")
            self.assert_refused("vary", tune, "--n", "0", word="--n")
            self.assert_refused("harmonise", tune, "--style", "grunge", word="style")


class TuneTests(unittest.TestCase):
    def test_it_prints_what_compose_prints(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "tune.abc")
            file.write_text(KESH)
            status, out, err = told("vary", str(file), "--strength", "0.2", "--n", "2", "--seed", "4", "--json")
        self.assertEqual((status, err), (0, ""))
        tunes = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([tune["seed"] for tune in tunes], [4, 5])
        names = "abc title prompt conditions composer checkpoint seed checks"
        self.assertEqual({frozenset(tune) for tune in tunes}, {frozenset(names.split())})
        self.assertEqual((tunes[0]["title"], tunes[0]["prompt"]), ("The Kesh (varied)", ""))

    def test_it_reads_stdin_in_a_shell(self):
        done = subprocess.run(
            [sys.executable, "-m", "generator", "continue", "-", "--bars", "8", "--form", "AABB"],
            cwd=ROOT, input=OPENING.encode(), capture_output=True, timeout=120, check=False,
        )  # fmt: skip
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertIn("dfa gec", re.sub('"[^"]*"', "", done.stdout.decode()))

    def test_it_writes_the_bars_asked_for(self):
        status, out, _ = told("fill", "-", "--bars", "5,6", stdin=KESH.encode())
        self.assertEqual(status, 0)
        self.assertIn("The Kesh (bars rewritten)", out)

    def test_it_harmonises_in_latin_letters_of_old(self):
        status, out, _ = told("harmonise", "-", "--json", stdin=KESH.replace("Kesh", "Käsh").encode("latin-1"))
        line = json.loads(out)
        self.assertEqual((status, set(line), len(line["chords"])), (0, {"abc", "style", "chords", "chord_fit"}, 16))
        self.assertIn("T:The Käsh", line["abc"])

    def test_it_reads_bars_as_people_write_them(self):
        self.assertEqual(bars_of("5-8, 2"), (2, 5, 6, 7, 8))
        self.assertEqual(bars_of(" 3 - 4 "), (3, 4))

    def test_it_goes_on_from_two_notes(self):
        self.assertEqual(told("continue", "-", "--bars", "4", "--form", "A", stdin=(HEAD + "D2 F2").encode())[0], 0)

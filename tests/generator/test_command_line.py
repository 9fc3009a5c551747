"""The command line as another program sees it: status, stdout, stderr."""

import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from generator.__main__ import COMMANDS, main, sentence

ROOT = Path(__file__).resolve().parents[2]


def generator(*arguments: str, locale: str = "C.UTF-8") -> subprocess.CompletedProcess:
    """Runs the command line from somewhere else, as a user's script would."""
    with tempfile.TemporaryDirectory() as elsewhere:
        return subprocess.run(
            [sys.executable, "-m", "generator", *arguments],
            cwd=elsewhere,
            env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "LC_ALL": locale},
            capture_output=True,
            timeout=120,
            check=False,
        )


def status_and_words(*arguments: str) -> tuple[int, str, str]:
    """The same without a process of its own: (status, stdout, stderr)."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            status = main(list(arguments))
        except SystemExit as leaving:
            status = leaving.code
    return status, out.getvalue(), err.getvalue()


class BadInputTests(unittest.TestCase):
    def assert_refused(self, *arguments: str, told: str = "") -> None:
        with self.subTest(arguments=[argument[:40] for argument in arguments]):
            status, out, said = status_and_words(*arguments)
            self.assertEqual((status, out), (2, ""), said)
            self.assertRegex(said, r"\A[^a-z\s][^\n]{5,400}\.\n\Z")
            self.assertLessEqual(said.count(". "), 0)
            self.assertIn(told, said)

    def test_it_tells_the_shell_in_one_line(self):
        done = generator("compose", "joy", "--seed", "-1", "--json")
        self.assertEqual((done.returncode, done.stdout), (2, b""))
        self.assertRegex(done.stderr.decode(), r"\AThe seed must [^\n]+\.\n\Z")

    def test_it_refuses_what_is_no_command(self):
        self.assert_refused()
        self.assert_refused("sing", told="sing")
        self.assert_refused("--loud", "compose", "joy")
        self.assert_refused("compose", told="prompt")
        self.assert_refused("compose", "joy", "--loud")
        self.assert_refused("interpret", "joy", "--seed", "one\ntwo")

    def test_it_refuses_prompts_that_nobody_can_read(self):
        self.assert_refused("compose", "", "--json")
        self.assert_refused("compose", "🎉🎉", "--json")
        self.assert_refused("compose", "a" * 10_000, "--json", told="500")
        self.assert_refused("compose", "joy\x07", "--json")
        self.assert_refused("interpret", "\udcff joy", "--json")
        self.assert_refused("interpret", " ", "--json")

    def test_it_refuses_numbers_out_of_range(self):
        self.assert_refused("compose", "joy", "--seed", "-1", told="seed")
        self.assert_refused("compose", "joy", "--seed", str(2**53), told="seed")
        self.assert_refused("compose", "joy", "--seed", str(2**53 - 1), "--n", "2", told="seed")
        self.assert_refused("compose", "joy", "--n", "0", told="--n")
        self.assert_refused("compose", "joy", "--temperature", "nan", told="temperature")
        self.assert_refused("compose", "joy", "--bars", "9" * 5000)
        self.assert_refused("interpret", "joy", "--seed", "-1", told="seed")

    def test_it_refuses_files_that_hold_no_prompts(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("a", "no json"), ("b", "[]"), ("c", "[1]"), ("d", '{"text": "joy"}'), ("e", '[""]')):
                Path(folder, name).write_text(text)
                self.assert_refused("survey", str(Path(folder, name)))
            self.assert_refused("survey", str(Path(folder, "missing")), told="missing")
            self.assert_refused("survey", folder)
            Path(folder, "fine").write_text('["joy"]')
            self.assert_refused("survey", str(Path(folder, "fine")), "--n", "0", told="--n")
            self.assert_refused("survey", str(Path(folder, "fine")), "--composer", "bach", told="transformer")

    def test_it_refuses_conditions_that_do_not_exist_or_contradict(self):
        self.assert_refused("compose", "joy", "--composer", "bach", told="transformer")
        self.assert_refused("compose", "joy", "--meter", "7/13", told="meter")
        self.assert_refused("compose", "joy", "--rhythm", "tango", told="rhythm")
        self.assert_refused("compose", "joy", "--key", "H", told="key")
        self.assert_refused("compose", "joy", "--rhythm", "jig", "--meter", "3/4", told="6/8")
        self.assert_refused("compose", "joy", "--form", "ABACADABRA", told="AABB")
        # Two faults, and still one sentence.
        self.assert_refused("compose", "", "--seed", "-1")


class HelpTests(unittest.TestCase):
    def test_it_shows_every_command(self):
        _, said, _ = status_and_words("--help")
        for command in COMMANDS:
            self.assertIn(command, said)

    def test_it_shows_the_arguments_of_each_command(self):
        for command in COMMANDS:
            with self.subTest(command):
                status, said, _ = status_and_words(command, "--help")
                self.assertEqual(status, 0)
                self.assertIn(f"generator {command}", said)

    def test_it_makes_a_sentence_of_anything(self):
        self.assertEqual(sentence("no such\n  file"), "No such file.")
        self.assertEqual(sentence(""), "Something went wrong.")
        self.assertLess(len(sentence("long " * 1000)), 310)


class ComposeCommandTests(unittest.TestCase):
    def test_it_gives_tune_i_the_seed_s_plus_i(self):
        three = [json.loads(line) for line in generator("compose", "quiet joy", "--n", "3", "--seed", "5", "--bars",
                                                        "8", "--json").stdout.splitlines()]  # fmt: skip
        self.assertEqual([tune["seed"] for tune in three], [5, 6, 7])
        _, alone, _ = status_and_words("compose", "quiet joy", "--seed", "6", "--bars", "8", "--json")
        self.assertEqual(json.loads(alone), three[1])

    def test_it_prints_the_contracts_shape(self):
        status, out, err = status_and_words("compose", "ein trauriges Lied", "--key", "Edor", "--meter", "6/8",
                                            "--bars", "16", "--json")  # fmt: skip
        self.assertEqual((status, err), (0, ""))
        (line,) = out.splitlines()
        tune = json.loads(line)
        names = "abc title prompt conditions composer checkpoint seed checks"
        self.assertEqual(set(tune), set(names.split()))
        self.assertTrue(tune["abc"].startswith("X:1\n"))
        self.assertTrue(tune["abc"].endswith("|]\n") or tune["abc"].endswith(":|\n"))
        asked = {name: tune["conditions"][name] for name in ("key", "mode", "meter", "bars")}
        self.assertEqual(asked, {"key": "E", "mode": "dorian", "meter": "6/8", "bars": 16})
        self.assertTrue(all(set(check) == {"ok", "value"} for check in tune["checks"].values()))

    def test_it_prints_abc_without_json_and_any_script_in_any_locale(self):
        done = generator("compose", "思念故乡", "--bars", "8", locale="en_US.ISO-8859-1")
        self.assertEqual(done.stderr, b"")
        self.assertRegex(done.stdout.decode(), "T:[\u4e00-\u9fff]+\n")


class OtherCommandTests(unittest.TestCase):
    def test_it_lists_the_composers(self):
        _, out, _ = status_and_words("composers", "--json")
        rows = [json.loads(line) for line in out.splitlines()]
        self.assertEqual({tuple(row) for row in rows}, {("name", "parameters", "trained_on", "bits_per_character")})
        self.assertIn("transformer", [row["name"] for row in rows])

    def test_it_interprets_in_the_contracts_shape(self):
        row = json.loads(status_and_words("interpret", "not sad, very lively", "--json")[1])
        self.assertEqual(set(row), {"keywords", "valence", "arousal", "language", "styles", "conditions"})
        self.assertEqual(len(row["styles"]), 3)
        self.assertEqual({frozenset(style) for style in row["styles"]}, {frozenset({"name", "progression", "score"})})

    def test_it_surveys_a_file_of_prompts(self):
        with tempfile.TemporaryDirectory() as folder:
            prompts, out = Path(folder, "prompts.json"), Path(folder, "pieces.jsonl")
            prompts.write_text('["glad", {"text": "weary"}]')
            report = json.loads(status_and_words("survey", str(prompts), "--n", "2", "--out", str(out))[1])
            self.assertEqual((report["asked"], report["composed"], report["tunes_right"]), (2, 2, 1))
            self.assertEqual([json.loads(line)["prompt"] for line in out.read_text().splitlines()], ["glad", "weary"])

    def test_it_stops_quietly_when_nobody_reads_on(self):
        shell = f"'{sys.executable}' -m generator compose joy --bars 8 --n 2 --json | head -c 10"
        done = subprocess.run(
            ["bash", "-c", f"set -o pipefail; {shell}"], cwd=ROOT, capture_output=True, timeout=120, check=False
        )
        self.assertEqual(done.stderr, b"")

"""The figures of `make bench-music`, each on tunes whose answer is plain to see; bad input first."""

from __future__ import annotations

import gzip
import io
import json
import tempfile
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import asdict, replace
from pathlib import Path
from unittest import TestCase, skipUnless

from generator import checkpoints, composer_cards, player_cards
from generator.brief import Brief, BriefError, Conditions
from generator.composers.folkrnn import FolkRNN, FolkRNNConfig
from generator.composers.folkrnn_symbols import symbols_of, vocabulary_of
from generator.encoding import Tune, corpus_places
from generator.measures import __main__ as command
from generator.measures.composing import code_id, pieces
from generator.measures.corpus import check_data
from generator.measures.drawn import HEARD, JOY, PROMPT, SADNESS, asked_of, chords_of, drawn_briefs, mood_briefs
from generator.measures.gathered import Gathered, gathered, score_of, soundness
from generator.measures.table import Corpus, sound_rows
from generator.notation import NotationError, Score, parse
from generator.validation import check_brief
from tests.generator.collections_at_hand import SHARED, some_tunes

A_PART, B_PART = "DEFG A2A2|BAGF E4|DEFG A2B2|AGFE D4", "dcBA G2G2|FGAB c4|dcBA G2F2|EDEF D4"


def tune(body: str, *, meter: str = "4/4", key: str = "D") -> Score:
    return parse(body, meter=meter, key=key, unit="1/8")


class BadInputTests(TestCase):
    def said(self, *words: str) -> tuple[int, str]:
        error = io.StringIO()
        with redirect_stderr(error), redirect_stdout(io.StringIO()):
            status = command.main(list(words))
        return status, error.getvalue()

    def test_it_says_in_one_sentence_that_the_tunes_are_missing(self):
        with tempfile.TemporaryDirectory() as folder:
            status, said = self.said("--data", folder)
            self.assertEqual(status, 2)
            self.assertRegex(said, r"^The folder .* holds no tunes-train\.jsonl\.gz .*--data\.\n$")
            Path(folder, "tunes-train.jsonl.gz").write_bytes(b"")
            with self.assertRaisesRegex(BriefError, "holds no tunes-valid"):
                check_data(Path(folder))

    @skipUnless(SHARED.exists(), "the collections are not beside the checkout")
    def test_it_says_in_one_sentence_that_the_peer_is_missing(self):
        args = command._arguments(["--peer", "absent.safetensors"])
        with self.assertRaisesRegex(BriefError, r"There is no checkpoint absent\.safetensors\."):
            command._peer(args)

    def test_it_refuses_a_text_without_a_key(self):
        with self.assertRaises(NotationError):
            score_of("X:1\nM:4/4\n")


class ComposingTests(TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.kept = Path(folder.name) / "pieces.jsonl"
        self.composed: list[int] = []

    def work(self, brief: Brief) -> dict:
        self.composed.append(brief.seed)
        return {"rejected": [], "abc": f"M:4/4\nL:1/8\nK:D\n{A_PART}|]\n", "conditions": None, "checks": {}}

    def test_it_goes_on_where_it_was_cut_off(self):
        briefs = [Brief("x", seed=seed) for seed in range(4)]
        pieces(briefs[:2], self.work, self.kept, processes=1)
        with open(self.kept, "a") as file:
            file.write('{"index": 2, "asked"')  # cut off in the middle of a line
        lines = pieces(briefs, self.work, self.kept, processes=1)
        self.assertEqual(self.composed, [0, 1, 2, 3])
        self.assertEqual([line["index"] for line in lines], [0, 1, 2, 3])

    def test_it_knows_its_own_code_again(self):
        self.assertRegex(code_id(), "^[0-9a-f]{8}$")
        self.assertEqual(code_id(), code_id())

    def test_it_composes_again_what_was_asked_otherwise(self):
        pieces([Brief("x", seed=1)], self.work, self.kept, processes=1)
        pieces([Brief("x", Conditions(bars=8), seed=1)], self.work, self.kept, processes=1)
        self.assertEqual(self.composed, [1, 1])


class DrawnTests(TestCase):
    def asked(self, tunes: Sequence[Tune]) -> list[Brief]:
        places = corpus_places(tunes)
        return [asked_of(tune, places) for tune in tunes]

    def test_it_asks_only_for_what_a_brief_can_say(self):
        for brief in drawn_briefs(self.asked(some_tunes()), count=len(some_tunes()), seed=3):
            check_brief(brief)

    def test_it_draws_each_tunes_conditions_once_a_round_and_the_same_each_time(self):
        asked = self.asked(some_tunes()[:30])
        first, again = (drawn_briefs(asked, count=60, seed=3) for _ in range(2))
        self.assertEqual(first, again)
        rounds = [sorted(str(brief.conditions) for brief in part) for part in (first[:30], first[30:])]
        self.assertEqual(*rounds)
        self.assertEqual([brief.seed for brief in first], list(range(3, 63)))

    def test_it_reads_the_conditions_off_a_tune(self):
        known = replace(some_tunes()[0], score=tune(f"|:{A_PART}:|:{B_PART}:|"), rhythm="reel")
        asked = asked_of(known, corpus_places([known])).conditions
        self.assertEqual((asked.key, asked.mode, asked.meter, asked.rhythm), ("D", "major", "4/4", "reel"))
        self.assertEqual((asked.bars, asked.form), (8, "AABB"))

    def test_it_tells_a_rhythm_that_people_wrote_from_one_that_the_classifier_heard(self):
        known = replace(some_tunes()[0], rhythm="reel")
        named, heard = (asked_of(one, corpus_places([known])) for one in (known, replace(known, rhythm=None)))
        self.assertEqual((named.prompt, heard.prompt), (PROMPT, HEARD))
        line = {"abc": "X:1\nM:4/4\nL:1/8\nK:D\nD8|]\n", "rejected": [], "conditions": None}
        told = gathered([{**line, "asked": json.loads(json.dumps(asdict(brief)))} for brief in (named, heard)]).asked
        self.assertEqual([conditions.rhythm for conditions in told], ["reel", None])

    def test_it_asks_for_the_chords_that_people_wrote(self):
        chorded = tune('"D"D8|D8|"G"G4"A7"A4|"D"D8|')
        self.assertEqual(chords_of(chorded), ("D", "D", "G,A7", "D"))
        for unchorded in ('"D"D8|G8|A8|D8|', '"Dadd9"D8|"G"G8|A8|D8|'):
            self.assertEqual(chords_of(tune(unchorded)), chords_of(tune("D8|G8|A8|D8|")))

    def test_it_gives_both_of_a_pair_one_seed(self):
        briefs = mood_briefs(pairs=100, seed=7)
        self.assertEqual([b.seed for b in briefs[::2]], [b.seed for b in briefs[1::2]])
        self.assertEqual({b.prompt for b in briefs[::2]}, set(SADNESS))
        self.assertEqual({b.prompt for b in briefs[1::2]}, set(JOY))


class SoundnessTests(TestCase):
    def line(self, abc: str | None, *rejected: str, masked: bool = False) -> dict:
        asked = {"prompt": PROMPT, "conditions": Conditions().as_dict(), "masked": masked}
        return {"abc": abc, "rejected": list(rejected), "asked": asked, "conditions": {"tempo_qpm": 100}}

    def test_it_counts_what_cannot_be_read_as_gone_wrong(self):
        whole = "M:4/4\nL:1/8\nK:D\n|:DEFG A4|BAGF D4:|\n"
        made = gathered([self.line(whole), self.line("M:4/4\nL:1/8\nK:D\n(9\n"), self.line(whole, "notation"),
                         self.line(None, "form")])  # fmt: skip
        self.assertEqual((made.tries, made.unreadable, made.empty), (4, 2, 1))
        self.assertEqual(soundness(made).tunes, 0.5)
        self.assertEqual(soundness(made).bars, 1)
        self.assertEqual(gathered([self.line(whole, "notation", masked=True)]).tries, 1, "nobody heard the first")

    def test_it_finds_wrong_bars_open_repeats_and_strange_endings(self):
        found = soundness(Gathered([tune("|:DEFG A4|BAGF D4:|"), tune("|:DEFG A4|BAGF E3|")]))
        self.assertEqual((found.bars, found.tunes, found.repeats, found.tonic), (0.75, 0.5, 0.5, 0.5))

    def test_it_has_a_dash_where_there_is_no_peer(self):
        made = Gathered([tune("|:DEFG A4|BAGF D4:|")])
        rows = sound_rows(made, made, None, Corpus([], list(some_tunes()[:3])))
        self.assertTrue(all(row.peer == "–" for row in rows))


class WholeTests(TestCase):
    tags = frozenset({"slow"})  # as django.test.tag would set it, for `make test-fast`

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        rows = [json.dumps({"M": t.score.meter, "L": "1/8", "K": t.score.key, "abc": t.score.body, "R": t.rhythm})
                for t in some_tunes()]  # fmt: skip
        for name, part in (("tunes-train.jsonl.gz", rows[20:]), ("tunes-valid.jsonl.gz", rows[:20])):
            (self.folder / name).write_bytes(gzip.compress("\n".join(part).encode()))
        vocabulary = vocabulary_of(symbols_of(tune.score) for tune in some_tunes())
        model = FolkRNN(FolkRNNConfig(vocabulary, width=16))
        checkpoints.save(self.folder / "peer.safetensors", model, composer="folkrnn", record={})

    def test_it_prints_every_row_for_both_and_goes_on_from_what_it_kept(self):
        words = ["--quick", "--n", "1", "--processes", "1", "--data", str(self.folder),
                 "--out", str(self.folder / "kept"), "--peer", str(self.folder / "peer.safetensors")]  # fmt: skip
        tables = []
        for _ in range(2):
            out = io.StringIO()
            with redirect_stdout(out):
                self.assertEqual(command.main(words), 0)
            tables.append(out.getvalue())
        self.assertEqual(*tables)
        first, second = tables[0].split("\n\n")
        everybody = first.splitlines()[2:]
        cards = [*composer_cards(), *player_cards()]
        self.assertEqual([row.split()[1] for row in everybody], [card.name for card in cards])
        for row, card in zip(everybody, cards, strict=True):
            cells = [cell.strip() for cell in row.strip("|").split("|")]
            self.assertEqual((len(cells), cells[1]), (9, card.kind))
            if card.bits_per_character is None:
                self.assertEqual(cells[4], "–", card.name)
            self.assertNotEqual(cells[8], "–", card.name)
        rows = [line for line in second.splitlines()[2:] if line.startswith("|")]
        for figure in ("bits per character", "unmasked", "as shipped", "tonic", "bars obeyed", "chord fit",
                       "before the check", "after the check", "Jensen-Shannon", "zlib", "same-seed pairs"):  # fmt: skip
            self.assertTrue(any(figure in row for row in rows), figure)
        self.assertTrue(all(row.count("|") == 6 for row in rows))

"""Collections: bad files first, then what is kept, what is listed as left out, and how tunes split by family."""

from __future__ import annotations

import argparse
import gzip
import io
import json
import tempfile
from contextlib import redirect_stdout
from pathlib import Path
from unittest import TestCase, mock

from generator import abc_files
from generator.abc_files import UnreadableFile, read_rows
from generator.brief import BriefError
from generator.commands import corpora as command
from generator.corpora import Corpus, fingerprint, read_corpus, split_of
from generator.families import Member, family_names
from generator.notation import parse
from tests.generator.collections_at_hand import SHARED, bundled
from tests.test_border import run_python

REEL = "d2AG FDAD|B,D~D2 FEDE|FGAB cABc|dfed cAGE|FDAD FDAD|GFGA B2AB|cABc dfed|cAGE D4|]"
OTHER = "GFGA B2AB|c2Bc dedc|BGGF G2AB|cABc A2FA|GBdB gBdB|cedc BGAF|DGBd gfga|bgaf g4|]"


def row(abc: str = REEL, **given: object) -> dict:
    return {"source": "mine", "title": "A reel", "M": "4/4", "L": "1/8", "K": "D", "R": "reel", "abc": abc, **given}


class InAFolder(TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def jsonl(self, *rows: object, name: str = "tunes.jsonl") -> Path:
        path = self.folder / name
        text = "".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in rows)
        path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
        return path

    def read(self, *rows: object) -> Corpus:
        return read_corpus([self.jsonl(*rows)])


class BadFileTests(InAFolder):
    def test_it_tells_in_one_sentence_what_cannot_be_read(self):
        damaged = self.folder / "damaged.jsonl.gz"
        for content in (
            b"no gzip at all",
            gzip.compress(b"{}" * 99)[:-9],
            gzip.compress(b"{}" * 99)[:20] + b"\xff" * 30,
        ):
            damaged.write_bytes(content)
            with self.assertRaisesRegex(UnreadableFile, "damaged.jsonl.gz cannot be read: .*[.]$"):
                read_corpus([damaged])
        with self.assertRaisesRegex(UnreadableFile, "cannot be read"):
            read_corpus([self.folder / "absent.abc"])
        with self.assertRaisesRegex(UnreadableFile, "cannot be read"):
            read_corpus([self.folder])

    def test_it_lists_every_bad_line_with_its_reason(self):
        bad = {
            "{not json": "no JSON object", "[1, 2]": "no JSON object", "null": "no JSON object",
            "[" * 9999: "no JSON object",
            json.dumps({"abc": "A8|", "K": "D"}): "no meter", json.dumps({"abc": "A8|", "M": "4/4"}): "no key",
            json.dumps(row(abc=None)): "no notes", json.dumps(row(abc=7)): "no notes", json.dumps(row(M=4)): "no meter",
            json.dumps(row(abc="V:1\nA8|")): "many voices", json.dumps(row(M="none")): "free or unknown meter",
            json.dumps(row(abc="A7|B9|c6|d7|")): "bars of wrong length",
        }  # fmt: skip
        corpus = self.read(*bad)
        self.assertEqual(corpus.tunes, [])
        self.assertEqual([e.reason for e in corpus.excluded], list(bad.values()))
        self.assertEqual(corpus.excluded[4].where, "tunes.jsonl:5")

    def test_it_takes_rows_that_lack_what_is_not_needed(self):
        bare = {"abc": REEL, "M": "4/4", "K": "D"}
        corpus = self.read(
            bare, {**bare, "abc": OTHER, "L": None, "R": None, "title": 7, "family": None, "tradition": 3}
        )
        self.assertEqual(len(corpus.tunes), 2, corpus.excluded)

    def test_it_reads_latin_1(self):
        path = self.folder / "old.abc"
        path.write_bytes(f"X:1\nT:Låt\nM:4/4\nL:1/8\nK:D\n{REEL}\n".encode("latin-1"))
        self.assertEqual(read_corpus([path]).tunes[0].title, "Låt")


class AbcFileTests(InAFolder):
    def rows(self, text: str) -> list[abc_files.Row]:
        path = self.folder / "book.abc"
        path.write_text(text)
        return list(read_rows(path))

    def test_it_cuts_a_file_at_X_and_at_empty_lines(self):
        rows = self.rows(
            "words\n\nX:1\nT:One\nM:6/8\nK:G\nGAB cde|\nfga bag|\n\nfree text\nX:2\nT:Two\nM:C\nK:D % bright\nDEFG|"
        )
        self.assertEqual([r.fields["title"] for r in rows], ["One", "Two"])
        self.assertEqual([r.fields["abc"] for r in rows], ["GAB cde|\nfga bag|", "DEFG|"])
        self.assertEqual((rows[1].where, rows[1].fields["K"]), ("book.abc X:2", "D"))

    def test_it_lends_a_file_header_to_every_tune(self):
        rows = self.rows("M:3/4\nR:waltz\n\nX:1\nK:G\nG6|\n\nX:2\nM:4/4\nK:G\nG8|\n")
        self.assertEqual([(r.fields["M"], r.fields["R"]) for r in rows], [("3/4", "waltz"), ("4/4", "waltz")])

    def test_it_takes_the_first_of_two_titles(self):
        self.assertEqual(self.rows("X:1\nT:One\nT:Also\nM:4/4\nK:C\nA8|\n")[0].fields["title"], "One")


class BundledTests(TestCase):
    def test_it_reads_them_without_importing_music21(self):
        reading = "from generator.abc_files import bundled_rows; rows = len(list(bundled_rows()))"
        told = run_python(f"import sys; {reading}; print(rows > 4000, 'music21' in sys.modules)")
        self.assertEqual(told.stdout.split(), ["True", "False"], told.stderr)

    def test_it_reads_every_bundled_collection(self):
        sources = {r.fields["source"] for r in bundled()}
        self.assertEqual(sources, {"oneills", "airds", "ryans", "miscfolk", "nottingham"})
        self.assertGreater(len(bundled()), 4000)

    def test_it_says_so_when_music21_is_not_there(self):
        with (
            mock.patch("importlib.util.find_spec", return_value=None),
            self.assertRaisesRegex(UnreadableFile, "music21 is not installed"),
        ):
            read_corpus(["music21"])


class DuplicateTests(InAFolder):
    def test_it_drops_the_same_melody_in_another_key(self):
        higher = row(REEL.translate(str.maketrans("ABCDEFGabcdefg", "BCDEFGAbcdefga")).replace("Ca", "ca"), K="E")
        self.assertEqual(
            fingerprint(parse("DFAd|^GA|", meter="2/4", key="D")), fingerprint(parse("FAcf|=Bc|", meter="2/4", key="F"))
        )
        corpus = self.read(row(), row(title="Its twin"), row(OTHER), higher | {"abc": "A8|" * 3 + "|]"})
        self.assertEqual([(e.title, e.reason) for e in corpus.excluded], [("Its twin", "a duplicate")])

    def test_it_keeps_tunes_apart_that_differ_in_one_length(self):
        self.assertEqual(len(self.read(row(), row(REEL.replace("D4", "D2D2"))).tunes), 2)


class FamilyTests(InAFolder):
    def member(self, abc: str, given: str | None = None) -> Member:
        score = parse(abc, meter="4/4", key="D", unit="1/8")
        return Member(score, given, fingerprint(score))

    def test_it_puts_near_duplicates_in_one_family(self):
        twin = REEL.replace("cAGE D4", "cAAG FEDC")
        names = family_names([self.member(REEL), self.member(OTHER), self.member(twin)])
        self.assertEqual(names[0], names[2])
        self.assertNotEqual(names[0], names[1])

    def test_it_joins_what_a_collection_calls_one_family(self):
        names = family_names([self.member(REEL, "7"), self.member(OTHER, "7"), self.member("A8|B8|c8|d8|", "8")])
        self.assertEqual(names, ["given 7", "given 7", "given 8"])

    def test_it_gives_the_same_names_in_any_order(self):
        members = [self.member(REEL), self.member(OTHER), self.member(REEL.replace("cAGE D4", "cAAG FEDC"))]
        self.assertEqual(family_names(members), family_names(members[::-1])[::-1])

    def test_it_splits_by_family_and_never_moves_one(self):
        self.assertEqual([split_of(f"given {i}") for i in range(300)], [split_of(f"given {i}") for i in range(300)])
        shares = [split_of(f"given {i}") for i in range(5000)]
        self.assertAlmostEqual(shares.count("valid") / 5000, 0.06, delta=0.02)
        self.assertAlmostEqual(shares.count("train") / 5000, 0.88, delta=0.02)

    def test_it_writes_families_whole_into_one_split(self):
        corpus = self.read(
            *(row(REEL.replace("D4", f"D{n}{'D' * (4 - n)}"), family=n % 2) for n in range(2, 4)), row(OTHER)
        )
        corpus.write(self.folder / "out")
        again = {
            name: [json.loads(line) for line in (self.folder / "out" / f"{name}.jsonl").read_text().splitlines()]
            for name in ("train", "valid", "test")
        }
        self.assertEqual(sum(map(len, again.values())), len(corpus.tunes))
        found = [{r["family"] for r in rows} for rows in again.values()]
        self.assertFalse(found[0] & found[1] or found[0] & found[2] or found[1] & found[2])


class CommandTests(InAFolder):
    def run_command(self, *words: str) -> dict:
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        out = io.StringIO()
        with redirect_stdout(out):
            self.assertEqual(command.run(parser.parse_args(words)), 0)
        return json.loads(out.getvalue())

    def test_it_raises_one_sentence_on_a_missing_file(self):
        with self.assertRaisesRegex(BriefError, "cannot be read"):
            self.run_command("--data", str(self.folder / "absent.jsonl"))

    def test_it_prints_a_summary_and_lists_what_is_left_out(self):
        listed = self.folder / "excluded.jsonl"
        path = self.jsonl(row(), row(OTHER), row(), "oops", name="tunes.jsonl.gz")
        summary = self.run_command("--data", str(path), "--list-excluded", str(listed))
        self.assertEqual((summary["read"], summary["kept"]), (4, 2))
        self.assertEqual(summary["reasons"], {"a duplicate": 1, "no JSON object": 1})
        reasons = [json.loads(line)["reason"] for line in listed.read_text().splitlines()]
        self.assertEqual(reasons, ["a duplicate", "no JSON object"])

    def test_it_keeps_nearly_all_of_the_shared_tunes(self):
        path = SHARED / "tunes-valid.jsonl.gz"
        if path.exists():
            summary = self.run_command("--data", str(path))
            self.assertEqual(summary["read"], 790)
            self.assertGreater(summary["kept"], 750)
            self.assertEqual(sum(summary["reasons"].values()), summary["excluded"])

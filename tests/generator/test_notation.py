"""Canonical form, rule by rule; refusals first."""

from __future__ import annotations

import random
import time
from fractions import Fraction
from unittest import TestCase

from generator.notation import NotationError, parse, sounding
from tests.generator.collections_at_hand import some_tunes


def canonical(body: str, *, meter: str = "4/4", key: str = "C", unit: str | None = "1/8") -> str:
    return parse(body, meter=meter, key=key, unit=unit).body


class RefusalTests(TestCase):
    def refuses(self, reason: str, body: str, **header: str) -> None:
        with self.assertRaises(NotationError) as caught:
            canonical(body, **header)
        self.assertEqual(str(caught.exception), reason)

    def test_it_refuses_many_voices(self):
        self.refuses("many voices", "V:1\nABcd|\nV:2\nA,B,CD|")
        self.refuses("many voices", "[V:1]ABcd|")
        self.refuses("many voices", "ABcd & CDEF|")

    def test_it_refuses_free_and_unknown_meters(self):
        for meter in ("none", "", "free", "3+2/8", "4/3", "0/4", "4", "1٣/4"):
            self.refuses("free or unknown meter", "ABcd|", meter=meter)
        self.refuses("free or unknown meter", "ABcd|[M:none]ABcd|")

    def test_it_refuses_keys_without_a_canonical_name(self):
        for key in ("", "HP", "none", "H", "Dloc", "G#lyd", "D" + " " * 100_000 + "x"):
            self.refuses("key", "ABcd|", key=key)

    def test_it_refuses_third_endings(self):
        self.refuses("a third ending", "ABcd|1 efga:|2 gfed:|3 c8|]")
        self.refuses("a third ending", "ABcd|[1,3 efga:|[2 gfed|]")
        self.refuses("a third ending", "ABcd|[13 efga:|[2 gfed:|[4 c8|]")
        self.refuses("a third ending", "ABcd|1-3 efga:|[4,5 gfed:|[6 c8|]")
        self.refuses("a third ending", "ABcd|[3 efga:|[4 gfed|]")
        for label in ("1--3", "1,x", "1-2-3", "1" * 10, "3-2", "1,,-"):
            self.refuses("a third ending", f"ABcd|[1 efga:|[3{label} gfed:|[9 A8|]")

    def test_it_refuses_what_it_cannot_read(self):
        for body in ("A\\B\u2603", '"Am ABcd', "{ABcd", "[ABcd", "~~~%\nH\x00"):
            with self.assertRaises(NotationError):
                canonical(body)

    def test_it_refuses_a_tune_without_notes(self):
        for body in ("", "|", "z8|z8|", "% only a comment", "w: la la"):
            self.refuses("no notes", body)

    def test_it_refuses_tuplets_that_are_not_the_default_or_not_filled(self):
        self.refuses("tuplet", "(3:4:3ABc d4|")
        self.refuses("tuplet", "(3:2:2A2B c4|")
        self.refuses("tuplet", "(3(2ABc d4|")
        self.refuses("tuplet over a bar line", "(3AB|c d4|")
        self.refuses("unfinished tuplet or broken rhythm", "d4 (3AB")

    def test_it_refuses_broken_rhythm_with_nothing_beside_it(self):
        self.refuses("broken rhythm", ">AB|")
        self.refuses("broken rhythm", "A>|B")
        self.refuses("unfinished tuplet or broken rhythm", "AB>")

    def test_it_refuses_a_change_of_key_inside_a_bar(self):
        self.refuses("a change inside a bar", "AB[K:D]cd|")

    def test_it_refuses_an_unknown_unit_length(self):
        self.refuses("unit length", "ABcd|", unit="1/3")

    def test_it_refuses_absurd_numbers_at_once(self):
        began = time.perf_counter()
        for body in ("A99999999/1", "A" + "9" * 5000, "A/99999999", "A" + "/" * 9999, "Z99999999", "Z" + "9" * 5000,
                     "A" + "'" * 9999, "A" + ">" * 9999 + "B", "A0", "A/0", "z0"):  # fmt: skip
            with self.subTest(body=body[:20]), self.assertRaises(NotationError):
                canonical(body)
        self.assertLess(time.perf_counter() - began, 2)


class HostileTextTests(TestCase):
    PIECES = ("A", "b", "c'", "^", "_", "=", "2", "/", "99", ">", "<", "(3", "(9:", "[", "]", "|", ":", "::", "1", '"',
              "{", "}", "!", "+", "-", "z", "Z", "x", "y", "&", "%", "\\", "\n", " ", "M:", "K:", "[K:D]", "[M:3/4]",
              "V:", "w:", "L:1/", "H", "~", "$", "#", "é", "☃", "٣", "\x00", "\t", "\r")  # fmt: skip

    def test_it_raises_nothing_but_notation_errors_on_garbage(self):
        dice, read = random.Random(1), 0
        for _ in range(4000):
            body = "".join(dice.choices(self.PIECES, k=dice.randint(1, 40)))
            try:
                score = parse(body, meter="6/8", key="G")
            except NotationError:
                continue
            read += 1
            again = parse(score.body, meter="6/8", key="G", unit="1/8")
            self.assertEqual(again.body, score.body, body)
        self.assertGreater(read, 20, "the garbage should now and then be music")

    def test_it_never_hangs_on_a_long_line(self):
        for piece in (
            "[A1",
            "[" + "1",
            '"',
            "{",
            "!a",
            "+a",
            ":",
            "|",
            "[K:",
            "[ ",
            " ",
            "A-",
            "A>",
            "(3",
            "A1",
            "A/",
            "y",
            "(2:",
        ):
            for body in (piece * (29_000 // len(piece)), "[A" + piece * (29_000 // len(piece)), piece * 100_000):
                with self.subTest(piece=piece):
                    began = time.perf_counter()
                    try:
                        parse(body, meter="4/4", key="C", unit="1/8")
                    except NotationError:
                        pass
                    self.assertLess(time.perf_counter() - began, 3)


class CanonicalFormTests(TestCase):
    def test_it_names_common_and_cut_time_by_numbers(self):
        self.assertEqual(parse("A8|", meter="C", key="C").meter, "4/4")
        self.assertEqual(parse("A8|", meter="C|", key="C").meter, "2/2")

    def test_it_takes_the_default_unit_where_L_is_missing(self):
        self.assertEqual(canonical("A2|", meter="2/4", unit=None), "A|")
        self.assertEqual(canonical("A2|", meter="3/4", unit=None), "A2|")
        self.assertEqual(canonical("A2|", meter="6/8", unit=""), "A2|")

    def test_it_writes_every_length_in_reduced_eighths(self):
        self.assertEqual(canonical("A4B/C//D3/2E/4|", unit="1/4"), "A8BC/2D3E/2|")
        self.assertEqual(canonical("A[L:1/4]A\nL:1/16\nA|"), "AA2A/2|")

    def test_it_names_keys_by_tonic_and_mode(self):
        for written, kept in (("D", "D"), ("Dmaj", "D"), ("D major", "D"), ("Am", "Am"), ("A minor", "Am"),
                              ("Edor", "Edor"), ("E Dorian", "Edor"), ("GMix", "Gmix"), ("Aaeo", "Am"), ("Cion", "C"),
                              ("Flyd", "Flyd"), ("Bbm", "Bbm"), ("F#phr", "F#phr"),
                              ("G clef=treble", "G")):  # fmt: skip
            self.assertEqual(parse("A|", meter="4/4", key=written).key, kept, written)

    def test_it_writes_broken_rhythm_out(self):
        self.assertEqual(canonical("A>BA<BA>>BA2>B2|"), "A3/2B/2A/2B3/2A7/4B/4A3B|")

    def test_it_keeps_tuplets_with_default_ratios(self):
        self.assertEqual(canonical("(3ABc (3:2:3ABc (3:2ABc(3::ABc|"), "(3ABc(3ABc(3ABc(3ABc|")
        self.assertEqual(
            sum(length for _, length, _ in sounding(parse("(3ABc(2de|", meter="6/8", key="C"))), Fraction(5)
        )

    def test_it_keeps_ties_between_equal_pitches_only(self):
        self.assertEqual(canonical("A-A A-B A2-|A2 ^F-F F-^F|"), "A-AABA2-|A2^F-FF^F|")
        self.assertEqual(canonical("A-z A-|"), "AzA|")

    def test_it_drops_grace_notes_ornaments_slurs_words_and_spacers(self):
        plain = "ABcd|"
        for body in ("{g}A{/fg}Bcd|", "~A.B!trill!cTd|", "(AB)(cd)|", 'A"^slow"B"_x"c"@1,2 y"d|', "AyBy2cd|",
                     "ABcd|\nw:la la la la", "A +trill+Bcd|", "vAuBHcRd|", "ABcd| % a comment", "A B\\\n c d|",
                     "N:a note\nABcd|"):  # fmt: skip
            self.assertEqual(canonical(body), plain, body)

    def test_it_reads_a_bare_exclamation_mark_as_a_line_break(self):
        self.assertEqual(canonical("AB!cd|!efga|"), "ABcd|efga|")

    def test_it_writes_invisible_and_whole_bar_rests_as_rests(self):
        self.assertEqual(canonical("Ax3|Z|Z2|A8|"), "Az3|z8|z8|z8|A8|")
        self.assertEqual(canonical("A6|Z|", meter="6/8"), "A6|z6|")

    def test_it_keeps_the_top_note_of_a_stack(self):
        self.assertEqual(canonical("[ce]2[Ac,][G2B2d2][ce]-e|"), "e2Ad2e-e|")

    def test_it_keeps_chord_symbols_before_what_they_sound_with(self):
        self.assertEqual(canonical('"Am"A2"^loud"B"G7/B"c|"D♯m"d8|'), '"Am"A2B"G7/B"c|"D#m"d8|')
        self.assertEqual(parse('"Am"A2|', meter="4/4", key="C", unit="1/8").without_chords().body, "A2|")

    def test_it_moves_changes_of_key_and_meter_to_the_start_of_their_bar(self):
        self.assertEqual(canonical("A8[K:D]|B8|"), "A8|[K:D]B8|")
        self.assertEqual(canonical("A8|\nM:3/4\nK:Edor\nB6|"), "A8|[M:3/4][K:Edor]B6|")
        self.assertEqual(canonical("A8|[M:C|]B8|"), "A8|[M:2/2]B8|")

    def test_it_writes_double_repeats_and_endings_one_way(self):
        self.assertEqual(canonical("|:A8::B8:|"), "|:A8:||:B8:|")
        self.assertEqual(canonical("|:A8:|:B8:|"), "|:A8:||:B8:|")
        self.assertEqual(canonical("|:A8:||:B8:|]"), "|:A8:||:B8:|")
        self.assertEqual(canonical("|:A8|1B8:|2c8||"), "|:A8|1B8:|2c8||")
        self.assertEqual(canonical("|:A8|[1B8:|[2c8|]"), "|:A8|1B8:|2c8|]")
        self.assertEqual(canonical("A8[|]B8[|A8|]"), "A8|B8||A8|]")

    def test_it_reads_endings_of_two_kinds_however_their_passes_are_numbered(self):
        two = "|:A8|1B8:|2c8|]"
        for body in ("|:A8|[12B8:|[3c8|]", "|:A8|[1-5 B8:|[6 c8|]", "|:A8|1,2 B8:|3 c8|]", "|:A8|1B8:|3c8|]",
                     "|:A8|[1,3 B8:|[2,4 c8|]", "|:A8|[1-9 B8:|[10 c8|]", "|:A8|1.B8:|2.c8|]", "|:A8|1-B8:|2-c8|]",
                     "|:A8|\n1 B8:|\n2 c8|]"):  # fmt: skip
            self.assertEqual(canonical(body), two, body)
        self.assertEqual(canonical("|:A8|[1-4 B8:|c8|]"), "|:A8|1B8:|c8|]")

    def test_it_begins_a_tuplet_behind_the_bar_line_that_it_stands_before(self):
        self.assertEqual(canonical("A8|(3|:ABc d6:|"), "A8|:(3ABcd6:|")
        self.assertEqual(canonical('A8|"Am"(3|1ABc d6:|2(3ABc d6|'), 'A8|1"Am"(3ABcd6:|2(3ABcd6|')
        self.assertEqual(canonical("(3(3ABc d6|"), "(3ABcd6|")

    def test_it_passes_over_what_players_pass_over(self):
        plain = "ABcd|efga|"
        for body in ("A B 5 c d | e f g a |", "ABcd 3/2 | 12 efga|", "ABcd|e ,f ,g []a|", "A [+GB] c d|efga|",
                     "A[BQ]cd|ef/1ga|", "ABcd|\n6\nefga|"):  # fmt: skip
            self.assertEqual(canonical(body), plain, body)

    def test_it_reads_what_old_mail_and_lost_letters_left(self):
        self.assertEqual(canonical("A2=3DB2 c=>d|"), "A2=B2c3/2d/2|")
        self.assertEqual(canonical('"D7"\n^\nd2 z2|'), '"D7"^d2z2|')
        self.assertEqual(canonical("A/2/2B/4|"), "A/4B/4|")
        self.assertEqual(canonical("A8:]"), "A8:|")
        self.assertEqual(canonical("A8:[|]"), "A8:|")
        self.assertEqual(canonical("A8|\nK:D ajor\nB8|"), "A8|[K:D]B8|")
        self.assertEqual(canonical("A8|[: 3/4]B6|[K:D]2/4 c4|\n:6/8 A6|"), "A8|[M:3/4]B6|[K:D][M:2/4]c4|[M:6/8]A6|")
        self.assertEqual(canonical(":C|\n:1/4\nA4|"), "[M:2/2]A8|")
        self.assertEqual(canonical("A8|[:1/16]B8|[:1/8]c8|"), "A8|B4|c8|")

    def test_it_writes_no_spaces(self):
        self.assertEqual(canonical("A B  c\td |\n e f"), "ABcd|ef")

    def test_it_leaves_a_canonical_text_as_it_is(self):
        for tune in some_tunes():
            score = tune.score
            again = parse(score.body, meter=score.meter, key=score.key, unit="1/8")
            self.assertEqual(again, score, score.text)


class SoundingTests(TestCase):
    def pitches(self, body: str, key: str = "C") -> list[int | None]:
        return [pitch for _, _, pitch in sounding(parse(body, meter="4/4", key=key, unit="1/8"))]

    def test_it_holds_an_accidental_to_the_end_of_its_bar(self):
        self.assertEqual(self.pitches("^FFf|F"), [66, 66, 77, 65])

    def test_it_carries_an_accidental_over_a_tie(self):
        self.assertEqual(self.pitches("^F2-|FF"), [66, 66, 65])

    def test_it_follows_the_key_signature_and_its_changes(self):
        self.assertEqual(self.pitches("FC=F|[K:F]B", key="D"), [66, 61, 65, 70])
        self.assertEqual(self.pitches("Bz", key="Gm"), [70, None])

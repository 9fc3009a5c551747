"""Set for people: beams by the meter, four bars a line, a chord where its bar begins."""

import unittest
from fractions import Fraction

from generator.engraving import beam_group, engraved, header, tempo_field
from generator.notation import Rest, parse


def body(
    abc: str, *, meter: str = "4/4", key: str = "C", chords: tuple[str, ...] = (), pickup: Fraction | int = 0
) -> str:
    score = parse(abc, meter=meter, key=key, unit="1/8")
    whole = engraved(score, title="t", chords=chords, pickup=Fraction(pickup))
    return whole.split("\nK:")[1].split("\n", 1)[1]


class BeamTests(unittest.TestCase):
    def test_it_beams_by_the_meter(self):
        for meter, plain, beamed in (
            ("4/4", "CDEFGABc|]", "CDEF GABc |]\n"),
            ("2/2", "CDEFGABc|]", "CDEF GABc |]\n"),
            ("2/4", "CDEF|]", "CD EF |]\n"),
            ("3/4", "CDEFGA|]", "CD EF GA |]\n"),
            ("6/8", "CDEFGA|]", "CDE FGA |]\n"),
            ("9/8", "CDEFGABcd|]", "CDE FGA Bcd |]\n"),
            ("12/8", "CDEFGABcdefg|]", "CDE FGA Bcd efg |]\n"),
            ("3/8", "CDE|]", "CDE |]\n"),
            ("3/2", "CDEFGABcdefg|]", "CDEF GABc defg |]\n"),
            ("2/4", "C/2D/2E/2F/2G/2A/2B/2c/2|]", "C/2D/2E/2F/2 G/2A/2B/2c/2 |]\n"),
        ):
            with self.subTest(meter):
                self.assertEqual(body(plain, meter=meter), beamed)

    def test_it_beams_a_pickup_by_where_it_stands_in_the_bar(self):
        self.assertEqual(body("GAB|c4d4|]", pickup=3), "GAB | c4 d4 |]\n".replace("GAB", "G AB").replace("G AB", "GAB"))
        self.assertEqual(body("CDG|c2d2|]", meter="2/4", pickup=3), "C DG | c2 d2 |]\n")

    def test_it_keeps_a_triplet_together_and_breaks_before_it(self):
        self.assertEqual(body("(3CDEF2G4|]"), "(3CDEF2 G4 |]\n")
        self.assertEqual(body("C4(3CDEF2|]"), "C4 (3CDEF2 |]\n")

    def test_it_groups_in_whole_beats(self):
        for meter in ("4/4", "2/2", "2/4", "3/4", "6/8", "9/8", "12/8", "3/2", "6/4", "3/8"):
            top, bottom = map(int, meter.split("/"))
            self.assertEqual(Fraction(8 * top, bottom) % beam_group(meter), 0)


class LineTests(unittest.TestCase):
    def test_it_breaks_the_line_after_four_bars_and_after_a_part(self):
        self.assertEqual(body("C8|" * 5 + "C8||" + "D8|D8|]"),
                         "C8 | C8 | C8 | C8 |\nC8 | C8 ||\nD8 | D8 |]\n")  # fmt: skip

    def test_it_counts_no_pickup_as_a_bar(self):
        text = body("G2|C8|C8|C8|C8|C6|]", pickup=2)
        self.assertEqual(text, "G2 | C8 | C8 | C8 | C8 |\nC6 |]\n")

    def test_it_keeps_both_endings_on_one_line(self):
        text = body("|:C8|D8|E8|1F8:|2G8|:C8|D8:|")
        self.assertEqual(text, "|: C8 | D8 | E8 |1 F8 :|2 G8 |:\nC8 | D8 :|\n")


class ChordTests(unittest.TestCase):
    def test_it_puts_a_chord_at_each_bars_first_note_and_the_second_at_its_middle(self):
        self.assertEqual(body("C4E4|G8|]", chords=("C,G7", "Am,F")), '"C"C4 "G7"E4 | "Am"G8 |]\n')
        self.assertEqual(body("CDEFGABc|]", chords=("C, G7",)), '"C"CDEF "G7"GABc |]\n')

    def test_it_puts_no_chord_over_a_pickup(self):
        self.assertEqual(body("G2|C8|G6|]", chords=("C", "G"), pickup=2), 'G2 | "C"C8 | "G"G6 |]\n')

    def test_it_puts_the_chord_over_a_bar_that_begins_with_a_rest_or_a_triplet(self):
        self.assertEqual(body("z2C6|(3CDEC6|]", chords=("C", "G")), '"C"z2C6 | "G"(3CDEC6 |]\n')

    def test_no_beam_runs_across_a_rest(self):
        self.assertEqual(body("GzGABc|zABc2z|]", meter="6/8"), "G z G ABc | z AB c2z |]\n")

    def test_it_gives_a_second_ending_the_chord_of_the_first(self):
        text = body("|:C8|1D8:|2E8|:F8|G8:|", chords=("C", "G", "F", "C"))
        self.assertEqual(text, '|: "C"C8 |1 "G"D8 :|2 "G"E8 |:\n"F"F8 | "C"G8 :|\n')


class HeaderTests(unittest.TestCase):
    def test_it_writes_the_fields_in_order(self):
        self.assertEqual(header(title="Joy", meter="6/8", key="Ador", tempo_qpm=150, rhythm="jig"),
                         "X:1\nT:Joy\nR:jig\nM:6/8\nL:1/8\nQ:3/8=100\nK:Ador\n")  # fmt: skip
        self.assertEqual(header(title="t", meter="4/4", key="C", tempo_qpm=None), "X:1\nT:t\nM:4/4\nL:1/8\nK:C\n")

    def test_it_counts_the_beats_that_a_dancer_counts(self):
        for meter, qpm, field in (("6/8", 180, "3/8=120"), ("9/8", 150, "3/8=100"), ("4/4", 100, "1/4=100"),
                                  ("4/4", 200, "1/2=100"), ("2/2", 120, "1/2=60"), ("3/4", 160, "1/4=160"),
                                  ("3/2", 120, "1/2=60"), ("2/4", 110, "1/4=110"), ("3/8", 90, "1/4=90")):  # fmt: skip
            with self.subTest(meter=meter, qpm=qpm):
                self.assertEqual(tempo_field(meter, qpm), field)

    def test_it_names_no_hornpipe_that_abc2midi_would_swing_wrongly(self):
        self.assertNotIn("R:", header(title="t", meter="3/2", key="C", tempo_qpm=100, rhythm="hornpipe"))
        self.assertIn("R:hornpipe", header(title="t", meter="4/4", key="C", tempo_qpm=100, rhythm="hornpipe"))


class EngraverTests(unittest.TestCase):
    def test_it_refuses_what_is_no_symbol(self):
        from generator.engraving import Engraver

        with self.assertRaises(TypeError):
            Engraver("4/4").feed("C")

    def test_it_writes_each_symbol_once_and_never_takes_back(self):
        from generator.engraving import Engraver

        engraver = Engraver("4/4", ("C",))
        self.assertEqual([engraver.feed(Rest(Fraction(1))) for _ in range(5)], ['"C"z', "z", "z", "z", " z"])

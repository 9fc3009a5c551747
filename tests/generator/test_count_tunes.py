"""What is counted of the training tunes: how they begin, by meter and by rhythm."""

import unittest

from generator.count_tunes import dotted_shares, pickup_shares
from generator.encoding import Tune
from generator.notation import parse

WHOLE, PICKED_UP, RARE = "GABc d4|e8|]", "G2|GABc d4|e6|]", "G|GABc d4|e7|]"


def tune(abc: str, rhythm: str | None = "reel", meter: str = "4/4") -> Tune:
    return Tune(parse(abc, meter=meter, key="G", unit="1/8"), rhythm, None)


class PickupShareTests(unittest.TestCase):
    def test_it_counts_by_meter_and_by_rhythm(self):
        shares = pickup_shares([tune(WHOLE), tune(PICKED_UP), tune(WHOLE, "hornpipe"), tune(WHOLE, None)])
        self.assertEqual(
            shares, {"4/4": {"0.0": 0.75, "2.0": 0.25}, "hornpipe": {"0.0": 1.0}, "reel": {"0.0": 0.5, "2.0": 0.5}}
        )

    def test_it_leaves_out_what_is_rare(self):
        shares = pickup_shares([tune(WHOLE)] * 30 + [tune(PICKED_UP)] * 10 + [tune(RARE)])
        self.assertEqual(shares["reel"], {"0.0": 0.75, "2.0": 0.25})

    def test_it_passes_over_meters_that_are_not_composed_in(self):
        self.assertEqual(pickup_shares([tune("GABc d|]", None, "5/8")]), {})


class DottedShareTests(unittest.TestCase):
    def test_it_counts_how_dotted_a_rhythm_is_and_forgets_the_unusual(self):
        tunes = [tune("ABcdABcd|e8|]")] * 18 + [tune("A>BA>BA>BA>B|e8|]")] * 5 + [tune("A>BcdABcd|e8|]")]
        self.assertEqual(dotted_shares(tunes)["reel"], [round(18 / 23, 3), 0.0, round(5 / 23, 3)])


if __name__ == "__main__":
    unittest.main()

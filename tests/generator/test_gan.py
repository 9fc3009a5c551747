from dataclasses import replace

import numpy as np

from generator import checkpoints
from generator.brief import Brief
from generator.composers import card_of, composer_names
from generator.composers.gan import GANConfig, compose, imagined, read, scaled, unscaled
from generator.composers.gan_course import GANTraining, Match, train
from generator.courses import Configuration
from tests.generator.keyboard_music import InFolder, folder_of, works
from tests.generator.test_two_staves import by_abc2midi

SMALL = GANConfig(window=12, noise=36, width=16, first=8)
SOON = GANTraining(minutes=0.01, every=0.005, batch=8, tested=16)


class GANTest(InFolder):
    def trained(self, composer: str = "gan", **settings: object) -> dict:
        music = str(folder_of(self.folder / "music"))
        return train(
            Configuration(composer, SMALL, replace(SOON, **settings)), [music], [music], self.folder / composer
        )

    def test_numbers_of_symbols_come_back_from_their_scale(self) -> None:
        numbers = np.arange(37)
        self.assertEqual(unscaled(scaled(numbers, 37), 37).tolist(), numbers.tolist())
        self.assertEqual(unscaled(np.array([-1.0, 1.0]), 37).tolist(), [0, 36])

    def test_the_discriminator_learns_to_tell_eight_pieces_from_noise(self) -> None:
        training = replace(SOON, pretraining=1000, learning_rate=5e-3, batch=32)
        eight = works(8, 24)
        match = Match(Configuration("gan", replace(SMALL, width=32), training), eight, eight, self.folder)
        losses = [match.one_round(np.random.default_rng([1, index]))["discriminator"] for index in range(500)]
        self.assertLess(np.mean(losses[-20:]), 0.4, losses[::50])

    def test_both_losses_are_kept(self) -> None:
        self.trained()
        history = checkpoints.read_metadata(self.folder / "gan" / "model.safetensors")["record"]["history"]
        self.assertLessEqual({"discriminator", "generator", "turns_made", "turns_real"}, set(history[-1]))
        self.assertGreater(history[-1]["generator"], 0)

    def test_the_generator_rests_while_the_discriminator_is_pretrained(self) -> None:
        self.assertEqual(self.trained(pretraining=10_000)["generator"], 0)

    def test_a_run_that_was_cut_off_goes_on(self) -> None:
        for composer in ("gan", "gan-mended"):
            first = self.trained(composer)
            more = self.trained(composer, minutes=first["minutes"] + 0.02)
            self.assertGreater(more["round"], first["round"])

    def test_the_same_seed_gives_the_same_symbols(self) -> None:
        for composer in ("gan", "gan-mended"):
            self.trained(composer)
            model, record = read(self.folder / composer / "model.safetensors")
            once, again = (imagined(model, record["symbols"], seed=3) for _ in range(2))
            self.assertEqual(len(once), SMALL.window)
            self.assertEqual(once, again)

    def test_those_that_are_shipped_compose_the_same_for_the_same_seed(self) -> None:
        for name in {"gan", "gan-mended"} & set(composer_names()):
            self.assertEqual(card_of(name).kind, "piece")
            (*_, once), (*_, again) = (compose(Brief("calm", seed=5, composer=name)) for _ in range(2))
            self.assertEqual(once, again)
            self.assertNotRegex(by_abc2midi(once.abc)[1], "Warning|Error")

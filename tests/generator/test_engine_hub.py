"""Requests that run together: each as if it were alone, none in the way of another."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from generator import vocabulary as V
from generator.attributes import CONDITION_NAMES
from generator.engine.hub import Hub
from generator.inputs import INPUT_SIZES
from tests.generator.test_engine import EngineCase, a_tune


class HubTests(EngineCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.hub = Hub()
        cls.hub.start()

    def telling(self, seed: int, length: int) -> Callable[[], Iterator[bytes]]:
        """A request that tells its logits step by step."""

        def events() -> Iterator[bytes]:
            tokens, inputs, conditions = a_tune(seed, length)
            voice = self.network.voice(conditions)
            for token, beside in zip(tokens, inputs, strict=True):
                yield voice.step(int(token), beside.tolist()).tobytes()

        return events

    def test_every_request_hears_what_it_would_hear_alone(self):
        lengths = [60 + 7 * n for n in range(10)]
        wanted = [[row.tobytes() for row in self.alone(n, length)] for n, length in enumerate(lengths)]
        streams = [self.hub.submit(self.telling(n, length)) for n, length in enumerate(lengths)]
        self.assertEqual([list(stream) for stream in streams], wanted)

    def test_requests_that_come_later_join_and_the_first_note_does_not_wait(self):
        first = iter(self.hub.submit(self.telling(1, 150), every=60))
        next(first)
        self.assertEqual(len(list(self.hub.submit(self.telling(2, 20), every=60))), 20)
        self.assertEqual(len(list(first)), 149)

    def test_it_raises_what_a_request_raises_and_the_others_go_on(self):
        def broken() -> Iterator[int]:
            yield 1
            self.network.voice([0] * len(CONDITION_NAMES)).step(V.START, [0] * len(INPUT_SIZES))
            raise KeyError("lost")

        beside, stream = self.hub.submit(self.telling(1, 50)), iter(self.hub.submit(broken))
        self.assertEqual(next(stream), 1)
        with self.assertRaises(KeyError):
            next(stream)
        self.assertEqual(len(list(beside)), 50)

    def test_it_raises_what_the_step_raises_in_every_request_of_it(self):
        def odd() -> Iterator[Any]:
            voice = self.network.voice([0] * len(CONDITION_NAMES))
            yield voice.step(V.START, ["no id"] * len(INPUT_SIZES))

        with self.assertRaises((TypeError, ValueError)):
            list(self.hub.submit(odd))
        self.assertEqual(len(list(self.hub.submit(self.telling(1, 5)))), 5)

    def test_a_reader_that_goes_away_ends_its_request(self):
        ended = threading.Event()

        def endless() -> Iterator[int]:
            try:
                while True:
                    voice = self.network.voice([0] * len(CONDITION_NAMES))
                    voice.step(V.START, [0] * len(INPUT_SIZES))
                    yield 1
            finally:
                ended.set()

        with closing(self.hub.submit(endless)) as stream:
            next(iter(stream))
        self.assertTrue(ended.wait(10))

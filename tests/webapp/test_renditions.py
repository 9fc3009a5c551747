"""A tune played by a network: the offer, the job with its progress, every way it can end, and who may hear it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from unittest import mock

from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from generator import BriefError, ComposerCard, Sound, SoundAdded
from tests.builders import Person, a_queued_tune, a_ready_tune
from tests.webapp.test_questions import MOST
from webapp.renditions import playing
from webapp.renditions.models import Rendition, Status
from webapp.renditions.playing import renditions_play, renditions_sweep
from webapp.renditions.services import renditions_forget
from webapp.tunes.models import Tune

CARD = ComposerCard("wavenet", "WaveNet", "Plays a tune.", 200_000, "a flute", None, "wavenet-0123456789", kind="sound")
WAV = b"RIFF" + bytes(100)


def a_performance(*_: object, **__: object) -> Iterator:
    yield SoundAdded(0.5)
    yield SoundAdded(1.0)
    yield Sound(WAV, 12.0)


class Stage(TestCase):
    def setUp(self) -> None:
        self.alice, self.charlie = Person("alice"), Person("charlie")
        self.tune = a_ready_tune(self.alice)
        self.enterContext(mock.patch("webapp.renditions.selectors.player_cards", return_value=[CARD]))
        self.play = self.enterContext(mock.patch("webapp.renditions.playing.play", side_effect=a_performance))
        self.told = self.enterContext(mock.patch("webapp.renditions.tasks.play_waiting.delay"))

    def address(self, name: str = "rendition", tune: Tune | None = None) -> str:
        return reverse(name, args=[(tune or self.tune).pk])

    def ask(self, person: Person | None = None) -> Rendition:
        with self.captureOnCommitCallbacks(execute=True):
            answer = (person or self.alice).post(self.address())
        self.assertEqual(answer.status_code, 302)
        return Rendition.objects.get(tune=self.tune)

    def page(self) -> str:
        return self.alice.get(self.tune.get_absolute_url()).content.decode()


class AskingTest(Stage):
    def test_it_is_offered_beside_the_sampled_sound(self) -> None:
        page = self.page()
        self.assertIn("Hear it through WaveNet", page)
        self.assertIn("first 12 seconds", page)

    def test_it_asks_the_database_no_more_than_any_page_may(self) -> None:
        self.ask()
        with CaptureQueriesContext(connection) as asked:
            self.page()
        self.assertLessEqual(len(asked), MOST)

    def test_it_is_not_offered_while_no_checkpoint_ships(self) -> None:
        with mock.patch("webapp.renditions.selectors.player_cards", return_value=[]):
            self.assertNotIn("WaveNet", self.page())
            self.assertEqual(self.alice.post(self.address()).status_code, 409)
            self.assertEqual(self.alice.get(self.address()).content.strip(), b"")
        self.assertFalse(Rendition.objects.exists())

    def test_its_own_address_leads_a_person_to_the_page_around_it(self) -> None:
        answer = self.alice.get(self.address(), headers={"Sec-Fetch-Dest": "document"})
        self.assertRedirects(answer, self.tune.get_absolute_url())
        self.assertContains(self.alice.get(self.address(), headers={"Sec-Fetch-Dest": "empty"}), "WaveNet")

    def test_it_waits_for_a_tune_that_is_being_composed(self) -> None:
        unfinished = a_queued_tune(self.alice)
        self.assertEqual(self.alice.post(self.address(tune=unfinished)).status_code, 409)

    def test_it_keeps_the_row_and_tells_a_worker(self) -> None:
        self.assertEqual(self.ask().status, Status.QUEUED)
        self.told.assert_called_once_with()

    def test_it_keeps_the_row_while_the_broker_is_away(self) -> None:
        self.told.side_effect = OSError
        with self.assertLogs("webapp.renditions.services"):
            self.assertEqual(self.ask().status, Status.QUEUED)

    def test_it_is_one_for_all_who_ask(self) -> None:
        self.assertEqual(self.ask(), self.ask(self.charlie))
        self.told.assert_called_once_with()

    @override_settings(TUNES_PER_MINUTE_VISITOR=1)
    def test_it_counts_as_asking_for_a_tune(self) -> None:
        # The tune itself was the one.
        self.assertEqual(self.alice.post(self.address()).status_code, 429)
        self.assertFalse(Rendition.objects.exists())

    def test_it_goes_with_its_tune(self) -> None:
        self.ask()
        self.tune.delete()
        self.assertFalse(Rendition.objects.exists())


class PlayingTest(Stage):
    def test_it_plays_all_that_wait_and_keeps_the_sound(self) -> None:
        rendition = self.ask()
        renditions_play()
        rendition.refresh_from_db()
        self.assertEqual((rendition.status, rendition.progress, rendition.seconds), (Status.READY, 1, 12))
        answer = self.charlie.get(self.address("rendition-wav"))
        self.assertEqual((answer.content, answer["Content-Type"]), (WAV, "audio/wav"))
        self.assertIn("<audio", self.page())

    def test_it_plays_at_the_tempo_of_the_page(self) -> None:
        Tune.objects.filter(pk=self.tune.pk).update(conditions={"tempo_qpm": 90})
        self.ask()
        renditions_play()
        self.assertEqual(self.play.call_args.kwargs["tempo_qpm"], 90)

    def test_it_tells_how_far_it_is(self) -> None:
        rendition = self.ask()
        Rendition.objects.filter(pk=rendition.pk).update(status=Status.PLAYING, progress=0.42, heartbeat=timezone.now())
        part = self.alice.get(self.address()).content.decode()
        self.assertIn('<progress max="100" value="42"', part)
        self.assertIn("stop it", part)
        self.assertNotIn("stop it", self.charlie.get(self.address()).content.decode())
        self.assertIn('http-equiv="refresh"', self.page())

    def test_it_writes_down_how_far_it_is_while_it_plays(self) -> None:
        rendition = self.ask()
        seen = []

        def performance(*_: object, **__: object) -> Iterator:
            yield SoundAdded(0.5)
            rendition.refresh_from_db()
            seen.append(rendition.progress)
            yield Sound(WAV, 12.0)

        self.play.side_effect = performance
        with mock.patch.object(playing, "WRITE_EVERY", 0):
            renditions_play()
        self.assertEqual(seen, [0.5])

    def test_it_stops_when_its_maker_stops_it(self) -> None:
        rendition = self.ask()

        def performance(*_: object, **__: object) -> Iterator:
            yield SoundAdded(0.5)
            self.alice.post(self.address("rendition-cancel"))
            yield Sound(WAV, 12.0)

        self.play.side_effect = performance
        renditions_play()
        rendition.refresh_from_db()
        self.assertEqual((rendition.status, bytes(rendition.wav)), (Status.CANCELLED, b""))
        self.assertIn("stopped before it was finished", self.page())
        self.assertEqual(self.ask().status, Status.QUEUED)

    def test_it_lets_nobody_else_stop_it(self) -> None:
        self.ask()
        self.assertEqual(self.charlie.post(self.address("rendition-cancel")).status_code, 403)

    def test_it_says_why_a_tune_cannot_be_played(self) -> None:
        self.play.side_effect = BriefError({"abc": "There are several voices in it; give a single melody."})
        rendition = self.ask()
        renditions_play()
        rendition.refresh_from_db()
        self.assertEqual(rendition.status, Status.FAILED)
        self.assertIn("several voices", self.page())

    def test_it_fails_cleanly_and_goes_on_with_the_next(self) -> None:
        first, other = self.ask(), a_ready_tune(self.alice)
        with self.captureOnCommitCallbacks(execute=True):
            self.alice.post(self.address(tune=other))
        self.play.side_effect = [RuntimeError("no such file"), a_performance()]
        with self.assertLogs("webapp.renditions.playing", "ERROR"):
            renditions_play()
        first.refresh_from_db()
        self.assertEqual((first.status, first.reason), (Status.FAILED, playing.BROKEN))
        self.assertEqual(other.renditions.get().status, Status.READY)

    def test_it_ends_what_takes_too_long(self) -> None:
        rendition = self.ask()
        with mock.patch.object(playing, "MAX_SECONDS", -1):
            renditions_play()
        rendition.refresh_from_db()
        self.assertEqual((rendition.status, rendition.reason), (Status.FAILED, playing.TOO_LONG))

    def test_it_does_nothing_while_it_plays_already(self) -> None:
        self.ask()
        with mock.patch.object(playing, "_at_the_flute") as lock:
            lock.acquire.return_value = False
            renditions_play()
        self.play.assert_not_called()


class SweepTest(Stage):
    def test_it_ends_what_a_killed_worker_left_behind(self) -> None:
        rendition = self.ask()
        long_ago = timezone.now() - timedelta(minutes=1)
        Rendition.objects.update(status=Status.PLAYING, claim="gone", heartbeat=long_ago)
        renditions_sweep()
        rendition.refresh_from_db()
        self.assertEqual((rendition.status, rendition.reason), (Status.FAILED, playing.INTERRUPTED))

    def test_it_keeps_alive_what_this_worker_holds(self) -> None:
        rendition = self.ask()
        long_ago = timezone.now() - timedelta(minutes=1)
        Rendition.objects.update(status=Status.PLAYING, claim="ours", heartbeat=long_ago)
        with mock.patch.object(playing, "_held", "ours"):
            renditions_sweep()
        rendition.refresh_from_db()
        self.assertEqual(rendition.status, Status.PLAYING)

    def test_it_tells_a_worker_again_of_what_was_forgotten(self) -> None:
        self.ask()
        long_ago = timezone.now() - timedelta(minutes=1)
        Rendition.objects.update(created=long_ago, enqueued=None)
        renditions_sweep()
        renditions_sweep()  # told just now: not again
        self.assertEqual(self.told.call_count, 2)


class ForgettingTest(Stage):
    def test_it_forgets_sounds_after_thirty_days(self) -> None:
        self.ask()
        renditions_play()
        renditions_forget()
        self.assertTrue(Rendition.objects.exists())
        Rendition.objects.update(created=timezone.now() - timedelta(days=31))
        renditions_forget()
        self.assertFalse(Rendition.objects.exists())


class HearingTest(Stage):
    def setUp(self) -> None:
        super().setUp()
        self.ask()
        renditions_play()

    def test_it_gives_the_stretch_that_a_browser_asks_for(self) -> None:
        answer = self.alice.get(self.address("rendition-wav"), headers={"Range": "bytes=4-9"})
        self.assertEqual((answer.status_code, answer.content), (206, WAV[4:10]))
        self.assertEqual(answer["Content-Range"], f"bytes 4-9/{len(WAV)}")
        rest = self.alice.get(self.address("rendition-wav"), headers={"Range": "bytes=100-"})
        self.assertEqual(rest.content, WAV[100:])
        beyond = self.alice.get(self.address("rendition-wav"), headers={"Range": "bytes=999999-"})
        self.assertEqual(beyond.status_code, 416)

    def test_it_is_heard_by_those_alone_who_see_the_tune(self) -> None:
        Tune.objects.filter(pk=self.tune.pk).update(visibility=Tune.Visibility.PRIVATE)
        for name in ("rendition", "rendition-wav"):
            self.assertEqual(self.alice.get(self.address(name)).status_code, 200)
            self.assertEqual(self.charlie.get(self.address(name)).status_code, 404)

    def test_it_is_asked_for_anew_when_the_player_has_learned_more(self) -> None:
        later = mock.Mock(checkpoint="wavenet-9876543210")
        later.name = "wavenet"
        with mock.patch("webapp.renditions.selectors.player_cards", return_value=[later]):
            self.assertEqual(self.alice.get(self.address("rendition-wav")).status_code, 404)

"""Programs that ask in the same instant: one key makes one tune, one account one rating."""

from __future__ import annotations

import json
from collections import Counter
from functools import partial

from django.test import Client, TransactionTestCase

from tests.builders import a_gallery_tune, a_token, an_account
from tests.webapp.at_once import at_once
from webapp.ratings.models import Rating
from webapp.tunes.models import Tune


class AtOnceTest(TransactionTestCase):
    def setUp(self) -> None:
        self.alice = an_account("alice")
        self.shown = {"Authorization": f"Bearer {a_token(self.alice)}"}

    def together(self, method: str, where: str, bodies: list[dict], **headers: str) -> Counter:
        """Statuses of answers to requests that come in the same instant."""

        def ask(body: dict) -> tuple[int, str | None]:
            raw = json.dumps(body).encode()
            answer = Client(headers=self.shown | headers).generic(
                method, f"/api/v1/{where}", raw, content_type="application/json"
            )
            return answer.status_code, answer.json().get("id")

        answers = at_once([partial(ask, body) for body in bodies])
        self.ids = {tune_id for _, tune_id in answers if tune_id}
        return Counter(status for status, _ in answers)

    def test_it_makes_one_tune_of_one_key(self) -> None:
        told = self.together("POST", "tunes/", [{"prompt": "hopeful"}] * 5, **{"Idempotency-Key": "one"})
        self.assertEqual((told, len(self.ids), Tune.objects.count()), ({202: 5}, 1, 1))

    def test_it_makes_one_tune_of_one_key_with_two_requests(self) -> None:
        bodies = [{"prompt": "hopeful"}, {"prompt": "sad"}] * 3
        told = self.together("POST", "tunes/", bodies, **{"Idempotency-Key": "one"})
        self.assertEqual((told, len(self.ids), Tune.objects.count()), ({202: 3, 409: 3}, 1, 1))

    def test_it_counts_one_rating_of_one_account(self) -> None:
        tune = a_gallery_tune(an_account("bob"))
        told = self.together("PUT", f"tunes/{tune.pk}/rating/", [{"stars": stars} for stars in (1, 2, 3, 4, 5)])
        self.assertEqual((told, Rating.objects.count()), ({200: 5}, 1))
        tune.refresh_from_db()
        self.assertEqual((tune.stars_count, tune.stars_sum), (1, Rating.objects.get().stars))

    def test_it_shows_a_token_to_many_at_once(self) -> None:
        told = self.together("POST", "interpret/", [{"prompt": "hopeful"}] * 5)
        self.assertEqual(told, {200: 5})

"""What any app keeps for a person comes with the export and goes, or loses its person, when they leave."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db import models

from tests.builders import Person, a_gallery_tune, a_moderator, a_ready_tune, a_token, an_account
from tests.webapp.account_forms import ADDRESS, AccountCase
from tests.webapp.test_accounts_export import opened, read
from webapp.accounts.leaving import account_leave
from webapp.accounts.models import Profile
from webapp.moderation.models import Act, Report
from webapp.moderation.services import hide, report_write
from webapp.ratings.models import Favourite
from webapp.ratings.services import tune_favourite, tune_rate
from webapp.talk.models import Comment, Follow, Notice
from webapp.talk.services import comment_write, maker_follow

KEYED = ("listener", "maker", "owner", "key", "voter", "who")
# Account.json tells the profile; the gallery's entries are made of tunes; the log of moderation is never changed; an
# allowance is forgotten within two minutes.
NOT_ASKED = {"Profile", "Entry", "Act", "Allowance"}


def models_of_ours() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        if model.__module__.startswith("webapp.") and model.__name__ not in NOT_ASKED:
            yield model


def is_keyed(model: type[models.Model]) -> bool:
    return any(isinstance(field, models.CharField) and field.name in KEYED for field in model._meta.fields)


def refers_to_a_person(model: type[models.Model]) -> bool:
    return any(field.related_model is Profile for field in model._meta.fields)


def source(model: type[models.Model], name: str) -> str:
    found = importlib.util.find_spec(f"{model._meta.app_config.name}.{name}")
    return Path(found.origin).read_text() if found else ""


class EveryAppTest(AccountCase):
    """A model that fails here needs a function in its app: accounts/exporting.py and accounts/leaving.py say how."""

    def test_it_exports_what_every_app_keeps_under_a_key_or_for_an_account(self) -> None:
        missing = [
            model.__name__
            for model in models_of_ours()
            if (is_keyed(model) or refers_to_a_person(model)) and model.__name__ not in source(model, "exporting")
        ]
        self.assertEqual(sorted(missing), [])

    def test_it_lets_go_of_what_every_app_keeps_under_a_key(self) -> None:
        missing = [
            model.__name__
            for model in models_of_ours()
            # What refers to the account alone goes with its row; a block has both.
            if is_keyed(model) and not refers_to_a_person(model) and model.__name__ not in source(model, "leaving")
        ]
        self.assertEqual(sorted(missing), [])


class EverythingTest(AccountCase):
    def setUp(self) -> None:
        super().setUp()
        self.alice = an_account("alice", email=ADDRESS, first_name="Alice of the Harbour")
        self.bob, charlie = an_account("bob"), Person("charlie")
        self.hers, self.his = a_gallery_tune(self.alice), a_gallery_tune(self.bob)
        tune_rate(tune=self.his, listener=self.alice.listener, stars=4)
        tune_favourite(tune=self.his, listener=self.alice.listener, favourite=True)
        maker_follow(maker=self.bob.profile, listener=self.alice.listener, follow=True)
        maker_follow(maker=self.alice.profile, listener=charlie.listener, follow=True)
        self.said = comment_write(tune=self.his, listener=self.alice.listener, text="Lovely, that turn.")
        comment_write(tune=self.his, listener=self.bob.listener, text="Thank you.", reply_to=self.said)
        comment_write(tune=self.hers, listener=self.bob.listener, text="And yours.")
        report_write(listener=self.alice.listener, reason="other", text="Too loud", tune=self.his)
        report_write(listener=charlie.listener, reason="other", text="Copied", tune=self.hers)
        a_token(self.alice)
        a_ready_tune(self.alice, visibility="private")

    def test_it_exports_all_of_it(self) -> None:
        archive = opened(self.alice)
        counted = {name: len(read(archive, name)) for name in archive.namelist() if name.endswith("s.json")}
        wanted = {"tunes.json": 2, "ratings.json": 1, "favourites.json": 1, "comments.json": 1, "reports.json": 1}
        self.assertEqual(counted | wanted | {"tokens.json": 1}, counted)
        self.assertGreater(counted["notices.json"], 0)
        self.assertEqual(read(archive, "following.json")[0]["maker"], "Bob")

    def test_it_leaves_no_trace_of_the_person_in_any_table(self) -> None:
        for with_tunes in (False, True):
            with self.subTest(with_tunes=with_tunes):
                self.assertNotEqual(list(self.traces()), [])
                account_leave(profile=self.alice.profile, with_tunes=with_tunes)
                self.assertEqual(list(self.traces()), [])
                self.setUp()

    def test_it_takes_comments_along_and_leaves_the_answers(self) -> None:
        account_leave(profile=self.alice.profile, with_tunes=False)
        self.said.refresh_from_db()
        self.assertEqual((self.said.text, self.said.deleted), ("", True))
        self.assertEqual(
            set(Comment.objects.exclude(text="").values_list("text", flat=True)), {"Thank you.", "And yours."}
        )

    def test_it_keeps_reports_and_the_log(self) -> None:
        hide(moderator=a_moderator().user, tune=self.hers, note="copied")
        account_leave(profile=self.alice.profile, with_tunes=True)
        self.assertEqual(Report.objects.count(), 2)
        self.assertEqual(Act.objects.count(), 1)
        self.assertFalse(Favourite.objects.exists() or Follow.objects.exists())
        self.assertFalse(Notice.objects.filter(actor=None, kind="comment").exists())

    def traces(self) -> Iterator[str]:
        """Fields of any table that hold the key, the name, the address or the old user name."""
        marks = (self.alice.profile.key, "Alice of the Harbour", ADDRESS, self.alice.user.username)
        for model in apps.get_models():
            texts = [field for field in model._meta.concrete_fields if isinstance(field, models.CharField)]
            for field in texts:
                if model.objects.filter(**{f"{field.attname}__in": marks}).exists():
                    yield f"{model.__name__}.{field.name}"

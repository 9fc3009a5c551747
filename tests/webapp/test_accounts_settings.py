"""What makers decide about themselves, and what others see of them."""

from __future__ import annotations

from unittest import mock

from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client, override_settings
from django.utils import timezone

from tests.builders import PASSWORD, Person, a_gallery_tune, a_queued_tune, a_ready_tune, an_account
from tests.webapp.account_forms import ADDRESS, AccountCase
from webapp.gallery.selectors import PAGE_TUNES
from webapp.tunes.models import Tune, Visibility

WORDS = {"name": "Alice of the Lantern", "about": "Fiddle.\n\nAnd tea.", "starts_as": "draft"}


class SettingsTest(AccountCase):
    def setUp(self) -> None:
        super().setUp()
        self.alice = an_account("alice", email=ADDRESS)

    def send(self, **changes: str) -> object:
        return self.alice.post("/my/settings/", WORDS | changes)

    def test_it_keeps_name_words_and_what_tunes_start_as(self) -> None:
        self.assertEqual(self.send().url, "/my/settings/")
        self.alice.profile.refresh_from_db()
        self.assertEqual((self.alice.profile.name, self.alice.profile.about), (WORDS["name"], WORDS["about"]))
        self.alice.post("/", {"prompt": "hopeful", "seed": "1"})
        self.assertEqual(Tune.objects.get().visibility, Visibility.DRAFT)

    def test_it_keeps_the_address_of_the_page_when_the_name_changes(self) -> None:
        before = self.alice.profile.slug
        self.send()
        self.alice.profile.refresh_from_db()
        self.assertEqual(self.alice.profile.slug, before)

    def test_it_enters_public_tunes_anew_when_the_name_changes(self) -> None:
        shown = a_gallery_tune(self.alice)
        a_ready_tune(self.alice)
        with mock.patch("webapp.accounts.services.entries_refresh") as refresh:
            self.send()
            refresh.assert_called_once_with(tunes=[shown.pk])
            self.send(about="Other words.")
            refresh.assert_called_once()

    def test_it_refuses_what_cannot_be_kept_and_keeps_nothing_of_it(self) -> None:
        bad = {"name": ("", " ", "\0", "x" * 61, "x" * 1_000_000), "about": ("\0", "x" * 501, "x" * 1_000_000)}
        bad |= {"starts_as": ("", "public", "\0", "hidden")}
        for field, values in bad.items():
            for value in values:
                with self.subTest(f"{field} {value[:10]!r}"):
                    answer = self.send(**{field: value})
                    self.assertEqual(answer.status_code, 422)
                    self.assertEqual(list(answer.context["form"].errors), [field])
        self.alice.profile.refresh_from_db()
        self.assertEqual(self.alice.profile.name, "Alice")

    def test_it_leads_to_everything_else(self) -> None:
        page = self.alice.get("/my/settings/")
        for path in ("/account/email/", "/account/password/change/", "/account/2fa/", "/account/sessions/"):
            self.assertContains(page, f'href="{path}"')
        for path in ("/my/export/", "/my/leave/", "/account/logout/"):
            self.assertContains(page, f'href="{path}"')

    def test_it_is_for_who_is_signed_in(self) -> None:
        self.assertEqual(Client().get("/my/settings/").url, "/account/login/?next=/my/settings/")


class AddressTest(AccountCase):
    def setUp(self) -> None:
        super().setUp()
        self.alice = an_account("alice", email=ADDRESS)

    def ask_for(self, email: str) -> object:
        return self.alice.post("/account/email/", {"action_add": "", "email": email})

    def be_sure(self) -> None:
        self.alice.post("/account/reauthenticate/", {"password": PASSWORD})

    def test_it_asks_for_the_password_before_it_changes_the_address(self) -> None:
        answer = self.ask_for("new@example.org")
        self.assertTrue(answer.url.startswith("/account/reauthenticate/"))
        self.assertEqual(EmailAddress.objects.count(), 1)

    def test_it_changes_the_address_when_the_new_one_is_confirmed(self) -> None:
        self.be_sure()
        self.ask_for("new@example.org")
        self.assertSays(self.alice.get("/account/email/"), "new@example.org")
        self.assertEqual(EmailAddress.objects.get(primary=True).email, ADDRESS)
        self.confirm(self.alice)
        self.assertEqual(EmailAddress.objects.get().email, "new@example.org")
        self.assertEqual(mail.outbox[-1].to, [ADDRESS], "whoever had the old address is told")

    def test_it_tells_nothing_of_an_address_that_another_has(self) -> None:
        bob = an_account("bob")
        self.be_sure()
        self.assertEqual(self.ask_for(bob.user.email).status_code, 302)
        self.assertSays(self.alice.get(self.link("/account/confirm-email/")), "already belongs")
        self.assertEqual(EmailAddress.objects.get(email=bob.user.email, verified=True).user, bob.user)

    def test_it_refuses_what_is_no_address(self) -> None:
        self.be_sure()
        for email in ("", "alice", "\0@example.org", "x" * 1_000_000, ADDRESS):
            self.assertTrue(self.ask_for(email).context["form"].errors["email"], email[:20])


class MakerTest(AccountCase):
    def setUp(self) -> None:
        super().setUp()
        self.alice = an_account("alice")
        self.path = self.alice.profile.get_absolute_url()

    def test_it_shows_public_tunes_and_no_others(self) -> None:
        shown = a_gallery_tune(self.alice, title="Seen by all")
        a_gallery_tune(an_account("bob"), title="By Bob")
        a_gallery_tune(self.alice, title="Hidden by staff", hidden=True)
        a_gallery_tune(self.alice, title="Deleted", deleted=timezone.now())
        a_queued_tune(self.alice, prompt="unfinished", visibility="public")
        for visibility in ("draft", "private", "unlisted"):
            a_ready_tune(self.alice, title=f"A {visibility} one", visibility=visibility)
        for person in (Person("charlie"), self.alice):
            self.assertEqual([tune.pk for tune in person.get(self.path).context["page"]], [shown.pk])

    def test_it_tells_name_words_and_since_when(self) -> None:
        self.alice.profile.about = "<b>Fiddle</b>\nand tea"
        self.alice.profile.save()
        page = Person("charlie").get(self.path)
        self.assertContains(page, "&lt;b&gt;Fiddle&lt;/b&gt;<br>and tea")
        self.assertContains(page, f"since {timezone.now():%B %Y}")
        self.assertNotContains(page, self.alice.user.email)
        self.assertNotContains(page, "/my/settings/")
        self.assertContains(self.alice.get(self.path), "/my/settings/")

    @override_settings(TUNES_PER_MINUTE_VISITOR=1000)
    def test_it_goes_on_to_older_tunes(self) -> None:
        for _ in range(PAGE_TUNES + 1):
            a_gallery_tune(self.alice)
        first = self.alice.get(self.path)
        second = self.alice.get(self.path, {"after": first.context["next_cursor"]})
        self.assertEqual((len(first.context["page"]), len(second.context["page"])), (PAGE_TUNES, 1))
        self.assertEqual(second.context["next_cursor"], "")

    def test_it_has_no_such_page_for_a_forged_cursor(self) -> None:
        for cursor in ("x", "\0", "a:b:c", "x" * 5000):
            self.assertEqual(self.alice.get(self.path, {"after": cursor}).status_code, 404)

    def test_it_has_no_page_for_a_closed_account_or_nobody(self) -> None:
        self.alice.user.is_active = False
        self.alice.user.save()
        for path in (self.path, "/makers/nobody/", "/makers/" + "x" * 500 + "/"):
            self.assertEqual(Person("charlie").get(path).status_code, 404)

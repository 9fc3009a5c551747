"""Signing up, in and out by the real forms; what a browser made comes along."""

from __future__ import annotations

import os
import subprocess
import sys

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client, override_settings

from tests.builders import PASSWORD, Person, a_moderator, a_queued_tune, an_account
from tests.webapp.account_forms import ADDRESS, NEW_PASSWORD, AccountCase

MANDATORY = override_settings(ACCOUNT_EMAIL_VERIFICATION="mandatory")


class BuildersTest(AccountCase):
    def test_it_signs_an_account_in(self) -> None:
        alice = an_account()
        answer = alice.get("/about/")
        self.assertEqual(answer.context["user"], alice.user)
        self.assertEqual(answer.wsgi_request.listener.key, alice.listener.key)
        self.assertEqual(a_queued_tune(alice).owner, alice.profile)

    def test_it_signs_a_moderator_in(self) -> None:
        dana = a_moderator()
        self.assertTrue(dana.get("/about/").wsgi_request.listener.is_moderator)
        self.assertEqual(dana.get("/admin/").status_code, 200)


class SigningUpTest(AccountCase):
    def test_it_signs_up_and_in_at_once_where_letters_go_to_the_terminal(self) -> None:
        alice = Person("alice")
        self.assertEqual(self.sign_up(alice).url, "/my/tunes/")
        self.assertEqual(self.who(alice), "Alice")
        self.assertIn("confirm", mail.outbox[0].subject)
        self.assertFalse(EmailAddress.objects.get().verified)

    def test_it_confirms_an_address_by_the_link_of_the_letter(self) -> None:
        alice = Person("alice")
        self.sign_up(alice)
        self.confirm(alice)
        self.assertTrue(EmailAddress.objects.get(email=ADDRESS).verified)

    @MANDATORY
    def test_it_waits_for_the_letter_where_letters_are_sent(self) -> None:
        alice = Person("alice")
        self.assertEqual(self.sign_up(alice).url, "/account/confirm-email/")
        self.assertEqual(self.who(alice), "")
        self.assertEqual(self.sign_in(alice).url, "/account/confirm-email/")
        self.assertEqual(self.who(alice), "")
        self.confirm(alice)
        self.assertEqual(self.who(alice), "Alice")

    @MANDATORY
    def test_it_signs_nobody_in_who_opens_the_link_in_another_browser(self) -> None:
        self.sign_up(Person("alice"))
        phone = Client()
        self.confirm(phone)
        self.assertEqual(self.who(phone), "")
        self.assertTrue(EmailAddress.objects.get().verified)

    def test_it_makes_a_page_with_an_address_of_the_name(self) -> None:
        for number, slug in enumerate(("alice-o-neill", "alice-o-neill-")):
            person = Person("alice")
            self.sign_up(person, f"a{number}@example.org", name="Alice O Neill")
            self.assertIn(slug, person.get("/about/").wsgi_request.listener.profile.slug)

    def test_it_tells_nobody_the_user_name_that_django_wants(self) -> None:
        self.sign_up(Person("alice"))
        user = User.objects.get()
        self.assertRegex(user.username, r"^maker-[0-9a-f]{16}$")
        self.assertEqual((user.first_name, user.profile.name), ("", "Alice"))

    def test_it_refuses_names_that_cannot_be_shown(self) -> None:
        for name in ("", "   ", "\u200b\u2060", "\0Alice", "x" * 61, "A" * 1_000_000, "\u202e"):
            with self.subTest(name[:10]):
                answer = self.sign_up(Person("alice"), name=name)
                self.assertEqual(answer.status_code, 200)
                self.assertTrue(answer.context["form"].errors["name"])
        self.assertFalse(User.objects.exists())

    def test_it_keeps_a_name_as_text_without_hidden_signs(self) -> None:
        alice = Person("alice")
        self.sign_up(alice, name="  <script>alert(1)</script>\u202e \n Bob  ")
        self.assertEqual(self.who(alice), "<script>alert(1)</script> Bob")
        page = alice.get(User.objects.get().profile.get_absolute_url())
        self.assertNotContains(page, "<script>alert")
        self.assertContains(page, "&lt;script&gt;alert(1)&lt;/script&gt; Bob")

    def test_it_refuses_addresses_and_passwords_that_are_none(self) -> None:
        bad = {
            "email": ("", "alice", "a@b", "a\0@example.org", "a" * 1_000_000 + "@example.org", "<b>@example.org"),
            "password1": ("", "short", "12345678901", "password123", "pass\0word and more", ADDRESS),
        }
        for field, values in bad.items():
            for value in values:
                with self.subTest(f"{field} {value[:20]!r}"):
                    answer = self.sign_up(Person("alice"), **{field: value})
                    self.assertEqual(answer.status_code, 200)
                    self.assertTrue(answer.context["form"].errors[field])
        self.assertFalse(User.objects.exists())
        self.assertEqual(mail.outbox, [])

    def test_it_ties_each_fault_to_its_field(self) -> None:
        page = self.sign_up(Person("alice"), name="").content.decode()
        self.assertIn('id="id_name_error"', page)
        self.assertRegex(page, r'<input[^>]*name="name"[^>]*aria-invalid="true"[^>]*aria-describedby="id_name_error"')


class LettersTest(AccountCase):
    def test_it_confirms_addresses_as_soon_as_a_server_for_letters_is_named(self) -> None:
        told = "from webapp import settings; print(settings.ACCOUNT_EMAIL_VERIFICATION)"
        for server, wanted in (("consolemail://", "optional"), ("smtp://mail.example.org:25", "mandatory")):
            surroundings = os.environ | {"EMAIL_URL": server}
            said = subprocess.check_output([sys.executable, "-c", told], env=surroundings, cwd=settings.BASE_DIR)
            self.assertEqual(said.decode().strip(), wanted)

    @MANDATORY
    @override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=9
    )
    def test_it_says_so_when_no_letter_can_be_sent_whoever_asks(self) -> None:
        an_account("alice", email=ADDRESS)
        for send in (
            lambda: self.sign_up(Client(), "new@example.org"),
            lambda: self.sign_up(Client()),
            lambda: Client().post("/account/password/reset/", {"email": ADDRESS}),
            lambda: Client().post("/account/password/reset/", {"email": "nobody@example.org"}),
        ):
            with self.assertLogs("webapp.accounts.adapter"):
                answer = send()
            self.assertEqual(answer.status_code, 302)
            page = answer.client.get(answer.url)
            self.assertContains(page, "could not be sent just now")
            self.assertNotContains(page, "We have sent a letter to")

    def test_it_writes_plain_letters_in_whole_sentences(self) -> None:
        alice = Person("alice")
        self.sign_up(alice, name="Wren <b>&")
        alice.post("/account/password/reset/", {"email": ADDRESS})
        alice.post("/account/password/reset/", {"email": "nobody@example.org"})
        sent = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        alice.post("/account/password/change/", sent)
        self.assertEqual(len(mail.outbox), 4)
        for letter in mail.outbox:
            self.assertNotRegex(letter.subject + letter.body, r"[{}<>]|&\w+;|Wren|example\.com|None")
            self.assertRegex(letter.body, r"^Good day,\n\n[a-z](.|\n)+\n\nTunewright\ntestserver$")
            self.assertEqual(letter.from_email, settings.DEFAULT_FROM_EMAIL)


class ManyAtOnceTest(AccountCase):
    def test_it_shows_the_page_for_too_many_attempts(self) -> None:
        for _ in range(20):
            self.sign_up(Person("alice"), email="none")
        answer = self.sign_up(Person("alice"), email="none")
        self.assertSays(answer, "That was tried many times", 429)
        self.assertNotContains(answer, "tunes were asked for", status_code=429)

    def test_it_stops_whoever_guesses_at_one_password(self) -> None:
        an_account("alice", email=ADDRESS)
        guesser = Person("charlie")
        for _ in range(5):
            self.assertSays(self.sign_in(guesser, password="a guess"), "do not belong together")
        self.assertSays(self.sign_in(guesser, password=PASSWORD), "tried too often")
        self.assertEqual(self.who(guesser), "")


class SigningInTest(AccountCase):
    def setUp(self) -> None:
        super().setUp()
        self.alice = an_account("alice", email=ADDRESS)
        self.browser = Person("alice")

    def test_it_signs_in_by_address_and_password(self) -> None:
        self.assertEqual(self.sign_in(self.browser, ADDRESS.upper()).url, "/my/tunes/")
        self.assertEqual(self.who(self.browser), "Alice")

    def test_it_goes_back_to_the_page_one_came_from_and_to_no_other_site(self) -> None:
        self.assertEqual(self.sign_in(self.browser, next="/gallery/").url, "/gallery/")
        self.sign_out(self.browser)
        for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example", "\0"):
            with self.subTest(elsewhere):
                self.assertEqual(self.sign_in(self.browser, next=elsewhere).url, "/my/tunes/")
                self.sign_out(self.browser)

    def test_it_refuses_wrong_passwords_and_strange_input(self) -> None:
        for sent in ({"password": "wrong"}, {"password": ""}, {"email": "x\0@example.org"}, {"password": "\0"}):
            answer = self.sign_in(self.browser, **sent)
            self.assertEqual((answer.status_code, self.who(self.browser)), (200, ""))

    def test_it_lets_no_closed_account_in(self) -> None:
        User.objects.update(is_active=False)
        self.assertEqual(self.sign_in(self.browser).url, "/account/inactive/")
        self.assertEqual(self.who(self.browser), "")
        self.assertEqual(self.who(self.alice), "")

    def test_it_sends_staff_through_the_same_door(self) -> None:
        answer = self.browser.get("/admin/login/?next=/admin/")
        self.assertTrue(answer.url.startswith("/account/login/"))

    def test_it_chooses_a_new_password_by_a_letter_and_only_once(self) -> None:
        self.browser.post("/account/password/reset/", {"email": ADDRESS})
        link = self.link("/account/password/reset/key/")
        form = self.browser.get(link).url
        sent = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        self.assertEqual(self.browser.post(form, sent).url, "/account/password/reset/key/done/")
        self.assertEqual(self.who(self.alice), "", "whoever was signed in with the old one still is")
        self.assertSays(Client().get(link), "no longer works")
        self.assertIn("changed", mail.outbox[-1].subject)
        self.sign_in(self.browser, password=NEW_PASSWORD)
        self.assertEqual(self.who(self.browser), "Alice")

    def test_it_opens_no_forged_link(self) -> None:
        for key in ("1-abc-def", "zzzzzzzzzzzzz-abc-def", "0-set-password", "1-%00", "1-" + "a" * 5000):
            answer = self.browser.get(f"/account/password/reset/key/{key}/")
            self.assertSays(answer, "no longer works")
        self.assertSays(self.browser.get("/account/confirm-email/MQ:1abc:forged/"), "no longer works")
        self.assertEqual(self.browser.post("/account/confirm-email/MQ:1abc:forged/").status_code, 404)

    def test_it_changes_a_password_and_signs_other_browsers_out(self) -> None:
        self.sign_in(self.browser)
        sent = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        self.assertEqual(self.browser.post("/account/password/change/", sent | {"oldpassword": "no"}).status_code, 200)
        self.assertEqual(self.browser.post("/account/password/change/", sent).status_code, 302)
        self.assertEqual((self.who(self.browser), self.who(self.alice)), ("Alice", ""))


class NothingIsToldTest(AccountCase):
    """Nobody learns from a form whether an address has an account."""

    def setUp(self) -> None:
        super().setUp()
        self.alice = an_account("alice", email=ADDRESS)

    def test_it_answers_a_wrong_password_and_an_unknown_address_alike(self) -> None:
        pages = [self.sign_in(Client(), email, "wrong") for email in (ADDRESS, "nobody@example.org")]
        self.assertEqual(*(page.context["form"].errors for page in pages))

    def test_it_answers_a_reset_alike(self) -> None:
        urls = {
            Client().post("/account/password/reset/", {"email": email}).url for email in (ADDRESS, "no@example.org")
        }
        self.assertEqual(urls, {"/account/password/reset/done/"})
        self.assertEqual(len(mail.outbox), 2)

    @MANDATORY
    def test_it_answers_a_second_sign_up_as_the_first_where_letters_are_sent(self) -> None:
        self.assertEqual(self.sign_up(Client()).url, self.sign_up(Client(), "new@example.org").url)
        self.assertEqual(User.objects.filter(email=ADDRESS).count(), 1)
        self.assertIn("already", mail.outbox[0].subject)

    def test_it_answers_a_second_sign_up_as_the_first_where_they_are_not(self) -> None:
        self.assertEqual(self.sign_up(Client()).url, self.sign_up(Client(), "new@example.org").url)

    def test_it_gives_an_address_to_nobody_who_has_not_confirmed_it(self) -> None:
        charlie = Client()
        self.sign_up(charlie, name="Charlie", password1=NEW_PASSWORD)
        self.assertEqual(self.who(charlie), "Charlie")
        answer = charlie.get(self.link("/account/confirm-email/"))
        self.assertSays(answer, "already belongs to an account")
        charlie.post(self.link("/account/confirm-email/"))
        self.assertEqual(EmailAddress.objects.get(email=ADDRESS, verified=True).user, self.alice.user)
        browser = Client()
        self.sign_in(browser)
        self.assertEqual(self.who(browser), "Alice")
        browser.post("/account/password/reset/", {"email": ADDRESS})
        self.assertEqual(len([letter for letter in mail.outbox if "password" in letter.subject]), 1)

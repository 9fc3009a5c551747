"""A life with an account in a real browser, by keyboard alone, and what axe-core says of each page on the way."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from tests.browser.browsing import NARROW, BrowserCase
from tests.builders import PASSWORD, a_ready_tune, an_account
from tests.webapp.test_accounts_second_factor import code_of
from webapp.tunes.models import Tune


class AccountStoryTest(BrowserCase):
    maxDiff = None

    def setUp(self) -> None:
        self.addCleanup(User.objects.all().delete)

    def type_in(self, page: Page, **fields: str) -> None:
        """From the first field on, with Tab and Enter and nothing else."""
        first = next(iter(fields))
        page.locator(f"main [name={first}]").focus()
        page.keyboard.press("Control+A")
        for name, text in fields.items():
            expect(page.locator(f"main [name={name}]")).to_be_focused()
            page.keyboard.type(text)
            page.keyboard.press("Tab" if name != list(fields)[-1] else "Enter")
        page.wait_for_load_state()

    def test_it_signs_up_after_a_mistake_and_says_what_was_wrong(self) -> None:
        page = self.visitor(viewport=NARROW)
        page.goto("/account/signup/")
        self.look(page)
        self.type_in(page, name="Alice", email="alice@example.org", password1="12345678")
        expect(page.get_by_text("This password is too common.")).to_be_visible()
        self.look(page)
        self.type_in(page, password1=PASSWORD)
        page.wait_for_url("**/my/tunes/")
        expect(page.get_by_role("link", name="Alice")).to_be_visible()

    def test_it_sets_up_a_second_factor_and_signs_in_with_it(self) -> None:
        EmailAddress.objects.filter(user=an_account("alice", email="alice@example.org").user).update(verified=True)
        page = self.visitor(viewport=NARROW)
        page.goto("/account/login/?next=/account/2fa/totp/activate/")
        self.type_in(page, login="alice@example.org", password=PASSWORD)
        page.wait_for_url("**/account/reauthenticate/**")
        self.look(page)
        self.type_in(page, password=PASSWORD)
        square = page.get_by_role("img", name="The square to scan")
        self.assertGreater(square.evaluate("(image) => image.naturalWidth"), 0, "the policy keeps the square away")
        self.look(page)
        secret = page.locator(".account-secret").inner_text()
        self.type_in(page, code="000000")
        expect(page.get_by_text("This code is not right, or no longer.")).to_be_visible()
        self.look(page)
        self.type_in(page, code=code_of(secret))
        page.wait_for_url("**/recovery-codes/")
        self.look(page)
        spare = page.locator(".account-codes code").first.inner_text()
        for path in ("/account/2fa/", "/account/2fa/recovery-codes/generate/", "/account/2fa/totp/deactivate/"):
            page.goto(path)
            self.look(page)
        page.context.clear_cookies()
        page.goto("/account/login/")
        self.type_in(page, login="alice@example.org", password=PASSWORD)
        page.wait_for_url("**/account/2fa/authenticate/")
        self.look(page)
        self.type_in(page, code=spare)
        page.wait_for_url("**/my/tunes/")

    def test_it_changes_its_name_takes_everything_home_and_leaves(self) -> None:
        alice = an_account("alice", email="alice@example.org")
        tune = a_ready_tune(alice)
        page = self.visitor(viewport=NARROW)
        page.goto("/account/login/?next=/my/settings/")
        self.type_in(page, login="alice@example.org", password=PASSWORD)
        page.get_by_label("Name for others to see").fill("Alice of the Harbour")
        page.keyboard.press("Enter")
        expect(page.get_by_text("That is kept.")).to_be_visible()
        self.look(page)
        with page.expect_download() as download:
            page.get_by_role("link", name="Take everything home").click()
        self.assertRegex(download.value.suggested_filename, r"^tunewright-[\d-]+\.zip$")
        page.get_by_role("link", name="Leave Tunewright").click()
        self.look(page)
        page.get_by_label("stay, without your name").check()
        page.get_by_role("button", name="Leave for good").click()
        self.type_in(page, password=PASSWORD)
        page.wait_for_url("**/goodbye/")
        self.look(page)
        self.assertIsNone(Tune.objects.get(pk=tune.pk).owner)
        self.assertFalse(User.objects.exists())

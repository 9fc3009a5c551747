"""Talk in a real browser: comments by keyboard alone, hearts and follows without leaving the page."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.axe import wrongs
from tests.browser.browsing import DESK, NARROW, PHONE, TOO_WIDE, BrowserCase
from tests.builders import Person, a_comment, a_gallery_tune, an_account
from webapp.talk.models import Comment
from webapp.talk.services import COMMENTS_PER_MINUTE

MARK = "() => { document.documentElement.marked = true; }"
SAME_PAGE = "() => document.documentElement.marked === true"


class TalkTest(BrowserCase):
    def setUp(self) -> None:
        self.alice, self.bob = an_account("alice"), an_account("bob")
        self.tune = a_gallery_tune(self.alice)

    def opened(self, person: Person | None = None, **options: object) -> Page:
        page = self.visitor(person, **options)
        page.goto(self.tune.get_absolute_url())
        expect(page.locator(".sheet .abcjs-note").first).to_be_visible()
        page.evaluate(MARK)
        return page

    def reach(self, page: Page, name: str, most: int = 120) -> None:
        """Tab by tab, as somebody without a mouse does."""
        for _ in range(most):
            page.keyboard.press("Tab")
            told = page.evaluate(
                "() => { const at = document.activeElement; return at.getAttribute('aria-label')"
                " ?? at.labels?.[0]?.textContent ?? at.textContent; }"
            )
            if name in told:
                return
        self.fail(f"no tab leads to “{name}”")

    def kept(self, hearts: int, follows: int, reports: int = 0) -> None:
        followers = self.alice.profile.followers
        counts = [rows.count() for rows in (self.tune.favourites, followers, self.tune.reports)]
        self.assertEqual(counts, [hearts, follows, reports])

    def test_write_reply_edit_and_delete_by_keyboard_alone(self) -> None:
        page = self.opened(self.bob)
        self.reach(page, "What do you hear in it?")
        page.keyboard.type("Lovely.")
        self.reach(page, "Comment", 1)
        page.keyboard.press("Enter")
        said = page.locator(".comment", has_text="Lovely.")
        expect(said).to_be_focused()
        self.reach(page, "reply", 4)
        page.keyboard.press("Enter")
        self.reach(page, "Your reply", 1)
        page.keyboard.type("And again.")
        self.reach(page, "Reply", 1)
        page.keyboard.press("Enter")
        answer = page.locator(".comment.is-reply", has_text="And again.")
        expect(answer).to_be_focused()
        self.assertTrue(page.evaluate(SAME_PAGE), "the page was left")
        self.reach(page, "edit or delete", 4)
        page.keyboard.press("Enter")
        expect(page.get_by_label("Your comment")).to_be_focused()
        page.keyboard.press("Control+a")
        page.keyboard.type("And once more.")
        self.reach(page, "Save", 1)
        page.keyboard.press("Enter")
        expect(page.locator(".comment.is-reply")).to_contain_text("And once more.")
        expect(page.locator(".comment.is-reply")).to_contain_text("edited")
        expect(page.locator(".comment.is-reply")).to_be_focused()
        self.reach(page, "edit or delete", 4)
        page.keyboard.press("Enter")
        expect(page.get_by_label("Your comment")).to_be_focused()
        self.reach(page, "delete this comment for good", 8)
        page.keyboard.press("Enter")
        page.wait_for_url("**/tunes/*/#comments")
        expect(page.locator(".comment.is-reply")).to_have_count(0)
        self.assertEqual([comment.text for comment in self.tune.comments.all()], ["Lovely."])

    def test_what_is_turned_away_stays_in_the_box(self) -> None:
        for number in range(COMMENTS_PER_MINUTE):
            a_comment(self.bob, self.tune, f"number {number}")
        page = self.opened(self.bob)
        page.watched.forgive("")
        box = page.get_by_label("What do you hear in it?")
        box.fill("A long thought")
        page.get_by_role("button", name="Comment", exact=True).click()
        expect(page.get_by_text("Those were many comments in a minute.")).to_be_visible()
        expect(box).to_have_value("A long thought")
        expect(box).to_be_focused()
        self.assertTrue(page.evaluate(SAME_PAGE), "the page was left")
        page.watched.forgive("429")

    def test_a_lost_line_loses_no_words(self) -> None:
        page = self.opened(self.bob)
        page.context.set_offline(True)
        box = page.get_by_label("What do you hear in it?")
        box.fill("A long thought")
        page.get_by_role("button", name="Comment", exact=True).click()
        expect(page.get_by_text("That could not be sent.")).to_be_visible()
        expect(box).to_have_value("A long thought")
        page.context.set_offline(False)
        page.get_by_role("button", name="Comment", exact=True).click()
        expect(page.locator(".comment", has_text="A long thought")).to_be_visible()
        page.watched.forgive("ERR_INTERNET_DISCONNECTED")

    def test_heart_and_follow_are_tapped_in_place_while_the_tune_plays(self) -> None:
        page = self.opened(Person("charlie"))
        page.get_by_role("button", name="Play", exact=True).click()
        self.until_player(page, "player.playing && player.now > 0.1")
        heart = page.get_by_role("button", name="Favourite")
        for pressed in ("true", "false", "true"):
            heart.click()
            expect(heart).to_have_attribute("aria-pressed", pressed)
            expect(heart).to_be_focused()
        page.get_by_role("button", name="follow Alice").click()
        expect(page.get_by_role("button", name="following · stop Alice")).to_be_focused()
        self.assertTrue(self.player(page, "return player.playing;"), "the music stopped")
        self.assertTrue(page.evaluate(SAME_PAGE), "the page was left")
        self.kept(hearts=1, follows=1)

    def test_without_javascript_all_of_it_works(self) -> None:
        page = self.visitor(self.bob, java_script_enabled=False)
        page.goto(self.tune.get_absolute_url())
        page.get_by_role("button", name="Favourite").click()
        expect(page.get_by_role("button", name="Favourite")).to_have_attribute("aria-pressed", "true")
        page.get_by_role("button", name="follow Alice").click()
        page.get_by_label("What do you hear in it?").fill("Lovely.")
        page.get_by_role("button", name="Comment", exact=True).click()
        page.get_by_text("reply to Bob").click()
        page.get_by_label("Your reply").fill("Again.")
        page.get_by_role("button", name="Reply", exact=True).click()
        expect(page.locator(".comment.is-reply")).to_contain_text("Again.")
        page.get_by_role("link", name="report this tune").click()
        page.get_by_label("It advertises something").check()
        page.get_by_role("button", name="Report", exact=True).click()
        expect(page.get_by_text("Thank you. Somebody of our staff will look at it.")).to_be_visible()
        self.kept(hearts=1, follows=1, reports=1)

    def test_pages_of_talk_keep_nobody_out(self) -> None:
        thread = a_comment(self.bob, self.tune, "Lovely, " * 40)
        a_comment(self.alice, self.tune, "ThankYou" * 40, parent=thread)
        self.bob.post(f"/tunes/{self.tune.pk}/favourite/", {"favourite": "yes"})
        self.bob.post(f"/makers/{self.alice.profile.slug}/follow/", {"follow": "yes"})
        self.alice.post(f"/tunes/{self.tune.pk}/comments/", {"text": "Thank you", "reply_to": thread.pk})
        pages = ["/my/favourites/", "/my/following/", "/my/notices/", self.tune.get_absolute_url()]
        pages += [f"/comments/{thread.pk}/{end}" for end in ("", "edit/", "report/")]
        for options in (
            {"color_scheme": "dark", "viewport": NARROW},
            {"viewport": PHONE},
            {"viewport": DESK},
        ):
            page = self.visitor(self.bob, **options)
            for where in pages:
                page.goto(where)
                with self.subTest(where, **options):
                    self.assertEqual(wrongs(page), [])
                    wide = page.evaluate(TOO_WIDE)
                    self.assertEqual(wide, 0)


class SwappedTest(BrowserCase):
    with_worker = True

    def test_heart_and_comments_work_on_parts_that_came_later(self) -> None:
        bob = an_account("bob")
        page = self.visitor(bob)
        self.compose(page, "a slow air for a late guest")
        page.evaluate(MARK)
        self.finished(page)
        heart = page.get_by_role("button", name="Favourite")
        heart.click()
        expect(heart).to_have_attribute("aria-pressed", "true")
        page.get_by_label("What do you hear in it?").fill("Mine, and I like it.")
        page.get_by_role("button", name="Comment", exact=True).click()
        expect(page.locator(".comment", has_text="Mine, and I like it.")).to_be_visible()
        self.assertTrue(page.evaluate(SAME_PAGE), "the page was left")
        self.assertEqual(
            Comment.objects.get(text="Mine, and I like it.").tune.get_absolute_url(), urlsplit(page.url).path
        )

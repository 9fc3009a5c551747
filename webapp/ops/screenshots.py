"""Takes the screenshots in docs/: the main pages in both themes at 390 and 1280 px, of a real site with seeded tunes.

Run by `make screenshots` inside .venv. Each is made by walking there as a person does; compositions differ each time.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from webapp.ops.bench import READY, Site, running_site
from webapp.ops.places import ROOT, child_environment
from webapp.ops.suite import NO_BROWSER, browser

FOLDER = ROOT / "docs" / "screenshots"
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 860}}
THEMES = ("light", "dark")
QUALITY = 60
TUNES = 60
PROMPT = "a slow walk home by the river, hopeful"
DUEL = "[data-duel-side] .abcjs-note, [data-side] .abcjs-note"
TWEAKS = ("happier", "calmer")
PASSWORD = "a lantern at low tide"  # noqa: S105 (of a site that lives for a minute)


def seed(site: Site) -> None:
    command = [sys.executable, "manage.py", "seed_tunes", str(TUNES)]
    subprocess.run(command, check=True, cwd=ROOT, env=child_environment(TUNEWRIGHT_VAR=site.folder))


def story(page: object, site: Site) -> Iterator[tuple[str, str, str]]:
    """Walks as a hobbyist does; yields each page worth showing: its name, address, and what is clicked open on it."""
    page.goto(site.address)
    page.fill("#prompt", PROMPT)
    page.wait_for_timeout(800)
    yield "home", "", ""
    page.goto(f"{site.address}/account/signup/")
    page.get_by_label("Name for others to see").fill("Wren")
    page.get_by_label("E-mail", exact=False).first.fill("wren@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    page.goto(site.address)
    page.fill("#prompt", PROMPT)
    page.click("button.compose")
    page.locator(READY).wait_for(state="attached")
    for tweak in TWEAKS:
        before = page.url
        page.get_by_role("button", name=tweak, exact=True).click()
        page.wait_for_url(lambda url, before=before: url != before)
        page.locator(READY).wait_for(state="attached")
    page.get_by_label("Public", exact=False).first.check()
    page.locator("[data-show]").click()
    tune = page.url.split("#")[0]
    yield "tune", tune, ""
    yield "family", f"{tune}family/", ""
    yield "my-tunes", f"{site.address}/my/tunes/", ""
    yield "gallery", f"{site.address}/gallery/", ""
    yield "gallery-mood", f"{site.address}/gallery/?valence_low=-1&valence_high=0.2&arousal_high=0", "By mood"
    yield "gallery-melody", f"{site.address}/gallery/?notes=D+F+A+d", "By melody"
    yield "duels", duel(page, site), ""
    yield "ranking", f"{site.address}/duels/ranking/", ""
    yield "settings", f"{site.address}/my/settings/", ""
    yield "api", f"{site.address}/developers/", ""


def duel(page: object, site: Site) -> str:
    """The address of a pair, once two composers have written it."""
    page.goto(f"{site.address}/duels/")
    page.get_by_role("button", name="Hear two tunes").click()
    page.locator(DUEL).first.wait_for(timeout=60_000)
    return page.url


def shoot(page: object, name: str, address: str, opened: str) -> None:
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)
            if address:
                page.goto(address)
            if opened:
                page.get_by_text(opened).first.click()
            page.wait_for_timeout(900)  # staves are drawn when they come near
            page.screenshot(path=FOLDER / f"{name}-{size}-{theme}.jpg", type="jpeg", quality=QUALITY)


def main() -> int:
    from playwright.sync_api import sync_playwright

    chromium = browser()
    if not chromium:
        print(NO_BROWSER)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with running_site() as site, sync_playwright() as play:
        seed(site)
        page = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]).new_page()
        for name, address, opened in story(page, site):
            shoot(page, name, address, opened)
            print(name, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

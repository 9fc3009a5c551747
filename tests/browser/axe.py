"""Asks axe-core, as npm brings it, what on a page keeps somebody out."""

from __future__ import annotations

from playwright.sync_api import Page

from webapp.ops.places import NODE_MODULES

SOURCE = NODE_MODULES / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """async (rules) => {
  const found = await window.axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
  const where = (nodes) => nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ");
  return found.violations.map((wrong) => `${wrong.id}: ${wrong.help}: ${where(wrong.nodes)}`);
}"""


def wrongs(page: Page) -> list[str]:
    """One sentence for each rule of WCAG 2.2 AA that the page breaks."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(SOURCE.read_text(encoding="utf-8"))
    return page.evaluate(RUN, RULES)

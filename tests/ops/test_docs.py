"""The README keeps up: a setting, a command or a composer that it does not name fails here."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import unittest
from pathlib import Path

from webapp.ops.__main__ import COMMANDS
from webapp.ops.places import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
# The first column of the table of settings.
TABLE = "\n".join(re.findall(r"^\| ([^|]*)", README.split("## Settings")[1].split("\n## ")[0], re.MULTILINE))
OURS = ("generator", "webapp", "static/css", "static/js", "templates", "tests", ".ci")


def settings_read(file: Path) -> set[str]:
    """Names a file takes from the environment: env.str("NAME") and os.environ["NAME"], .get("NAME")."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            owner, first = ast.unparse(node.func.value), node.args[0]
            if owner in ("env", "os.environ") and isinstance(first, ast.Constant) and isinstance(first.value, str):
                names.add(first.value)
    return names


class SettingsTest(unittest.TestCase):
    def test_it_finds_settings_at_all(self) -> None:
        self.assertIn("DATABASE_URL", settings_read(ROOT / "webapp" / "settings.py"))
        self.assertIn("PORT", settings_read(ROOT / "webapp" / "ops" / "ports.py"))

    def test_it_names_every_setting(self) -> None:
        not_ours = {"DJANGO_SETTINGS_MODULE", "HOME", "PATH", "MAKELEVEL"}
        for file in (ROOT / "webapp").rglob("*.py"):
            for name in settings_read(file) - not_ours:
                with self.subTest(setting=name, file=str(file.relative_to(ROOT))):
                    self.assertIn(f"`{name}`", TABLE)

    def test_it_names_no_setting_that_is_gone(self) -> None:
        read = set().union(*(settings_read(file) for file in (ROOT / "webapp").rglob("*.py")))
        for name in re.findall(r"`([A-Z_]+)`", TABLE):
            self.assertIn(name, read)


class CommandsTest(unittest.TestCase):
    def test_it_names_every_make_command(self) -> None:
        for name in set(COMMANDS) - {"setup"}:
            self.assertTrue(f"| `make {name}` |" in README, name)

    def test_it_names_every_command_of_the_generator(self) -> None:
        from generator.__main__ import COMMANDS as commands

        for name in commands:
            self.assertTrue(f"python -m generator {name} " in README, name)

    def test_it_names_every_option_of_compose(self) -> None:
        told = subprocess.run(
            [sys.executable, "-m", "generator", "compose", "--help"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for option in set(re.findall(r"--[a-z-]+", told)) - {"--help"}:
            self.assertTrue(option in README, option)


class ComposersTest(unittest.TestCase):
    def test_it_names_every_composer(self) -> None:
        from generator import composer_cards

        cards = composer_cards()
        self.assertTrue(cards)
        for card in cards:
            self.assertTrue(card.name in README, card.name)
            self.assertTrue(card.trained_on, f"{card.name}'s card does not say what it was trained on")


class ManualTest(unittest.TestCase):
    def test_it_points_to_files_that_are_there(self) -> None:
        for path in re.findall(r"`((?:generator|webapp|static|tests|\.ci)/[A-Za-z_./-]+)`", README):
            if not path.startswith("static/vendor"):
                self.assertTrue((ROOT / path).exists(), path)

    def test_it_leaves_no_loose_ends_in_our_files(self) -> None:
        loose = re.compile("TO" + "DO|FIX" + "ME|X" + "XX")
        for folder in OURS:
            for file in (ROOT / folder).rglob("*"):
                if file.suffix in (".py", ".js", ".css", ".html", "") and file.is_file() and "vendor" not in file.parts:
                    self.assertIsNone(loose.search(file.read_text(encoding="utf-8", errors="replace")), str(file))

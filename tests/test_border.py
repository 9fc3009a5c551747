"""The border: generator knows no pages, webapp takes only what generator offers, and there is no torch in the web."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Iterator
from pathlib import Path

import generator

ROOT = Path(__file__).resolve().parent.parent


def imports_of(path: Path) -> Iterator[tuple[str, list[str], int]]:
    """(module, names, line) of every import, those inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, [], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or ""), [alias.name for alias in node.names], node.lineno


def python_files(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def run_python(code: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


class BorderTest(unittest.TestCase):
    def test_it_finds_both_packages(self) -> None:
        self.assertGreater(len(python_files("generator")), 5)
        self.assertGreater(len(python_files("webapp")), 20)

    def test_it_keeps_django_and_pages_out_of_the_generator(self) -> None:
        foreign = ("django", "webapp", "rest_framework", "celery")
        crossings = [
            f"{path.relative_to(ROOT)}:{line} imports {module}"
            for path in python_files("generator")
            for module, _, line in imports_of(path)
            if module.split(".")[0] in foreign
        ]
        self.assertEqual(crossings, [])

    def test_it_lets_the_web_take_only_what_the_generator_offers(self) -> None:
        crossings = [
            f"{path.relative_to(ROOT)}:{line} takes {module} {names}"
            for path in python_files("webapp")
            for module, names, line in imports_of(path)
            if module.split(".")[0] == "generator"
            and not (module == "generator" and names and set(names) <= set(generator.__all__))
        ]
        self.assertEqual(crossings, [])

    def test_it_keeps_torch_out_of_the_web_package(self) -> None:
        crossings = [
            f"{path.relative_to(ROOT)}:{line}"
            for path in python_files("webapp")
            for module, _, line in imports_of(path)
            if module.split(".")[0] == "torch"
        ]
        self.assertEqual(crossings, [])

    def test_it_offers_every_name_it_lists(self) -> None:
        done = run_python("import generator\nfor name in generator.__all__: assert getattr(generator, name)")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_it_imports_the_generator_without_torch(self) -> None:
        done = run_python("import sys, generator; sys.exit('torch' in sys.modules)")
        self.assertEqual(done.returncode, 0, done.stderr)


class SmallWebTest(unittest.TestCase):
    VISIT = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "webapp.settings"
import django
django.setup()
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
visit = Client(SERVER_NAME="localhost")
from tests.builders import ABC
for answer in (
    visit.get("/"),
    visit.post("/interpret/", {"prompt": "hopeful and full of wonder"}),
    visit.post("/api/v1/interpret/", {"prompt": "in Moll"}, content_type="application/json"),
    visit.get("/api/v1/composers/"),
    visit.post("/", {"prompt": "hopeful"}),
    visit.post("/api/v1/harmonise/", {"abc": ABC}, content_type="application/json"),
    *(visit.post("/own/", {"abc": ABC, "task": task, "bars": "2"}) for task in ("vary", "fill", "continue", "chords")),
):
    assert answer.status_code in (200, 302), (answer.status_code, answer.content)
sys.exit(", ".join(sorted({"torch", "numba"} & set(sys.modules))) or 0)
"""

    def test_it_loads_no_torch_and_no_compiler_for_a_page_a_preview_or_a_request(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            own = {"TUNEWRIGHT_VAR": folder, "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3"}
            done = run_python(self.VISIT, **own, CELERY_BROKER_URL="filesystem://")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

"""The schema and the page made of it: whole, without a warning, and its examples are answered."""

from __future__ import annotations

import json
import re

from django.test import Client
from django.urls import get_resolver

from tests.builders import a_gallery_tune
from tests.webapp.test_api_tunes import WithPeople
from webapp.api import examples
from webapp.api.reference import METHODS, api_schema, reference
from webapp.api.schema import TAGS

NOT_TOLD = {"api-schema"}


def operations() -> list[tuple[str, str, dict]]:
    return [(path, m, told[m]) for path, told in api_schema()["paths"].items() for m in METHODS if m in told]


class SchemaTest(WithPeople):
    def test_it_tells_of_every_address(self) -> None:
        resolver = next(entry for entry in get_resolver().url_patterns if str(entry.pattern) == "api/")
        for entry in resolver.url_patterns:
            if entry.name and entry.name not in NOT_TOLD:
                path = "/api/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(entry.pattern))
                self.assertIn(path, api_schema()["paths"])

    def test_it_names_every_address_so_that_tests_find_it(self) -> None:
        resolver = next(entry for entry in get_resolver().url_patterns if str(entry.pattern) == "api/")
        names = [entry.name for entry in resolver.url_patterns]
        self.assertEqual(names[-1], None)  # whatever else there is
        self.assertTrue(all(name.startswith("api-") for name in names[:-1]))

    def test_it_says_what_each_does_and_who_may_ask(self) -> None:
        for path, method, told in operations():
            with self.subTest(f"{method} {path}"):
                self.assertTrue(told["summary"].endswith(".") or told["summary"].endswith("?"), told["summary"])
                self.assertIn(told["tags"][0], TAGS)
                self.assertIn({"token": []}, told["security"])
                self.assertIn("401", told["responses"])
        self.assertEqual(api_schema()["components"]["securitySchemes"]["token"]["scheme"], "bearer")

    def test_it_says_truly_what_needs_a_token(self) -> None:
        for path, method, told in operations():
            if "events" in path:
                continue  # looked at in threads, where this test's rows are not
            with self.subTest(f"{method} {path}"):
                where = re.sub(r"\{(\w+)\}", lambda part: "12" if part[1] == "comment_id" else "x" * 22, path)
                status = Client().generic(method.upper(), where, b"{}", content_type="application/json").status_code
                self.assertEqual(status == 401, {} not in told["security"])

    def test_it_says_what_public_means(self) -> None:
        fields = api_schema()["components"]["schemas"]["PatchedTuneChange"]["properties"]
        self.assertIn("CC0", fields["visibility"]["description"])

    def test_it_is_served_as_json(self) -> None:
        answer = Client().get("/api/v1/schema/")
        self.assertEqual((answer.status_code, answer["Content-Type"]), (200, "application/json"))
        self.assertEqual(answer.json()["paths"].keys(), api_schema()["paths"].keys())

    def test_its_examples_are_answered(self) -> None:
        tune = a_gallery_tune(self.alice)
        for method, where, example in (
            ("POST", "tunes/", examples.BRIEF),
            ("PATCH", f"tunes/{tune.pk}/", examples.CHANGE),
            ("POST", f"tunes/{tune.pk}/again/", examples.TWEAK),
            ("POST", f"tunes/{tune.pk}/rework/", examples.VARY),
            ("PUT", f"tunes/{tune.pk}/rating/", examples.STARS),
            ("PATCH", "me/", examples.PROFILE),
        ):
            with self.subTest(where):
                self.assertLess(self.ask(method, where, self.alice, example.value).status_code, 300)


class PageTest(WithPeople):
    def test_it_shows_every_operation(self) -> None:
        page = Client().get("/developers/").content.decode()
        for path, _, told in operations():
            self.assertIn(f'id="ask-{told["operationId"]}"', page)
            self.assertIn(path, page)
        self.assertIn("/api/v1/schema/", page)
        self.assertIn("curl http://testserver/api/v1/tunes/", page)
        self.assertNotRegex(page, r"<style|\sstyle=|\son[a-z]+=\"|javascript:|src=\"(https?:)?//")

    def test_its_links_lead_somewhere(self) -> None:
        page = Client().get("/developers/").content.decode()
        ids = set(re.findall(r'id="([^"]+)"', page))
        self.assertEqual(len(ids), len(re.findall(r'id="([^"]+)"', page)))
        for target in re.findall(r'href="#([^"]+)"', page):
            self.assertIn(target, ids)

    def test_it_writes_bodies_a_shell_can_read(self) -> None:
        import shlex

        for group in reference("http://testserver").groups:
            for operation in group.operations:
                words = shlex.split(operation.curl.replace("\\\n", " "))
                self.assertEqual(words[0], "curl")
                if "-d" in words:
                    self.assertIsInstance(json.loads(words[words.index("-d") + 1]), dict)
                method = words[words.index("-X") + 1] if "-X" in words else "POST" if "-d" in words else "GET"
                self.assertEqual(method, operation.method, operation.curl)

    def test_it_is_linked_from_every_page(self) -> None:
        for where in ("/", "/about/"):
            self.assertContains(Client().get(where), 'href="/developers/"')
        settings = self.alice.get("/my/settings/").content.decode()
        self.assertIn('href="/my/tokens/"', settings)

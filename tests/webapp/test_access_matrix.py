"""Who gets what at every address: people × kinds of tune, for each route of the URL configuration."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from copy import deepcopy

from django.db import transaction
from django.http import HttpResponse
from django.test import Client, TestCase, TransactionTestCase, override_settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from tests.builders import Person, a_comment, a_moderator, a_ready_tune, a_token, an_account
from tests.webapp.access_rows import ACCOUNT_PAGES, API, AWAY, KINDS, OK, PAGES, PEOPLE, Row
from tests.webapp.routes import Route, routes
from webapp.tunes.models import Tune

GENEROUS = {"TUNES_PER_MINUTE_VISITOR": 10_000, "TUNES_PER_MINUTE_ADDRESS": 10_000, "ACCOUNT_RATE_LIMITS": False}
LOOKED_AT = (400, 409, 422)  # let in, and what was sent was found wanting
STREAMS = {"tune-events", "api-tune-events"}
OPEN_IN_ADMIN = ("admin:login", "admin:logout", "admin:jsi18n")
PAGE_ROUTES = {route.name: route for route in routes() if not route.is_admin and not route.is_api}
API_ROUTES = {route.name: route for route in routes() if route.is_api}


class World:
    """One tune of each kind, all of one owner, and everybody who may ask for it."""

    def __init__(self) -> None:
        self.owner = an_account("alice")
        self.people: dict[str, Person] = {
            "stranger": Person("charlie"),
            "signed_in": an_account("bob"),
            "owner": self.owner,
            "moderator": a_moderator(),
        }
        self.programs: dict[str, Client] = {
            name: Client(headers={"Authorization": f"Bearer {a_token(person)}"})
            if person.listener.profile
            else Client()
            for name, person in self.people.items()
        }
        self.tunes = {kind: self._tune(kind) for kind in KINDS}
        self.comments = {kind: a_comment(self.owner, tune) for kind, tune in self.tunes.items()}

    def _tune(self, kind: str) -> Tune:
        columns = {"visibility": kind if kind in Tune.Visibility.values else "public"}
        if columns["visibility"] == "public":
            columns["published"] = timezone.now()
        return a_ready_tune(
            self.owner, hidden=kind == "hidden", deleted=timezone.now() if kind == "deleted" else None, **columns
        )

    def address(self, route: Route, kind: str) -> str:
        try:
            known = {"tune_id": self.tunes[kind].pk, "slug": self.owner.profile.slug}
            known["comment_id"] = self.comments[kind].pk
            return reverse(route.name, kwargs=route.filled(**known))
        except NoReverseMatch:
            return self.plain_address(route)

    @staticmethod
    def plain_address(route: Route) -> str:
        return "/" + re.sub(r"[\^$]|\\Z", "", route.pattern)


class Matrix:
    """What the test cases below share."""

    world: World
    rows: dict[str, tuple[Row, ...]] = PAGES
    routes: dict[str, Route] = PAGE_ROUTES

    def client_of(self, person: str) -> Client:
        return self.world.people[person]

    def send(self, client: Client, row: Row, where: str) -> HttpResponse:
        return getattr(client, row.method)(where, row.sent)

    @contextmanager
    def undone(self) -> Iterator[None]:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    def check_rows(self, names: Collection[str]) -> None:
        for name in names:
            for row in self.rows[name]:
                for person in PEOPLE:
                    for kind in KINDS if {"tune_id", "comment_id"} & set(self.routes[name].arguments) else ("public",):
                        with self.subTest(f"{person}: {row.method} {name}, {kind}"):
                            self.check(self.routes[name], row, person, kind)

    def check(self, route: Route, row: Row, person: str, kind: str) -> None:
        answer = self.ask(route, row, person, kind)
        wanted = row.rule[person, kind]
        if wanted == OK:
            self.assertTrue(answer.status_code < 400 or answer.status_code in LOOKED_AT, answer.status_code)
            self.assertFalse(_is_sign_in(answer), "sent to sign-in")
        elif wanted == AWAY:
            self.assertTrue(_is_sign_in(answer), f"{answer.status_code}, not sent to sign-in")
        else:
            self.assertEqual(answer.status_code, wanted)

    def ask(self, route: Route, row: Row, person: str, kind: str) -> HttpResponse:
        client = self.client_of(person)
        cookies = deepcopy(client.cookies)
        with self.undone():
            answer = self.send(client, row, self.world.address(route, kind))
        client.cookies = cookies  # whoever signed out just now is signed in again
        return answer


class WholeMatrix(Matrix):
    @classmethod
    def setUpTestData(cls) -> None:
        with override_settings(**GENEROUS):
            cls.world = World()

    def test_it_has_a_row_for_every_route_and_a_route_for_every_row(self) -> None:
        self.assertEqual(sorted(set(self.routes) - set(self.rows)), [], "routes without a row in access_rows.py")
        self.assertEqual(sorted(set(self.rows) - set(self.routes)), [], "rows without a route")

    def test_it_answers_everybody_as_the_rows_say(self) -> None:
        self.check_rows(set(self.rows) - STREAMS)

    def test_it_writes_nowhere_by_a_method_that_has_no_row(self) -> None:
        for name, rows in self.rows.items():
            if name in ACCOUNT_PAGES:
                continue  # allauth's own, whose forms take PUT for POST
            for method in {"post", "put", "patch", "delete"} - {row.method for row in rows}:
                with self.subTest(f"{method} {name}"):
                    answer = self.ask(self.routes[name], Row(rows[0].rule, method), "owner", "public")
                    self.assertIn(answer.status_code, (404, 405))


@override_settings(**GENEROUS)
class PagesMatrixTest(WholeMatrix, TestCase):
    pass


class Programs(Matrix):
    """The API: nobody's session counts, a token does; what is sent is JSON."""

    rows, routes = API, API_ROUTES

    def client_of(self, person: str) -> Client:
        return self.world.programs[person]

    def send(self, client: Client, row: Row, where: str) -> HttpResponse:
        if row.method == "get":
            return client.get(where)
        return getattr(client, row.method)(where, row.sent, content_type="application/json")


@override_settings(**GENEROUS)
class ApiMatrixTest(Programs, WholeMatrix, TestCase):
    pass


class Streams(Matrix):
    """Streams look from threads of their own, which see only what has been committed."""

    @contextmanager
    def undone(self) -> Iterator[None]:
        yield  # a stream changes nothing, and closes the connection that a transaction would need

    def test_it_streams_to_everybody_as_the_rows_say(self) -> None:
        self.world = World()
        self.check_rows(STREAMS & set(self.rows))


@override_settings(**GENEROUS)
class PageStreamsMatrixTest(Streams, TransactionTestCase):
    pass


@override_settings(**GENEROUS)
class ApiStreamsMatrixTest(Streams, Programs, TransactionTestCase):
    pass


class AdminTest(TestCase):
    def test_it_lets_nobody_but_staff_into_any_page_of_the_admin(self) -> None:
        people = (Client(), Person("charlie"), an_account("bob"))
        found = [route for route in routes() if route.is_admin and not route.arguments]
        self.assertGreater(len(found), 10)
        for route in found:
            for person in people:
                with self.subTest(route.name):
                    answer = person.get(World.plain_address(route))
                    self.assertTrue(route.name in OPEN_IN_ADMIN or _is_sign_in(answer))


def _program(person: Person) -> Client:
    shown = {"Authorization": f"Bearer {a_token(person)}"} if person.listener.profile else {}
    return Client(headers=shown)


def _is_sign_in(answer: HttpResponse) -> bool:
    return answer.status_code == 302 and answer.url.startswith((reverse("account_login"), "/admin/login/"))

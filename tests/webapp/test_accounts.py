"""Signing up, in and out by the real forms; what a browser made comes along."""

from __future__ import annotations

from django.test import TestCase

from tests.builders import a_moderator, a_queued_tune, an_account


class BuildersTest(TestCase):
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

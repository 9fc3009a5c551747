"""The family of a tune: what grew from what, what each tweak changed, and nobody's secret in it."""

from __future__ import annotations

from django.test import TestCase, override_settings

from tests.builders import Person, a_ready_tune
from webapp.tunes.families import DEEPEST, changes, family_of
from webapp.tunes.models import Tune
from webapp.tunes.selectors import CHILDREN_SHOWN


def a_child(maker: Person, parent: Tune, **changes: object) -> Tune:
    given = {"parent": parent, "root": parent.family, "tweak": "faster", "visibility": "public"}
    return a_ready_tune(maker, **(given | changes))


@override_settings(TUNES_PER_MINUTE_VISITOR=1000, TUNES_PER_MINUTE_ADDRESS=1000)
class FamilyTest(TestCase):
    def setUp(self) -> None:
        self.alice, self.charlie = Person("alice"), Person("charlie")
        self.root = a_ready_tune(self.alice, title="Root", visibility="public")

    def test_it_remembers_the_family_of_every_tweak(self) -> None:
        self.alice.post(f"/tunes/{self.root.pk}/again/", {"tweak": "faster"})
        child = Tune.objects.get(parent=self.root)
        Tune.objects.filter(pk=child.pk).update(status="ready")
        self.alice.post(f"/tunes/{child.pk}/again/", {"tweak": "happier"})
        grandchild = Tune.objects.get(parent=child)
        self.assertEqual((child.root, grandchild.root), (self.root.pk, self.root.pk))
        self.assertEqual(family_of(grandchild, listener=self.alice.listener).count, 3)

    def test_it_draws_the_same_tree_from_every_relative(self) -> None:
        child = a_child(self.alice, self.root)
        grandchild = a_child(self.alice, child, tweak="sadder")
        for tune in (self.root, child, grandchild):
            family = family_of(tune, listener=self.charlie.listener)
            self.assertEqual(family.root.tune, self.root)
            self.assertEqual(family.root.children[0].children[0].tune, grandchild)
            self.assertEqual(family.root.children[0].children[0].tweak, "sadder")

    def test_it_hands_on_no_link_that_its_maker_has_not_published(self) -> None:
        child = a_child(self.alice, self.root, visibility="unlisted", title="Secret")
        grandchild = a_child(self.charlie, child)
        a_child(self.alice, self.root, visibility="private", title="Secret too")
        page = self.charlie.get(f"/tunes/{grandchild.pk}/family/")
        self.assertContains(page, "a tune that is not shared", count=1)
        self.assertNotContains(page, "Secret")
        self.assertNotContains(page, child.pk)
        self.assertNotContains(self.charlie.get(f"/tunes/{grandchild.pk}/"), child.pk)
        self.assertContains(self.alice.get(f"/tunes/{grandchild.pk}/family/"), "Secret too")

    def test_it_says_what_a_tweak_changed(self) -> None:
        self.root.conditions |= {"key": "D", "tempo_qpm": 100}
        child = a_child(self.alice, self.root, conditions=self.root.conditions | {"key": "G", "tempo_qpm": 120})
        child.valence = self.root.valence + 0.4
        self.assertEqual(changes(self.root, child), ["key D → G", "tempo 100 → 120", "gladder"])

    def test_a_tunes_page_names_the_latest_children_and_leads_to_the_others(self) -> None:
        for number in range(CHILDREN_SHOWN + 1):
            a_child(self.alice, self.root, title=f"Child {number:02}")
        page = self.charlie.get(f"/tunes/{self.root.pk}/")
        self.assertContains(page, f">Child {CHILDREN_SHOWN:02}<")
        self.assertNotContains(page, ">Child 00<")
        self.assertContains(page, f"/tunes/{self.root.pk}/family/")

    def test_it_survives_a_family_whose_beginning_is_gone(self) -> None:
        one, other = a_child(self.alice, self.root, title="One"), a_child(self.alice, self.root, title="Other")
        self.root.delete()
        one.refresh_from_db()
        self.assertContains(self.charlie.get(f"/tunes/{one.pk}/family/"), "Other")
        self.assertEqual(family_of(one, listener=self.charlie.listener).count, 2)
        self.assertTrue(other.root)

    def test_it_draws_a_long_line_without_falling_over(self) -> None:
        tune = self.root
        for _ in range(DEEPEST + 20):
            tune = a_child(self.alice, tune)
        self.assertEqual(self.charlie.get(f"/tunes/{self.root.pk}/family/").status_code, 200)

    def test_it_asks_few_questions_however_large_the_family(self) -> None:
        for _ in range(30):
            a_child(self.alice, self.root)
        with self.assertNumQueries(3):
            self.charlie.get(f"/tunes/{self.root.pk}/family/")

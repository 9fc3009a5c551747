"""Makes listeners and tunes. Alice composes, Bob rates, Charlie is the stranger whom every access test tries."""

from __future__ import annotations

import itertools
from functools import cache
from unittest import TestCase

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from generator import Brief, Conditions, Interpretation, interpret
from webapp.api.services import token_make
from webapp.gallery.services import entries_refresh
from webapp.talk.models import Comment
from webapp.tunes.listeners import COOKIE, Listener, cookie_value, listener_of_profile
from webapp.tunes.models import Status, Tune
from webapp.tunes.services import tune_request

ABC = """X:1
T:The Lantern at Low Tide
M:6/8
L:1/8
Q:3/8=110
K:D
"D"DFA "G"BGB | "A"ABA "D"F2D |: "D"d2f "G"gfe | "A"edc "D"d3 :|
"""
TWO_STAVES = """X:1
T:A Small Piece
M:4/4
L:1/16
Q:1/4=92
%%score { 1 | 2 }
K:C
V:1 clef=treble
V:2 clef=bass
[V:1] [CEG]4z4 c4e4 | d4c4 B4[Gc]4- | [Gc]4z4 ^f8 | [ceg]16 |
[V:2] C,4E,4 G,4C4 | G,,8 G,8 | C,,16- | C,,16 |
[V:1] e'16 | c4B4 A4G4 | F8 D8 | [CEG]16 |]
[V:2] C,,,16 | A,,4E,4 A,4E,4 | D,,8 G,,8 | [C,,C,]16 |]
"""
MIDI = b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x01\xe0MTrk\x00\x00\x00\x04\x00\xff\x2f\x00"
PASSWORD = "low tide, slow lantern"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_counter = itertools.count()


class Person(Client):
    """A browser with its own cookie, and so a listener of its own."""

    def __init__(self, name: str, address: str = "127.0.0.1", **options: object) -> None:
        super().__init__(REMOTE_ADDR=address, **options)
        self.listener = Listener(key=f"{name}-{next(_counter)}", address=f"address-of-{address}", known=True)
        self.cookies[COOKIE] = cookie_value(self.listener)


def an_account(name: str = "alice", *, password: str = PASSWORD, verified: bool = True, **options: object) -> Person:
    """A browser whose person is signed in; `options` are the user's own columns. Its listener is the account's."""
    person = Person(name)
    number = next(_counter)
    columns = {"username": f"{name}-{number}", "email": f"{name}-{number}@example.org", "first_name": name.capitalize()}
    person.user = User.objects.create(password=_hashed(password), **(columns | options))
    EmailAddress.objects.create(user=person.user, email=person.user.email, verified=verified, primary=True)
    person.profile = person.user.profile
    person.listener = listener_of_profile(person.profile, person.listener.address)
    person.force_login(person.user, backend=BACKEND)
    return person


def a_moderator(name: str = "dana") -> Person:
    """One of the staff, who may do everything in the admin."""
    return an_account(name, is_staff=True, is_superuser=True)


def a_token(person: Person, scopes: str = "read write", **options: object) -> str:
    """What a program of theirs shows, as in headers={"Authorization": f"Bearer {…}"}."""
    return token_make(profile=person.profile, name=f"program {next(_counter)}", scopes=scopes, **options)[1]


def a_brief(prompt: str = "hopeful and full of wonder", **changes: object) -> tuple[Brief, Interpretation]:
    brief = Brief(**{"prompt": prompt, "seed": 7, **changes})
    return brief, interpret(brief.prompt, asked=brief.conditions, seed=brief.seed)


def a_queued_tune(maker: Person, prompt: str = "hopeful and full of wonder", **changes: object) -> Tune:
    """Asked for the way a page asks; outside captureOnCommitCallbacks of a TestCase no job is sent."""
    brief, interpretation = a_brief(prompt)
    tune = tune_request(brief=brief, interpretation=interpretation, listener=maker.listener)
    return _changed(tune, changes)


def a_ready_tune(maker: Person, **changes: object) -> Tune:
    piece = {"status": Status.READY, "abc": ABC, "title": "The Lantern at Low Tide", "attempt": 1, "seconds": 1.0}
    return a_queued_tune(maker, **(piece | {"finished": timezone.now()} | changes))


def a_gallery_tune(maker: Person, **changes: object) -> Tune:
    shown = {"visibility": Tune.Visibility.PUBLIC, "published": timezone.now()}
    tune = a_ready_tune(maker, **(shown | changes))
    entries_refresh(tunes=[tune.pk])
    return tune


def a_keyboard_piece(maker: Person, **changes: object) -> Tune:
    """One that was MIDI first: two staves, chords, and notes far outside the range of tunes."""
    free = {"conditions": Conditions(key="C", mode="major", meter="4/4", tempo_qpm=92).as_dict(), "keywords": []}
    piece = {"abc": TWO_STAVES, "midi": MIDI, "title": "A Small Piece"}
    return a_gallery_tune(maker, **(piece | free | changes))


def a_comment(author: Person, tune: Tune, text: str = "Lovely.", **changes: object) -> Comment:
    return Comment.objects.create(tune=tune, author=author.profile, **({"text": text} | changes))


def assert_plain_words(case: TestCase, message: str) -> None:
    """A sentence for people: no type names, no braces of a program."""
    case.assertRegex(message, r"^\S.{3,}$")
    for jargon in ("Traceback", "Error:", "None", "{", "<class"):
        case.assertNotIn(jargon, message)


@cache
def _hashed(password: str) -> str:
    """Hashing is slow on purpose; once is enough for a whole suite."""
    return make_password(password)


def _changed(tune: Tune, changes: dict) -> Tune:
    for name, value in changes.items():
        setattr(tune, name, value)
    if changes:
        tune.save()  # whole: of a tune that a worker has already taken, this would undo the claim
    return tune

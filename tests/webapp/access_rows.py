"""The matrix of access: for every route and method, who gets what. A route without a row fails test_access_matrix.py.

A rule gives, for each person and each kind of tune, the status that is right. `OK` is any answer below 400, and 400,
409 or 422 too: the person was let in, and what they sent was looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, field

PEOPLE = ("stranger", "signed_in", "owner", "moderator")
KINDS = ("draft", "private", "unlisted", "public", "hidden", "deleted")
OK, AWAY, NO, GONE, WHO = "ok", "to sign-in", 403, 404, 401
OWN_ALONE = ("draft", "private")

Rule = dict[tuple[str, str], object]


def rule(**cells: object) -> Rule:
    """`everybody=OK` or `owner=OK`, the same for each kind of tune."""
    everybody = cells.get("everybody")
    return {(person, kind): cells.get(person, everybody) for person in PEOPLE for kind in KINDS}


def changed(base: Rule, kinds: tuple[str, ...] = KINDS, **cells: object) -> Rule:
    return base | {(person, kind): status for person, status in cells.items() for kind in kinds}


ANYBODY = rule(everybody=OK)
_SEE = changed(ANYBODY, OWN_ALONE, stranger=GONE, signed_in=GONE, moderator=GONE)
_SEE = changed(_SEE, ("hidden",), stranger=GONE, signed_in=GONE)
SEE = changed(_SEE, ("deleted",), **dict.fromkeys(PEOPLE, GONE))
CHANGE = changed(SEE, ("unlisted", "public"), stranger=NO, signed_in=NO, moderator=NO)
CHANGE = changed(CHANGE, ("hidden",), moderator=NO)
NOT_ONES_OWN = changed(SEE, ("unlisted", "public", "hidden", *OWN_ALONE), owner=NO)
# Nobody talks about a tune that its maker alone can see.
LISTEN = changed(SEE, OWN_ALONE, owner=GONE)
TALK = changed(LISTEN, ("unlisted", "public"), stranger=NO)
NOT_ONES_OWN_WORDS = changed(LISTEN, ("unlisted", "public", "hidden"), owner=NO)
OWN_WORDS = rule(everybody=GONE, owner=OK)
UNDO = changed(rule(everybody=GONE), ("deleted",), owner=OK)
ACCOUNT = rule(everybody=OK, stranger=AWAY)
TOKEN = rule(everybody=OK, stranger=WHO)
NOBODY = rule(everybody=GONE)
STAFF = rule(everybody=AWAY, moderator=OK)
HALFWAY = ACCOUNT  # for whoever is halfway through signing in; who is through is sent on
UNUSED = rule(everybody=GONE, stranger=AWAY)  # of a second factor, or a token, that nobody here has


@dataclass(frozen=True)
class Row:
    rule: Rule
    method: str = "get"
    sent: dict = field(default_factory=dict)


ACCOUNT_PAGES: dict[str, tuple[Row, ...]] = {
    "account_login": (Row(ANYBODY), Row(ANYBODY, "post", {"login": "a@example.org", "password": "wrong"})),
    "account_logout": (Row(ANYBODY), Row(ANYBODY, "post")),
    "account_inactive": (Row(ANYBODY),),
    "account_signup": (Row(ANYBODY), Row(ANYBODY, "post", {"email": "no address"})),
    "account_reauthenticate": (Row(ACCOUNT), Row(ACCOUNT, "post", {"password": "wrong"})),
    "account_email": (Row(ACCOUNT), Row(ACCOUNT, "post", {"email": "no address"})),
    "account_email_verification_sent": (Row(ANYBODY),),
    "account_change_password": (Row(ACCOUNT), Row(ACCOUNT, "post", {"oldpassword": "wrong"})),
    "account_set_password": (Row(ACCOUNT), Row(ACCOUNT, "post")),
    "account_reset_password": (Row(ANYBODY), Row(ANYBODY, "post", {"email": "no address"})),
    "account_reset_password_done": (Row(ANYBODY),),
    "account_reset_password_from_key": (Row(ANYBODY), Row(ANYBODY, "post")),
    "account_reset_password_from_key_done": (Row(ANYBODY),),
    "account_confirm_login_code": (Row(HALFWAY), Row(HALFWAY, "post")),
    "account_confirm_email": (Row(ANYBODY), Row(NOBODY, "post")),
    "mfa_index": (Row(ACCOUNT),),
    "mfa_authenticate": (Row(HALFWAY), Row(HALFWAY, "post")),
    "mfa_reauthenticate": (Row(ACCOUNT), Row(ACCOUNT, "post")),
    "mfa_activate_totp": (Row(ACCOUNT), Row(ACCOUNT, "post")),
    "mfa_deactivate_totp": (Row(UNUSED), Row(UNUSED, "post")),
    "mfa_view_recovery_codes": (Row(UNUSED),),
    "mfa_generate_recovery_codes": (Row(ACCOUNT), Row(ACCOUNT, "post")),
    "mfa_download_recovery_codes": (Row(UNUSED),),
    "usersessions_list": (Row(ACCOUNT), Row(ACCOUNT, "post")),
}
PAGES: dict[str, tuple[Row, ...]] = ACCOUNT_PAGES | {
    "home": (Row(ANYBODY), Row(ANYBODY, "post", {"prompt": "hopeful"})),
    "interpret-preview": (Row(ANYBODY, "post", {"prompt": "hopeful"}),),
    "speak": (Row(ANYBODY, "post", {"wav": "no recording"}),),
    "own": (Row(ANYBODY), Row(ANYBODY, "post", {"abc": "X:1\nK:D\nDFA|", "task": "chords"})),
    "own-look": (Row(ANYBODY, "post", {"abc": "X:1\nK:D\nDFA|"}),),
    "composers": (Row(ANYBODY),),
    "about": (Row(ANYBODY),),
    "worker-status": (Row(ANYBODY),),
    "healthz": (Row(ANYBODY),),
    "gallery": (Row(ANYBODY),),
    "my-tunes": (Row(ANYBODY),),
    "duels": (Row(ANYBODY), Row(ANYBODY, "post")),
    "duels-ranking": (Row(ANYBODY),),
    "duel": (Row(NOBODY),),
    "duel-status": (Row(NOBODY),),
    "duel-choose": (Row(NOBODY, "post", {"skip": "1"}),),
    "riddles": (Row(ANYBODY), Row(ANYBODY, "post")),
    "riddles-waiting": (Row(ANYBODY),),
    "riddles-status": (Row(ANYBODY),),
    "riddle": (Row(NOBODY),),
    "riddle-guess": (Row(NOBODY, "post", {"said": "human"}),),
    "maker": (Row(ANYBODY),),
    "settings": (Row(ACCOUNT), Row(ACCOUNT, "post", {"name": "", "about": "", "starts_as": "public"})),
    "session-end": (Row(UNUSED, "post"),),
    "export": (Row(ANYBODY),),
    "leave": (Row(ACCOUNT), Row(ACCOUNT, "post", {"tunes": "keep"})),
    "goodbye": (Row(ANYBODY),),
    "developers": (Row(ANYBODY),),
    "dump": (Row(NOBODY),),
    "tokens": (Row(ACCOUNT), Row(ACCOUNT, "post", {"name": "diary", "scopes": "read"})),
    "token-revoke": (Row(UNUSED, "post"),),
    "tune-page": (Row(SEE),),
    "tune-events": (Row(SEE),),
    "tune-print": (Row(SEE),),
    "tune-abc": (Row(SEE),),
    "tune-midi": (Row(SEE),),
    "tune-family": (Row(SEE),),
    "tune-cancel": (Row(CHANGE, "post"),),
    "tune-again": (Row(SEE, "post", {"tweak": "faster"}),),
    "tune-rework": (Row(SEE, "post", {"task": "vary", "strength": "0.5"}),),
    "tune-on-chords": (Row(NOBODY, "post"),),  # none of these tunes is chords alone
    "tune-rate": (Row(SEE, "post", {"stars": "4"}),),
    "tune-show": (Row(CHANGE, "post", {"visibility": "unlisted"}),),
    "tune-describe": (Row(CHANGE, "post", {"title": "New name"}),),
    "tune-delete": (Row(CHANGE, "post"),),
    "tune-undelete": (Row(UNDO, "post"),),
    "rendition": (Row(SEE), Row(SEE, "post")),
    "rendition-cancel": (Row(CHANGE, "post"),),
    "rendition-wav": (Row(NOBODY),),
    "tune-favourite": (Row(SEE, "post", {"favourite": "yes"}),),
    "favourites": (Row(ANYBODY),),
    "following": (Row(ANYBODY),),
    "notices": (Row(ANYBODY),),
    "maker-follow": (Row(rule(everybody=OK, owner=NO), "post", {"follow": "yes"}),),
    "comment-write": (Row(TALK, "post", {"text": "Lovely."}),),
    "comment": (Row(LISTEN),),
    "comment-edit": (Row(OWN_WORDS), Row(OWN_WORDS, "post", {"text": "Lovelier."})),
    "comment-delete": (Row(OWN_WORDS, "post"),),
    "tune-report": (Row(SEE), Row(NOT_ONES_OWN, "post", {"reason": "spam"})),
    "comment-report": (Row(LISTEN), Row(NOT_ONES_OWN_WORDS, "post", {"reason": "spam"})),
}

# To write, a program must show a token before anything else is looked at; what the contract leaves open needs none.
WRITES = changed(CHANGE, stranger=WHO)
SEEN_AND_SENT = changed(SEE, stranger=WHO)
OWN_WORDS_SENT = changed(OWN_WORDS, stranger=WHO)
MINE = rule(everybody=OK, stranger=WHO)

API: dict[str, tuple[Row, ...]] = {
    "api-tunes": (Row(ANYBODY), Row(ANYBODY, "post", {"prompt": "hopeful"})),
    "api-tune": (
        Row(SEE),
        Row(WRITES, "patch", {"title": "New name"}),
        Row(WRITES, "delete"),
    ),
    "api-tune-abc": (Row(SEE),),
    "api-tune-midi": (Row(SEE),),
    "api-tune-events": (Row(SEE),),
    "api-tune-cancel": (Row(CHANGE, "post"),),
    "api-tune-undelete": (Row(changed(UNDO, stranger=WHO), "post"),),
    "api-tune-again": (Row(SEEN_AND_SENT, "post", {"tweak": "faster"}),),
    "api-tune-rework": (Row(SEEN_AND_SENT, "post", {"task": "vary"}),),
    "api-tune-family": (Row(SEE),),
    "api-tune-rating": (Row(SEEN_AND_SENT, "put", {"stars": 4}), Row(SEEN_AND_SENT, "delete")),
    "api-tune-favourite": (Row(SEEN_AND_SENT, "put"), Row(SEEN_AND_SENT, "delete")),
    "api-tune-comments": (Row(LISTEN), Row(changed(LISTEN, stranger=WHO), "post", {"text": "Lovely."})),
    "api-comment": (Row(LISTEN), Row(OWN_WORDS_SENT, "patch", {"text": "Lovelier."}), Row(OWN_WORDS_SENT, "delete")),
    "api-reports": (Row(MINE, "post", {"reason": "spam"}),),
    "api-me": (Row(MINE), Row(MINE, "patch", {"about": "I play the whistle."})),
    "api-my-favourites": (Row(MINE),),
    "api-my-follows": (Row(MINE),),
    "api-my-notices": (Row(MINE),),
    "api-my-notices-read": (Row(MINE, "post"),),
    "api-maker-follow": (Row(changed(MINE, owner=NO), "put"), Row(MINE, "delete")),
    "api-my-tunes": (Row(MINE),),
    "api-maker": (Row(ANYBODY),),
    "api-duels": (Row(MINE, "post"),),
    "api-duels-ranking": (Row(ANYBODY),),
    "api-duel": (Row(NOBODY),),
    "api-duel-vote": (Row(changed(NOBODY, stranger=WHO), "post", {"skip": True}),),
    "api-riddles": (Row(MINE, "post"),),
    "api-riddle": (Row(NOBODY),),
    "api-riddle-guess": (Row(changed(NOBODY, stranger=WHO), "post", {"said": "human"}),),
    "api-dumps": (Row(ANYBODY),),
    "api-interpret": (Row(ANYBODY, "post", {"prompt": "hopeful"}),),
    "api-hear": (Row(ANYBODY, "post", {"wav": "no recording"}),),
    "api-harmonise": (Row(ANYBODY, "post", {"abc": "X:1\nK:D\nDFA|"}),),
    "api-composers": (Row(ANYBODY),),
    "api-schema": (Row(ANYBODY),),
    "api/": (Row(NOBODY), Row(NOBODY, "post")),
}
